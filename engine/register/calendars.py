"""The calendar of the register."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Literal

from engine import library
from engine.calendar import Calendar
from engine.calendar_changes import said_changes
from engine.dates import say_day
from engine.errors import InvalidInputError, RefusedError
from engine.own_days import SchoolDays
from engine.register.authority import require_administrator, schools_headed
from engine.register.calendar_facts import CalendarChanged
from engine.register.changing import decided, folded
from engine.register.fact import RegisterFact
from engine.register.order import RegisterOrder
from engine.register.register import Register


class ImportCalendar(RegisterOrder):
    """Use another version of the calendar."""

    kind: Literal["import-calendar"] = "import-calendar"
    calendar: str
    """Digest of the document, which must be loaded, and so must the one in force."""
    instead_of: str | None = None
    """Digest of the calendar that it was made from. Refused when another is in force by now."""


@decided.register
def _import(order: ImportCalendar, register: Register, at: datetime) -> Iterable[RegisterFact]:
    new = library.calendar(order.calendar)
    old = library.calendar(register.calendar) if register.calendar else None
    _require_may(register, order.by, at, old, new)
    if order.calendar == register.calendar:
        return
    if order.instead_of and order.instead_of != register.calendar:
        raise RefusedError("somebody else has changed the calendar meanwhile; look at it and try again")
    _check(old, new, at)
    yield CalendarChanged(
        at=at,
        by=order.by,
        reason=order.reason,
        calendar=order.calendar,
        was=register.calendar,
        name=new.name,
        number=new.version,
        changes=said_changes(old, new) if old else (),
    )


@folded.register
def _changed(fact: CalendarChanged, register: Register) -> Register:
    return replace(register, calendar=fact.calendar)


def _require_may(register: Register, person: str, at: datetime, old: Calendar | None, new: Calendar) -> None:
    """Administrators may change any day; a head those of their own school, which the shared dates do not rule."""
    own = schools_headed(register, person, at)
    if not own or old is None or _of_others(old, own) != _of_others(new, own):
        what = "change days that are not of their own school alone" if own else "change the calendar"
        require_administrator(register, person, at, what)


def _of_others(calendar: Calendar, own: frozenset[str]) -> Calendar:
    """What the calendar says of everything but these schools; whose dates a school keeps is not its own to say."""
    schools = {
        key: SchoolDays(authority=days.authority) if key in own else days
        for key, days in calendar.schools.items()
    }
    plain = {key: days for key, days in schools.items() if days != SchoolDays()}
    return calendar.model_copy(update={"schools": plain, "version": 0, "changed": ""})


def _check(old: Calendar | None, new: Calendar, at: datetime) -> None:
    """Refuse, with every reason, what would leave people without dates."""
    problems = [
        f"{whose} {key!r}: {name} ends before it begins"
        for whose, all_own in (("school", new.schools), ("authority", new.authorities))
        for key, own in all_own.items()
        for name, span in own.half_terms.items()
        if span.last < span.first
    ]
    if old is not None:
        problems += _lost(old, new, at)
        if new.version <= old.version:
            problems.append(
                f"version {new.version} is not newer than version {old.version}, which is in force; "
                f"give the calendar `version: {old.version + 1}`"
            )
    if problems:
        raise InvalidInputError(problems)


def _lost(old: Calendar, new: Calendar, at: datetime) -> Iterable[str]:
    """Half terms that are not over yet, and that the new calendar would not know."""
    today = old.local_date(at)
    known = {each.name for each in new.half_terms()}
    return (
        f"{each.name} would be lost, and it ends only on {say_day(each.last)}; keep it in the calendar"
        for each in old.half_terms()
        if each.last >= today and each.name not in known
    )
