"""Who works where: a trust, its schools, its people and the posts they hold."""

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from engine.model import Model
from engine.year_groups import YearGroup

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]


class Trust(Model):
    key: Key
    name: str


class School(Model):
    key: Key
    """What definitions and commands call it: `brook-lane`."""
    name: str
    urn: Annotated[str, Field(pattern=r"^\d{6}$")]
    kind: Literal["infant", "junior", "primary"] = "primary"
    year_groups: tuple[YearGroup, ...] = ("R", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6")


class Post(Model):
    """A role somebody holds for a time, in a scope. In a file the dates are `from` and `to`."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

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

    def in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


class Person(Model):
    id: Annotated[str, Field(pattern=r"^p-\d{4,}$")]
    """Opaque, and for ever: all that workflow ids and logs may say of a person."""
    name: str
    email: str
    line_manager: str | None = None
    posts: tuple[Post, ...] = ()


class Assignment(Model):
    """A post and who holds it."""

    person: str
    post: Post
