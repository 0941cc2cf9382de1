"""How a message leaves us: the letter, the port that carries it, and what can go wrong on the way.

Which channel carries what is settled in `workers/channels.py`; a new one is a file here and a line there.
"""

from datetime import timedelta
from typing import Annotated, Literal, Protocol
from uuid import UUID

from pydantic import AfterValidator, Field

from engine.errors import TermwiseError
from engine.model import Model


def one_line(text: str) -> str:
    """The text without line breaks, control characters and doubled spaces: fit for a header."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


Line = Annotated[str, AfterValidator(one_line)]
"""Text on one line, whatever was given: a newline in a name can never begin a header of its own."""

Carries = Literal["personal", "opaque"]
"""What a channel may be given: the whole letter, or its bulletin alone."""

#: The recipient of what goes to a place instead of a person: a chat, or the program behind a webhook.
TRUST = "trust"


class Bulletin(Model):
    """What anybody may know of a letter: ids, the stage and counts. No name, no title, no word that was typed."""

    instance: str
    root: str
    process: str | None = None
    task: str | None = None
    stage: str | None = None
    """As the definition names it."""
    days: int | None = None
    """School days: those until it is due, or those that it is late."""
    people: int | None = None
    """How many it is asked of."""
    late: bool = False


class Letter(Model):
    """A message as it goes to one person. What is personal in it does not show in its repr."""

    message_id: UUID
    """The same at every try, so that whoever receives it twice can know that it is one."""
    thread: UUID
    """The same for all letters of a cycle."""
    kind: str
    recipient: str
    """The person's opaque id, all that a log may say; `trust` where it goes to no one person."""
    name: Annotated[Line, Field(repr=False)] = ""
    email: Annotated[str, Field(repr=False)] = ""
    """As the directory has it, unchecked."""
    subject: Line = ""
    """Nothing personal: it shows on locked screens."""
    text: Annotated[str, Field(repr=False)] = ""
    html: Annotated[str, Field(repr=False)] = ""
    bulletin: Bulletin | None = None
    """None: there is nothing that anybody may know, beyond the ids above."""

    def without_words(self) -> "Letter":
        """The ids and the bulletin: all that an opaque channel is ever given."""
        return Letter(
            message_id=self.message_id,
            thread=self.thread,
            kind=self.kind,
            recipient=self.recipient,
            bulletin=self.bulletin,
        )


class DeliveryError(TermwiseError):
    """A letter that did not go. The sentence has nothing personal in it: it goes into logs."""

    def __init__(
        self,
        why: str,
        *,
        permanent: bool,
        away: bool = False,
        after: timedelta | None = None,
        address: str | None = None,
    ) -> None:
        self.permanent = permanent
        """Whether the same letter would be refused again."""
        self.away = away
        """Whether nothing at all goes by this channel now: no other letter need be tried."""
        self.after = after
        """How long the other side asks us to wait, where it said so."""
        self.address = address
        """The code with which the recipient's address was refused for good: nothing else will reach it either."""
        super().__init__(why)


class Channel(Protocol):
    """A way to reach people, or a place where many look."""

    @property
    def name(self) -> str:
        """What the outbox remembers a letter to have gone by."""
        ...

    @property
    def carries(self) -> Carries:
        """What it may be given. `hand_over` sees to it."""
        ...

    async def deliver(self, message: Letter) -> None:
        """Return when somebody else has taken charge of the letter. Raises DeliveryError.

        Called again after a crash or a doubtful failure, with the same `message_id`.
        """
        ...


async def hand_over(channel: Channel, letter: Letter) -> None:
    """Deliver what the channel may carry: the one place where that is decided. Raises DeliveryError."""
    whole = channel.carries == "personal"
    await channel.deliver(letter if whole else letter.without_words())
