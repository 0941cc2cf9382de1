"""When the register looks whose posts begin or end."""

from datetime import datetime, time, timedelta

from engine.timezone import LONDON

_EARLY = time(5)


def next_morning(instant: datetime) -> datetime:
    """Early on the same day or on the next, whichever is the first after the instant; before people are at work."""
    local = instant.astimezone(LONDON)
    early = datetime.combine(local.date(), _EARLY, LONDON)
    return early if early > local else datetime.combine(local.date() + timedelta(days=1), _EARLY, LONDON)
