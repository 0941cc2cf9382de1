"""How a message leaves us: the letter, the port that carries it, and what can go wrong on the way.

Which channel carries what is settled in `workers/channels.py`; a new one is a file here and a line there.
"""

from typing import Annotated, Protocol
from uuid import UUID

from pydantic import AfterValidator, Field

from engine.errors import TermwiseError
from engine.model import Model


def one_line(text: str) -> str:
    """The text without line breaks, control characters and doubled spaces: fit for a header."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


Line = Annotated[str, AfterValidator(one_line)]
"""Text on one line, whatever was given: a newline in a name can never begin a header of its own."""


class Letter(Model):
    """A message as it goes to one person. What is personal in it does not show in its repr."""

    message_id: UUID
    """The same at every try, so that whoever receives it twice can know that it is one."""
    thread: UUID
    """The same for all letters of a cycle."""
    kind: str
    recipient: str
    """The person's opaque id, all that a log may say."""
    name: Annotated[Line, Field(repr=False)]
    email: Annotated[str, Field(repr=False)]
    """As the directory has it, unchecked."""
    subject: Line
    """Nothing personal: it shows on locked screens."""
    text: Annotated[str, Field(repr=False)]
    html: Annotated[str, Field(repr=False)]


class DeliveryError(TermwiseError):
    """A letter that did not go. The sentence has nothing personal in it: it goes into logs."""

    def __init__(self, why: str, *, permanent: bool) -> None:
        self.permanent = permanent
        """Whether the same letter would be refused again."""
        super().__init__(why)


class Channel(Protocol):
    """A way to reach people."""

    @property
    def name(self) -> str:
        """What the outbox remembers a letter to have gone by."""
        ...

    async def deliver(self, message: Letter) -> None:
        """Return when somebody else has taken charge of the letter. Raises DeliveryError.

        Called again after a crash or a doubtful failure, with the same `message_id`.
        """
        ...
