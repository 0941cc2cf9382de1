"""Days as people type them, on the trust's clocks."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from cli.setup import Desk


def midnight(desk: Desk, day: date | None) -> datetime | None:
    """When the day begins at the trust."""
    return datetime.combine(day, time(), ZoneInfo(desk.trust.calendar.time_zone)) if day else None
