"""What people have asked of each other about a task."""

from datetime import date, datetime
from typing import Annotated, Literal

from engine.deadlines import Deadline, Moment
from engine.fact import Fact
from engine.personal import THEIRS


class TaskDelegated(Fact):
    """Whoever has it asked another person to do it for them. It stays theirs: escalations go along their line."""

    kind: Literal["task-delegated"] = "task-delegated"
    task: str
    person: str
    owner: str
    reason: Annotated[str, THEIRS]


class TaskHandedBack(Fact):
    """A delegated task is with its owner again."""

    kind: Literal["task-handed-back"] = "task-handed-back"
    task: str
    person: str
    """The owner."""
    delegate: str
    reason: Annotated[str | None, THEIRS] = None


class TimeAsked(Fact):
    """Somebody who is asked to do it cannot do it by its deadline, and asked for a later one."""

    kind: Literal["time-asked"] = "time-asked"
    task: str
    until: date
    reason: Annotated[str, THEIRS]
    to: tuple[str, ...]
    """Who is told."""
    may_decide: tuple[str, ...]
    """All who might decide on that day."""
    for_: str | None = None
    """For whom, where the person stands in for somebody or does it for its owner."""


class TimeGranted(Fact):
    """The deadline moved, for a person decided so. The old one stays here."""

    kind: Literal["time-granted"] = "time-granted"
    task: str
    was: Deadline
    due: Deadline
    moments: tuple[Moment, ...]
    asked_by: str
    to: tuple[str, ...]
    """Who is told: who asked, and whoever has it now."""
    reason: Annotated[str | None, THEIRS] = None
    for_: str | None = None
    """For which head, where a deputy decided."""
    deputies: dict[str, str] = {}
    """Who stands in for those who are told, and is told too: each with the person they cover for."""


class TimeRefused(Fact):
    """The deadline stays, with the reason."""

    kind: Literal["time-refused"] = "time-refused"
    task: str
    until: date
    asked_by: str
    to: tuple[str, ...]
    reason: Annotated[str, THEIRS]
    for_: str | None = None
    """For which head, where a deputy decided."""
    deputies: dict[str, str] = {}
    """Who stands in for those who are told, and is told too: each with the person they cover for."""


class TaskCommented(Fact):
    """Somebody said something about it."""

    kind: Literal["task-commented"] = "task-commented"
    task: str
    text: Annotated[str, THEIRS]
    to: tuple[str, ...]
    """Who is told: all it concerns but the author."""
    deputies: dict[str, str] = {}
    """Who stands in for those who are told, and is told too: each with the person they cover for."""


class TaskAttached(Fact):
    """Somebody said where something about it is kept."""

    kind: Literal["task-attached"] = "task-attached"
    task: str
    label: Annotated[str, THEIRS]
    link: Annotated[str, THEIRS]


class NudgePlanned(Fact):
    """Somebody wanted whoever is asked to be reminded when reminders may not go: it waits."""

    kind: Literal["nudge-planned"] = "nudge-planned"
    task: str
    until: datetime
    """UTC; when it goes."""


class TaskNudged(Fact):
    """Whoever is asked was reminded because somebody wanted it."""

    kind: Literal["task-nudged"] = "task-nudged"
    task: str
    to: tuple[str, ...]
    wanted_by: str
    """The person, also where it had to wait."""
    deputies: dict[str, str] = {}
    """Who stands in for those who are told, and is told too: each with the person they cover for."""


TalkEvent = (
    TaskDelegated
    | TaskHandedBack
    | TimeAsked
    | TimeGranted
    | TimeRefused
    | TaskCommented
    | TaskAttached
    | NudgePlanned
    | TaskNudged
)
