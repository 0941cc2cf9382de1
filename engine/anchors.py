"""The day a due rule counts from: what a name or a part of the year in it stands for, at one school."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from engine.calendar import Calendar
from engine.dates import say_day
from engine.due_rules import DueRule
from engine.errors import InvalidInputError, TermwiseError, UnknownNameError

Anchors = Mapping[str, date | str] | Callable[[str], date | str]
"""What names stand for: a day (a date, an aware instant, or either as ISO text) or the name of a half term.
A callable refuses a name it does not know. `opened` is the day from which a phrase without a year has its year."""

#: The academic year of a day is the one that begins in the same year from this month on: in Leicestershire, late in it.
_AUGUST = 8
_WITH_YEAR = re.compile(r"20\d\d-\d\d\b")


class Anchor(NamedTuple):
    """A day, and what it is called: `session`, `the last day of 2026-27 summer 1`."""

    day: date
    called: str

    def said(self) -> str:
        """`Wed 26 May 2027 (session)`."""
        return f"{say_day(self.day)} ({self.called})" if self.called else say_day(self.day)


def anchor_of(rule: DueRule, anchors: Anchors, calendar: Calendar, school: str | None) -> Anchor:
    """The day a rule counts from. Refused when a name is unknown or stands for the wrong thing."""
    if rule.yearly:
        return Anchor(_in_year(rule, *rule.yearly, _reference(rule, anchors, calendar)), "")
    if rule.period:
        period = rule.period
        if not _WITH_YEAR.match(period):
            period = _with_year(rule, period, _reference(rule, anchors, calendar), calendar, school)
        return _edge(rule, period, calendar, school)
    if rule.name is None:
        return Anchor(rule.day or date.min, "")
    value = _look_up(rule.name, anchors)
    if rule.edge is None:
        return Anchor(_day(rule.name, value, calendar), rule.name)
    if not isinstance(value, str):
        raise InvalidInputError([f"{rule.name} is {value}; a half term such as '2026-27 summer 1' is needed"])
    return _edge(rule, value, calendar, school)


def school_year(day: date) -> str:
    """The academic year of a day, holidays and all, by its name: `2026-27` from 1 August 2026."""
    begins = day.year if day.month >= _AUGUST else day.year - 1
    return f"{begins}-{(begins + 1) % 100:02d}"


def _edge(rule: DueRule, period: str, calendar: Calendar, school: str | None) -> Anchor:
    first, last = calendar.ends_of(period, school)
    day = (
        calendar.first_day(first.name, school)
        if rule.edge == "first"
        else calendar.last_day(last.name, school)
    )
    return Anchor(day, f"the {rule.edge} day of {period}")


def _reference(rule: DueRule, anchors: Anchors, calendar: Calendar) -> date:
    try:
        return _day("opened", _look_up("opened", anchors), calendar)
    except TermwiseError:
        example = f"2026-27 {rule.period}" if rule.period else "31 October 2026"
        raise InvalidInputError(
            [f"{rule.text!r} does not say which year is meant; write it, as in {example}"]
        ) from None


def _in_year(rule: DueRule, month: int, day: int, reference: date) -> date:
    begins = int(school_year(reference)[:4])
    year = begins if month >= _AUGUST else begins + 1
    try:
        if rule.following:
            this = date(reference.year, month, day)
            return this if this > reference else date(reference.year + 1, month, day)
        return date(year, month, day)
    except ValueError:
        raise InvalidInputError([f"{rule.text!r}: there is no such day in {year}"]) from None


def _with_year(rule: DueRule, period: str, reference: date, calendar: Calendar, school: str | None) -> str:
    """The period of the reference day's academic year, or the next to begin after it."""
    if not rule.following:
        return f"{school_year(reference)} {period}"
    for year in calendar.years:
        name = f"{year.name} {period}"
        if calendar.has(name) and calendar.ends_of(name, school)[0].first > reference:
            return name
    return f"{school_year(reference.replace(year=reference.year + 1, day=1))} {period}"


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
