"""What changes about the calendar."""

from typing import Literal

from engine.register.fact import RegisterFact


class CalendarChanged(RegisterFact):
    """Dates are counted by this calendar from now on."""

    kind: Literal["calendar-changed"] = "calendar-changed"
    calendar: str
    """Digest of the document."""
    was: str | None = None
    """That of the calendar before."""
    name: str = ""
    number: int = 0
    """The version of the calendar."""
    changes: tuple[str, ...] = ()
    """Which days are of another kind, a sentence each."""
