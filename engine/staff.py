"""Who works where: people, their contracts, the posts they hold, and whom they answer to."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from engine.model import Model
from engine.personal import Personal
from engine.schools import Key, Spell
from engine.year_groups import PHASES, Phase, YearGroup

#: The address of whoever was erased: no two are the same, and no letter ever arrives.
ERASED_ADDRESS = "{}@erased.invalid"
#: What of a person reads otherwise than `erased` once it is.
ERASED_FIELDS: dict[str, JsonValue] = {
    "email": ERASED_ADDRESS,
    "trn": None,
    "employer_reference": None,
    "line_manager": None,
}
PersonId = Annotated[str, Field(pattern=r"^p-\d{4,}$")]


class Post(Spell):
    """A role somebody holds for a time, in a scope. In a file the dates are `from` and `to`."""

    role: Key
    school: Key | None = None
    """None for a role of the whole trust: `ceo`, `school-improvement-officer`."""
    year_group: YearGroup | None = None
    subject: Key | None = None
    since: Annotated[date, Field(alias="from")]
    until: Annotated[date | None, Field(alias="to")] = None
    """The last day in force; None while it goes on."""
    line_manager: str | None = None
    """For this post only, where it is not the person's usual one."""
    phase: Phase | None = None
    """Stands for all year groups of it."""
    class_: Annotated[str | None, Field(alias="class")] = None
    """A class of the school; stands for its year groups."""
    acting: bool = False
    """Held for somebody, or until somebody is found."""

    def in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)

    @property
    def year_groups(self) -> tuple[YearGroup, ...]:
        """Those it names, or its phase does; those of a class are the directory's to know."""
        if self.year_group:
            return (self.year_group,)
        return PHASES[self.phase] if self.phase else ()

    @property
    def scope(self) -> tuple[str | None, ...]:
        """What the post is, whenever it is held."""
        return (self.role, self.school, self.phase, self.year_group, self.class_, self.subject)


class Contract(Spell):
    """An employment, for a time."""

    school: Key | None = None
    """None for one with the trust itself."""
    since: Annotated[date, Field(alias="from")]
    until: Annotated[date | None, Field(alias="to")] = None
    fte: Annotated[float, Field(gt=0, le=1)] = 1.0
    """The part of full time: 0.6 for three days a week."""
    type: Literal["permanent", "fixed-term", "temporary", "casual"] = "permanent"

    @property
    def scope(self) -> tuple[str | None, ...]:
        """What the contract is with."""
        return (self.school,)


class Managed(Spell):
    """Whom somebody answers to, for a time. It comes before the line manager that is said without dates."""

    manager: str | None = None
    """None for nobody."""
    since: Annotated[date, Field(alias="from")]
    until: Annotated[date | None, Field(alias="to")] = None

    @property
    def scope(self) -> tuple[str | None, ...]:
        """One person has one at a time."""
        return (self.manager,)


class Person(Model):
    id: PersonId
    """Opaque, and for ever: all that workflow ids and logs may say of a person."""
    name: Annotated[str, Personal(of="id")]
    email: Annotated[str, Personal(of="id", erased=ERASED_ADDRESS)]
    line_manager: str | None = None
    """On every day for which nothing else is said."""
    posts: tuple[Post, ...] = ()
    trn: Annotated[str | None, Field(pattern=r"^\d{7}$"), Personal(of="id", erased=None)] = None
    """Teacher reference number, seven digits."""
    employer_reference: Annotated[str | None, Personal(of="id", erased=None)] = None
    """What payroll calls the person."""
    contracts: tuple[Contract, ...] = ()
    managed: tuple[Managed, ...] = ()


class Assignment(Model):
    """A post and who holds it."""

    person: str
    post: Post
