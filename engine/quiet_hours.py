"""When people may be reminded: on school days, between seven in the morning and six in the evening on the wall."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.calendar import BeyondCalendarError, Calendar
from engine.deadlines import REMINDED_AT

BEGINS, ENDS = time(7), time(18)
_FRIDAY = 4


def may_go(calendar: Calendar, school: str | None, at: datetime) -> bool:
    """Whether a reminder may go then. Where the calendar does not reach, Monday to Friday are school days."""
    wall = at.astimezone(ZoneInfo(calendar.time_zone))
    return BEGINS <= wall.time() < ENDS and _is_school_day(calendar, school, wall.date())


def next_moment(calendar: Calendar, school: str | None, at: datetime) -> datetime:
    """The instant itself if a reminder may go at it, else the next morning on which it may."""
    if may_go(calendar, school, at):
        return at
    day = calendar.local_date(at)
    while not (_is_school_day(calendar, school, day) and calendar.at(day, REMINDED_AT) > at):
        day += timedelta(days=1)
    return calendar.at(day, REMINDED_AT)


def _is_school_day(calendar: Calendar, school: str | None, day: date) -> bool:
    try:
        return calendar.is_school_day(school, day)
    except BeyondCalendarError:
        return day.weekday() <= _FRIDAY
