"""A trust and its schools: what the public register calls them, when each joined, their classes and subjects."""

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from engine.default_ladder import Ladder
from engine.gias import Coded
from engine.model import Model
from engine.year_groups import YearGroup

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Urn = Annotated[str, Field(pattern=r"^\d{6}$")]
Ukprn = Annotated[str, Field(pattern=r"^\d{8}$")]


class Spell(Model):
    """What holds from a day to a day, both included. In a file the dates are `from` and `to`."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    def covers(self, on: date) -> bool:
        """Whether the day is within it."""
        since: date | None = getattr(self, "since", None)
        until: date | None = getattr(self, "until", None)
        return (since is None or since <= on) and (until is None or on <= until)


class Trust(Model):
    key: Key
    name: str
    group_uid: Annotated[str | None, Field(pattern=r"^\d{3,6}$")] = None
    """What the daily CSV of the public register has as the trust of each school."""
    group_id: Annotated[str | None, Field(pattern=r"^TR\d{5}$")] = None
    """Another number of the same register: not interchangeable."""
    ukprn: Ukprn | None = None
    companies_house: Annotated[str | None, Field(pattern=r"^[A-Z0-9]{8}$")] = None
    ladder: Ladder | None = None
    """When people are reminded and who is told of late tasks, where a definition does not say."""


class School(Model):
    key: Key
    """What definitions and commands call it: `brook-lane`."""
    name: str
    urn: Urn
    kind: Literal["infant", "junior", "primary"] = "primary"
    year_groups: tuple[YearGroup, ...] = ("R", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6")
    laestab: Annotated[str | None, Field(pattern=r"^\d{3}/\d{4}$")] = None
    """Local authority and establishment number: `855/2001`."""
    ukprn: Ukprn | None = None
    type: Coded | None = None
    phase: Coded | None = None
    status: Coded | None = None
    low_age: Annotated[int | None, Field(ge=0, le=99)] = None
    high_age: Annotated[int | None, Field(ge=0, le=99)] = None
    pupils: Annotated[int | None, Field(ge=0)] = None
    """On roll, at the last census."""
    opened: date | None = None
    closed: date | None = None
    predecessor: Urn | None = None
    """The number it had before it converted: a school that becomes an academy gets a new one."""


class Membership(Spell):
    """A school in the trust, for a time. A school that has none was and is always in it."""

    school: Key
    since: Annotated[date | None, Field(alias="from")] = None
    """The first day; None when it was in the trust from the beginning."""
    until: Annotated[date | None, Field(alias="to")] = None
    """The last day; None while it stays."""

    @property
    def scope(self) -> tuple[str | None, ...]:
        """What it is, whenever it is."""
        return (self.school,)


class SchoolClass(Spell):
    """A class of a school, for a time: one year group, or several."""

    school: Key
    name: Annotated[str, Field(min_length=1, max_length=40)]
    """What the school calls it, such as 6A or Kingfishers; posts name it."""
    year_groups: Annotated[tuple[YearGroup, ...], Field(min_length=1)]
    since: Annotated[date | None, Field(alias="from")] = None
    until: Annotated[date | None, Field(alias="to")] = None

    @property
    def scope(self) -> tuple[str | None, ...]:
        """What it is, whenever it is."""
        return (self.school, self.name)


class OwnSubject(Model):
    """A subject that the trust has besides those of the national curriculum."""

    key: Key
    name: str
