"""What another calendar does to deadlines that are still to come."""

from datetime import date, datetime
from typing import Literal

from engine.deadlines import Deadline, Moment
from engine.fact import Fact


class DeadlineMoved(Fact):
    """A deadline was resolved anew, for the dates that it was counted by have changed. A past one never moves."""

    kind: Literal["deadline-moved"] = "deadline-moved"
    address: str
    step: str
    task: str | None = None
    """The task whose deadline it is; none for a wait or a for-each."""
    was: Deadline | None
    """As it was before; none where the calendar had ended too early."""
    due: Deadline | None
    """As it is now, with the rule and the reason. The same as before where only the days around it have moved."""
    because: str
    """What has changed."""
    moments: tuple[Moment, ...] = ()
    """The moments around it that are still to come; of a task that is put off, its return."""
    back: datetime | None = None
    """When a task comes back that is put off, where that day has moved."""
    back_on: date | None = None
    """The same, on the wall at the school."""
    to: tuple[str, ...] = ()
    """Whoever is asked, where the day has moved."""
    deputies: dict[str, str] = {}
    """Who stands in for those who are told, and is told too: each with the person they cover for."""

    @property
    def another_day(self) -> bool:
        """Whether people need to know: it is due on another day, or comes back on one."""
        days = [each.on if each else None for each in (self.was, self.due)]
        return days[0] != days[1] or self.back is not None
