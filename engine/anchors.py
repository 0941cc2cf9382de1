"""The day a due rule counts from: what a name in it stands for, at one school."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from engine.calendar import Calendar
from engine.dates import say_day
from engine.due_rules import DueRule
from engine.errors import InvalidInputError, UnknownNameError

Anchors = Mapping[str, date | str] | Callable[[str], date | str]
"""What names stand for: a day (a date, an aware instant, or either as ISO text) or the name of a half term.
A callable refuses a name it does not know."""


class Anchor(NamedTuple):
    """A day, and what it is called: `session`, `the last day of 2026-27 summer 1`."""

    day: date
    called: str

    def said(self) -> str:
        """`Wed 26 May 2027 (session)`."""
        return f"{say_day(self.day)} ({self.called})" if self.called else say_day(self.day)


def anchor_of(rule: DueRule, anchors: Anchors, calendar: Calendar, school: str | None) -> Anchor:
    """The day a rule counts from. Refused when a name is unknown or stands for the wrong thing."""
    if rule.name is None:
        return Anchor(rule.day or date.min, "")
    value = _look_up(rule.name, anchors)
    if rule.edge is None:
        return Anchor(_day(rule.name, value, calendar), rule.name)
    if not isinstance(value, str):
        raise InvalidInputError([f"{rule.name} is {value}; a half term such as '2026-27 summer 1' is needed"])
    of_school = calendar.first_day if rule.edge == "first" else calendar.last_day
    return Anchor(of_school(value, school), f"the {rule.edge} day of {value}")


def _look_up(name: str, anchors: Anchors) -> date | str:
    if callable(anchors):
        return anchors(name)
    if name not in anchors:
        raise UnknownNameError("date", name, anchors)
    return anchors[name]


def _day(name: str, value: date | str, calendar: Calendar) -> date:
    try:
        given = _from_text(value) if isinstance(value, str) else value
    except ValueError as problem:
        raise InvalidInputError([f"{name} is {value!r}; a day such as '2027-05-26' is needed"]) from problem
    if isinstance(given, datetime):
        return calendar.local_date(given) if given.tzinfo else given.date()
    return given


def _from_text(text: str) -> date:
    return date.fromisoformat(text) if len(text) == len("2027-05-26") else datetime.fromisoformat(text)
