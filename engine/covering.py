"""Who stands in for whom, and who is away: dated values of the directory."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from engine.model import Model
from engine.personal import Personal
from engine.schools import Key

#: What the trust calls it; never why somebody is ill.
AbsenceKind = Literal["planned", "unplanned", "long-term", "leave"]


class Dated(Model):
    """Something in force from one day to another. In a file and on paper the dates are `from` and `to`."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    since: Annotated[date, Field(alias="from")]
    until: Annotated[date | None, Field(alias="to")] = None
    """The last day in force; None while it goes on."""

    def in_force(self, on: date) -> bool:
        """Whether it holds on that day."""
        return self.since <= on and (self.until is None or on <= self.until)

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        # A day before the first is how what never came into force is ended.
        if self.until is not None and (self.since - self.until).days > 1:
            raise ValueError(f"it would end on {self.until}, before it begins on {self.since}")
        return self


class Cover(Dated):
    """Deputies who may do for a person, or for whoever holds a role at a school, what is asked of them."""

    id: str
    person: str | None = None
    """Whom they stand in for; else for the role."""
    role: Key | None = None
    school: Key | None = None
    """Where the role is held; None for a role of the whole trust."""
    deputies: Annotated[tuple[str, ...], Field(min_length=1)]
    together: bool = False
    """Whether all of them may act; else the first who is at work."""
    processes: tuple[Key, ...] = ()
    """Only in these processes; in all when empty."""
    reason: Annotated[str, Personal(of="person")] = ""

    @model_validator(mode="after")
    def _of_somebody(self) -> Self:
        if (self.person is None) == (self.role is None):
            raise ValueError(f"{self.id}: cover is for a person, or for a role")
        if len(set(self.deputies)) < len(self.deputies):
            raise ValueError(f"{self.id}: a deputy is named twice")
        return self


class Absence(Dated):
    """A person is away. `until` is known once it has ended."""

    id: str
    person: str
    kind: AbsenceKind = "planned"
    expected: date | None = None
    """The last day, as it is expected."""
    hand_back: bool = True
    """Whether what is still open is theirs again when they are back."""
