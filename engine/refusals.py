"""Commands that were refused, as they are kept: who, what, why, and nothing personal beyond opaque ids."""

import re
from datetime import datetime
from uuid import UUID

from engine.commands import Order
from engine.fact import TERMWISE
from engine.model import Model
from engine.signing import Signature

#: Whatever else a stranger writes where an id belongs is not kept: it might be anything.
_PERSON = re.compile(r"p-\d{4,12}")
_TASK = re.compile(r"[a-z2-7]{12}")
_LONGEST_INSTANCE = 200

#: Why, for people: by the code of the refusal.
WHY = {
    "no-signature": "the command was not signed",
    "bad-signature": "the signature was not of this command",
    "stale-signature": "the signature was too old, or from the future",
    "unknown-key": "nobody has enrolled the key",
    "revoked-key": "the key was revoked, or not good yet",
    "other-persons-key": "the key may not speak for this person",
    "unsealed": "it is for servers to say, and no server said it",
    "not-allowed": "the person may not do this",
    "unknown-name": "it named something that does not exist",
    "invalid-input": "what was filled in does not fit",
    "refused": "the rules did not allow it then",
    "flood": "there were too many to write down one by one",
}


class Refusal(Model):
    """One refusal, or several of the same."""

    at: datetime
    code: str
    person: str | None = None
    """Who the command says it is from."""
    key: str | None = None
    instance: str | None = None
    kind: str | None = None
    command: UUID | None = None
    about: str | None = None
    """The task, where it was about one."""

    @property
    def why(self) -> str:
        """In words."""
        return WHY.get(self.code, "it was refused")


def refusal_of(
    command: Order, signature: Signature | None, *, instance: str, code: str, at: datetime
) -> Refusal:
    """What is kept of a command that was refused."""
    task = getattr(command, "task", None)
    known = command.by == TERMWISE or bool(_PERSON.fullmatch(command.by))
    return Refusal(
        at=at,
        code=code,
        person=command.by if known else None,
        key=signature.key if signature else None,
        instance=instance[:_LONGEST_INSTANCE],
        kind=type(command).model_fields["kind"].default,
        command=command.id,
        about=task if isinstance(task, str) and _TASK.fullmatch(task) else None,
    )
