"""When a letter may go: by the pace somebody chose, never at night, and not while their school is closed.

Everything is on the clock on the wall, so a letter held until seven goes at seven, in summer and in winter.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Literal

from engine.calendar import Calendar
from engine.model import Model
from engine.people import Directory
from engine.wishes import Wishes

Held = Literal["night", "holiday", "daily", "weekly", "address"]

#: The longest a letter waits for a school day. A calendar that ends, or a wrong one, must not hold it for ever.
_LONGEST = timedelta(days=60)
_MONDAY, _SATURDAY = 0, 5
_DAY = timedelta(days=1)


class Sending(Model):
    """When a letter may go, and why not before."""

    at: datetime
    held: Held | None = None
    """None: it may go now."""


def when(  # noqa: PLR0913 - two moments, and what they are judged by
    now: datetime,
    planned_at: datetime,
    wishes: Wishes,
    calendar: Calendar,
    works: Callable[[date], bool],
    *,
    urgent: bool = False,
) -> Sending:
    """The first moment from `now` on at which a letter planned then may go. The same for the same values.

    `works` says whether the person is at work on a day, see `work_days`.
    """
    now = max(now, planned_at)
    if urgent:
        return Sending(at=now)
    chosen = _chosen(planned_at, wishes, calendar)
    at = max(now, chosen)
    held: Held | None = wishes.pace if at > now and wishes.pace != "immediate" else None
    at, waited = _open(at, wishes, calendar, works)
    if at == now:
        return Sending(at=now)
    return Sending(at=at, held=held or waited)


def work_days(calendar: Calendar, directory: Directory, person: str) -> Callable[[date], bool]:
    """Whether a person is at work on a day: at one of their schools, or for the trust. INSET days are work.

    Nobody is who is away; where a last day is expected, they are thought to be back after it. Of a day the calendar
    does not know only the week is known.
    """

    def works(day: date) -> bool:
        absence = directory.absent(person, day)
        if absence and (absence.expected is None or day <= absence.expected):
            return False
        if not calendar.known.first <= day <= calendar.known.last:
            return day.weekday() < _SATURDAY
        schools: tuple[str | None, ...] = directory.schools_of(person, day) or (None,)
        return any(_staffed(calendar, school, day) for school in schools)

    return works


def _staffed(calendar: Calendar, school: str | None, day: date) -> bool:
    if calendar.is_school_day(school, day):
        return True
    own = calendar.schools.get(school or "")
    inset = day in calendar.inset or (own is not None and day in own.inset)
    return inset and day.weekday() < _SATURDAY and day not in calendar.bank_holidays


def _chosen(planned_at: datetime, wishes: Wishes, calendar: Calendar) -> datetime:
    """The moment the pace names, whatever the night and the holidays say."""
    if wishes.pace == "immediate":
        return planned_at
    day = calendar.local_date(planned_at)
    while _morning(day, wishes, calendar) < planned_at or (
        wishes.pace == "weekly" and day.weekday() != _MONDAY
    ):
        day += _DAY
    return _morning(day, wishes, calendar)


def _open(
    at: datetime, wishes: Wishes, calendar: Calendar, works: Callable[[date], bool]
) -> tuple[datetime, Held | None]:
    """The first moment from `at` on that is neither at night nor in the holidays, and what was in the way."""
    day = calendar.local_date(at)
    held: Held | None = None
    if at < _morning(day, wishes, calendar):
        at, held = _morning(day, wishes, calendar), "night"
    elif at >= calendar.at(day, wishes.quiet_from):
        day += _DAY
        at, held = _morning(day, wishes, calendar), "night"
    if not wishes.hold_holidays or works(day):
        return at, held
    last = day + _LONGEST
    while not works(day) and day < last:
        day += _DAY
    return _morning(day, wishes, calendar), "holiday"


def _morning(day: date, wishes: Wishes, calendar: Calendar) -> datetime:
    return calendar.at(day, wishes.quiet_until)
