"""When a simulated person acts: on school days, between nine and four."""

from datetime import datetime, time, timedelta
from random import Random

from engine.calendar import BeyondCalendarError, Calendar

MORNING = time(9)
#: The working day, in minutes from the morning.
_DAY = 7 * 60
#: School days that somebody takes at most where there is no deadline, or where it was missed.
_SOON = 5
_AT_ONCE = timedelta(minutes=30)


def morning(calendar: Calendar, after: datetime, days: int, school: str | None) -> datetime | None:
    """The morning so many school days later; none where the calendar ends before."""
    try:
        day = calendar.shift(calendar.local_date(after), days, school=school)
    except BeyondCalendarError:
        return None
    return calendar.at(day, MORNING)


def soon(calendar: Calendar, after: datetime, school: str | None, chance: Random) -> datetime | None:
    """On one of the next five school days."""
    return _some_time(calendar, after, 1 + chance.randrange(_SOON), school, chance)


def in_time(calendar: Calendar, now: datetime, due: datetime, school: str | None, chance: Random) -> datetime:
    """Before something is due, any day as likely as another; at once where there is no school day left."""
    days = 0
    while (day := morning(calendar, now, days + 1, school)) is not None and day < due:
        days += 1
    found = _some_time(calendar, now, chance.randint(1, days), school, chance) if days else None
    return found or max(now, min(now + _AT_ONCE, due))


def _some_time(
    calendar: Calendar, after: datetime, days: int, school: str | None, chance: Random
) -> datetime | None:
    day = morning(calendar, after, days, school)
    return day + timedelta(minutes=chance.randrange(_DAY)) if day else None
