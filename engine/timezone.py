"""The clock on the wall of English schools."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def local_date(instant: datetime) -> date:
    """The day on the wall at an instant; `instant` is aware."""
    return instant.astimezone(LONDON).date()
