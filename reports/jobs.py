"""The tasks of a cycle as jobs: who was asked, who did it, when, how late."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.deadlines import Deadline
from engine.events import (
    DeadlineMoved,
    Event,
    TaskClaimed,
    TaskCompleted,
    TaskDeferred,
    TaskEscalated,
    TaskLapsed,
    TaskOpened,
    TaskOverdue,
    TaskReassigned,
    TaskReleased,
    TaskReplanned,
    TaskResumed,
    TaskReturned,
    TaskSkipped,
    TaskWithdrawn,
)
from engine.records import Recorded

NOBODY = "nobody"
NAMED = "whoever is named"


@dataclass(frozen=True, slots=True)
class CycleLog:
    """The log of one cycle, with its children."""

    process: str
    title: str
    instance: str
    log: Sequence[Recorded]


@dataclass(slots=True)
class Job:
    """One task, from being asked to being done."""

    opened: TaskOpened
    process: str
    with_whom: str | None
    closed: Event | None = None
    overdue: bool = False
    escalated: int = 0
    deferred: int = 0
    due: Deadline | None = None
    """The deadline as it stands; the one it was opened with stays with the opening."""

    @property
    def done(self) -> bool:
        """Whether somebody answered it."""
        return isinstance(self.closed, TaskCompleted | TaskReturned)

    @property
    def who(self) -> str:
        """Whoever did it, or has it, or is the first of those asked."""
        if isinstance(self.closed, TaskCompleted | TaskReturned):
            return self.closed.by
        return self.with_whom or next(iter(self.opened.candidates), NOBODY)

    @property
    def role(self) -> str:
        """For whom it was, as the definition says; people who are named by a value are not told apart."""
        said = self.opened.role.split(" or ")
        return " or ".join(dict.fromkeys(NAMED if each.startswith("the person ") else each for each in said))

    @property
    def counts(self) -> bool:
        """Whether it is work at all: what is withdrawn or skipped, or was answered by time, is done by nobody."""
        return not isinstance(self.closed, TaskWithdrawn | TaskSkipped | TaskLapsed)

    @property
    def when(self) -> datetime:
        """When the work lies: when it was done, else when it is due, else when it was asked."""
        if self.closed:
            return self.closed.at
        return self.due.at if self.due else self.opened.at


def jobs_of(cycle: CycleLog) -> Iterator[Job]:  # noqa: C901 - one line for each kind of event
    """Every task of a cycle and its children."""
    jobs: dict[str, Job] = {}
    for record in cycle.log:
        event = record.event
        match event:
            case TaskOpened():
                jobs[event.task] = Job(event, cycle.process, event.assignee, due=event.due)
            case TaskClaimed() | TaskReassigned():
                jobs[event.task].with_whom = event.person
            case TaskReplanned():
                job = jobs[event.task]
                job.with_whom = event.assignee
                job.opened = job.opened.model_copy(update={"candidates": event.candidates})
            case TaskReleased():
                jobs[event.task].with_whom = None
            case TaskCompleted() | TaskReturned() | TaskSkipped() | TaskLapsed() | TaskWithdrawn():
                jobs[event.task].closed = event
            case TaskDeferred():
                jobs[event.task].deferred += 1
            case TaskResumed():
                jobs[event.task].due = event.due
            case DeadlineMoved(task=task) if task:
                jobs[task].due = event.due
            case TaskOverdue():
                jobs[event.task].overdue = True
            case TaskEscalated():
                jobs[event.task].escalated += 1
            case _:
                pass
    yield from jobs.values()
