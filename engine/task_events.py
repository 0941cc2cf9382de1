"""What happens to a task."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import JsonValue

from engine.deadlines import Deadline, Moment
from engine.fact import Fact
from engine.personal import THEIR_ANSWERS, THEIRS, Answered, Titled


class TaskOpened(Fact):
    """A person is asked to do something."""

    kind: Literal["task-opened"] = "task-opened"
    task: str
    """Short id, unique in the trust; the same for ever for this step, item and round."""
    address: str
    step: str
    round: int
    title: Annotated[str, Titled()]
    stage: str
    school: str | None
    year_group: str | None
    role: str
    """For whom, in words of the definition: `headteacher`."""
    assignee: str | None
    candidates: tuple[str, ...]
    """Who may claim it. Empty means nobody holds the role: the owner is told."""
    due: Deadline | None
    undated: str | None = None
    """Why there is no deadline although the definition gives one: the calendar ends too early."""
    moments: tuple[Moment, ...]
    minutes: int
    stopped: tuple[str, ...] = ()
    """The stops that hold its clock from the beginning."""
    shown: Annotated[dict[str, JsonValue], Answered()] = {}
    """What the person sees beside the form; the definition decides, so a blind judge stays blind."""
    deputies: dict[str, str] = {}
    """Who stands in for those who are told, and is told too: each with the person they cover for."""


class TaskClaimed(Fact):
    """A candidate took it on."""

    kind: Literal["task-claimed"] = "task-claimed"
    task: str
    person: str
    """Whose it is now."""
    for_: str | None = None
    """The same person, where `by` took it on as their deputy."""


class TaskReleased(Fact):
    """The person gave it back to the candidates."""

    kind: Literal["task-released"] = "task-released"
    task: str
    person: str | None = None
    """Whose it is still, where only their deputy gave it back."""
    for_: str | None = None
    """For whom it was given back, where a deputy did."""


class TaskReassigned(Fact):
    """Somebody else is asked, with the reason."""

    kind: Literal["task-reassigned"] = "task-reassigned"
    task: str
    person: str
    reason: Annotated[str, THEIRS]
    for_: str | None = None
    """For whom it was given on, where a deputy did."""
    deputies: dict[str, str] = {}
    """Who stands in for those who are told, and is told too: each with the person they cover for."""


class TaskRecused(Fact):
    """A person has an interest in it and steps back, in later rounds too. What the interest is, nobody is told."""

    kind: Literal["task-recused"] = "task-recused"
    task: str
    person: str
    assignee: str | None
    candidates: tuple[str, ...]
    """Who is asked now. Empty means that nobody can be: the owner is told."""


class TaskReplanned(Fact):
    """Whoever was asked has gone, or nobody was there to ask: others are asked instead."""

    kind: Literal["task-replanned"] = "task-replanned"
    task: str
    assignee: str | None
    candidates: tuple[str, ...]
    """Who may claim it now. Empty means nobody holds the role: the owner is told."""
    to: tuple[str, ...]
    """Those of them who were not asked before."""
    reason: Annotated[str, THEIRS]
    """Who has gone, and how."""
    instead_of: tuple[str, ...] = ()
    """Who is away, and gets it again if it is still open when they are back."""
    deputies: dict[str, str] = {}
    """Who stands in for those who are told, and is told too: each with the person they cover for."""


class TaskCompleted(Fact):
    """The person answered. `late` when after the deadline; both dates stay."""

    kind: Literal["task-completed"] = "task-completed"
    task: str
    outcome: str
    values: Annotated[dict[str, JsonValue], THEIR_ANSWERS]
    reason: Annotated[str | None, THEIRS] = None
    late: bool = False
    code: str | None = None
    """The reason in short, where the definition lists reasons for the outcome."""
    for_: str | None = None
    """For whom, where a deputy did it."""
    minutes: int | None = None
    """How long it took, if the person said so."""


class TaskReturned(Fact):
    """The person sent the work back to an earlier step, with the reason. The round is kept."""

    kind: Literal["task-returned"] = "task-returned"
    task: str
    outcome: str
    reason: Annotated[str, THEIRS]
    to: str
    """Address of the step that is done again."""
    round: int
    """The round that begins there, from 2."""
    code: str | None = None
    """The reason in short, where the definition lists reasons for the outcome."""
    for_: str | None = None
    """For whom, where a deputy did it."""
    minutes: int | None = None
    """How long it took, if the person said so."""


class TaskSkipped(Fact):
    """It need not be done, for a reason that the definition lists. The work goes on without it."""

    kind: Literal["task-skipped"] = "task-skipped"
    task: str
    code: str
    reason: Annotated[str, THEIRS]
    """What the code means, and what the person added."""
    values: Annotated[dict[str, JsonValue], THEIR_ANSWERS] = {}
    """Its questions, all null: later steps may look."""
    for_: str | None = None
    """For whom, where a deputy did it."""


class TaskLapsed(Fact):
    """Nobody answered by the deadline; the definition says which outcome that is. It is nobody's answer."""

    kind: Literal["task-lapsed"] = "task-lapsed"
    task: str
    outcome: str
    values: Annotated[dict[str, JsonValue], Answered()] = {}
    """Its questions, all null: later steps may look."""


class TaskDeferred(Fact):
    """It was put off, for a reason that the definition lists: neither open nor done until it comes back."""

    kind: Literal["task-deferred"] = "task-deferred"
    task: str
    code: str
    reason: Annotated[str, THEIRS]
    """What the code means, and what the person added."""
    until: datetime
    """UTC; when it comes back by itself."""
    on: date
    """The day on the wall at the school."""
    for_: str | None = None
    """For whom, where a deputy did it."""


class TaskResumed(Fact):
    """It came back, on its day or because a person brought it back. Its deadline moved by what it was put off."""

    kind: Literal["task-resumed"] = "task-resumed"
    task: str
    due: Deadline | None
    moments: tuple[Moment, ...]
    to: tuple[str, ...]
    """Whoever is asked again."""
    stopped: tuple[str, ...] = ()
    """The stops that hold its clock from then on."""
    deputies: dict[str, str] = {}
    """Who stands in for those who are told, and is told too: each with the person they cover for."""


class TaskWithdrawn(Fact):
    """It is no longer asked of anybody."""

    kind: Literal["task-withdrawn"] = "task-withdrawn"
    task: str
    reason: Annotated[str, THEIRS]


class TaskReminded(Fact):
    """A rung of the reminder ladder was reached while the task was open."""

    kind: Literal["task-reminded"] = "task-reminded"
    task: str
    days: int
    to: tuple[str, ...]
    deputies: dict[str, str] = {}
    """Who stands in for those who are told, and is told too: each with the person they cover for."""


class TaskOverdue(Fact):
    """The deadline passed while the task was open."""

    kind: Literal["task-overdue"] = "task-overdue"
    task: str
    to: tuple[str, ...]
    statutory: bool = False
    """The law set the day: whoever is told is told at once, whatever the hour."""
    deputies: dict[str, str] = {}
    """Who stands in for those who are told, and is told too: each with the person they cover for."""


class TaskEscalated(Fact):
    """A rung of the escalation ladder was reached; the role's holders were told."""

    kind: Literal["task-escalated"] = "task-escalated"
    task: str
    days: int
    role: str
    to: tuple[str, ...]
    statutory: bool = False
    """The law set the day that has passed."""
    skipped: tuple[str, ...] = ()
    """Whom the ladder names before, whose role nobody holds, or who is asked to do it anyway."""
