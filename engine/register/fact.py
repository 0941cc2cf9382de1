"""The base of every fact of the register."""

from typing import Annotated

from engine.fact import Fact
from engine.personal import Personal

#: The name of its stream, and the id of the workflow that keeps it.
REGISTER = "register"


class RegisterFact(Fact):
    """What changed in the register. Of the trust, not of any instance: no instance ever folds it."""

    reason: Annotated[str | None, Personal(of="person")] = None
    """Why, in the words of whoever changed it."""
