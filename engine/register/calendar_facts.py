"""What changes about the calendar."""

from typing import Literal

from engine.register.fact import RegisterFact


class CalendarChanged(RegisterFact):
    """Dates are counted by this calendar from now on."""

    kind: Literal["calendar-changed"] = "calendar-changed"
    calendar: str
    """Digest of the document."""
