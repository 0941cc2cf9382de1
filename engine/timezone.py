"""The clock on the wall of English schools."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def local_date(instant: datetime) -> date:
    """The day on the wall at an instant; `instant` is aware."""
    return instant.astimezone(LONDON).date()


def end_of_day(day: date) -> datetime:
    """The last instant of a day on the wall."""
    return datetime.combine(day + timedelta(days=1), time(), LONDON) - timedelta(microseconds=1)
