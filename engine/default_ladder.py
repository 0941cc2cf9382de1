"""Whom a late task goes to when its definition does not say, and when people are reminded: the one place for it.

A definition may have a ladder of its own (`ladder:` in its header), and so may a trust.
"""

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from engine.model import Model

#: For editors: the keys of an escalation ladder are school days.
DAYS = Field(json_schema_extra={"propertyNames": {"pattern": "^([1-9]|[1-5][0-9]|60)$"}})
Days = Annotated[int, Field(ge=1, le=60)]
Reminders = tuple[Annotated[int, Field(ge=0, le=60)], ...]

_RUNG = re.compile(r"(?P<role>[a-z][a-z-]*)(?P<at> at school)?")
Rung = Annotated[
    str, StringConstraints(pattern=f"^{_RUNG.pattern.replace('?P<role>', '').replace('?P<at>', '')}$")
]
"""`line-manager`, `ceo`, or `headteacher at school`: of the school whose work it is."""

NOBODY = "none"


def nobody(value: object) -> object:
    """`none`, as people write it, is a ladder without rungs."""
    return {} if value == NOBODY else value


Rungs = Annotated[
    dict[Days, Rung], BeforeValidator(nobody, json_schema_input_type=dict[Days, Rung] | Literal["none"])
]


class Ladder(Model):
    """What is done around a deadline when a task does not say."""

    remind: Reminders | None = None
    """School days before the deadline; 10, 3 and 0 when left out."""
    escalate: Annotated[Rungs | None, DAYS] = None
    """School days after it, and who is told then; `none`: nobody."""


#: What holds where neither the task, nor the definition, nor the trust says otherwise.
REMIND = (10, 3, 0)
ESCALATE = {2: "line-manager", 5: "headteacher at school", 10: "school-improvement-officer", 15: "ceo"}


def role_of(rung: str) -> tuple[str, bool] | None:
    """The role a rung names, and whether at the school whose work it is; none for a phrase of another kind."""
    found = _RUNG.fullmatch(rung)
    return (found["role"], bool(found["at"])) if found else None
