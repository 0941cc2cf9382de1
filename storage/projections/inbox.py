"""What each person is asked to do, kept in the transaction of the append itself."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import assert_never

from pydantic import JsonValue

from engine.deadlines import Deadline
from engine.definition.names import SKIPPED
from engine.events import (
    ClockStarted,
    DeadlineMoved,
    Event,
    InstanceMigrated,
    TaskClaimed,
    TaskCompleted,
    TaskDeferred,
    TaskEscalated,
    TaskLapsed,
    TaskOpened,
    TaskOverdue,
    TaskReassigned,
    TaskRecused,
    TaskReleased,
    TaskReminded,
    TaskReplanned,
    TaskResumed,
    TaskReturned,
    TaskSkipped,
    TaskWithdrawn,
)
from engine.model import Model
from engine.records import Recorded
from engine.state import TaskStatus
from engine.talk_events import (
    NudgePlanned,
    TalkEvent,
    TaskAttached,
    TaskCommented,
    TaskDelegated,
    TaskHandedBack,
    TaskNudged,
    TimeAsked,
    TimeGranted,
    TimeRefused,
)
from storage.database import Connection
from storage.projections.projection import Projection
from storage.streams import stream_id

APPLY = "select termwise.apply_inbox($1, $2, $3, $4)"
MOVE = "select termwise.move_inbox($1, $2)"
#: An append finds the definition of its time in the row of its stream; whoever reads the log again does not.
AS_IT_WAS = """
update inbox t set definition = termwise.definition_at(i.stream, i.position)
  from unnest($1::uuid[], $2::bigint[], $3::text[]) as i(stream, position, task)
 where t.task = i.task and t.definition <> termwise.definition_at(i.stream, i.position)
"""

Status = TaskStatus

TaskEvent = (
    TaskOpened
    | TaskClaimed
    | TaskReleased
    | TaskReassigned
    | TaskRecused
    | TaskReplanned
    | TaskCompleted
    | TaskReturned
    | TaskSkipped
    | TaskLapsed
    | TaskDeferred
    | TaskResumed
    | TaskWithdrawn
    | TaskReminded
    | TaskOverdue
    | TaskEscalated
    | TalkEvent
)


#: What is counted, not replaced.
_COUNTED = frozenset({"comments", "attachments"})


#: Whoever is asked does it themselves.
_NOBODY_ELSE: dict[str, object] = {"delegated_by": None, "deputy": None}
#: More time is not asked for any more.
_DECIDED: dict[str, object] = {"asks": True, "request": None}


class Opened(Model):
    """What a task is from its opening on, and never changes."""

    step: str
    address: str
    round: int
    title: str
    stage: str
    school: str | None
    year_group: str | None
    role: str
    candidates: tuple[str, ...]
    due_at: datetime | None
    due_on: date | None
    due_why: str | None
    minutes: int
    shown: dict[str, JsonValue]
    opened_at: datetime


class Due(Model):
    """A deadline as the inbox has it; of a task without one, nothing."""

    at: datetime | None = None
    on: date | None = None
    why: str | None = None


class Request(Model):
    """More time that was asked for."""

    by: str
    until: date
    reason: str
    may_decide: tuple[str, ...]


class TaskChange(Model):
    """What a run of events does to one row; `apply_inbox` in migration 0017 reads it as JSON."""

    opened: Opened | None = None
    """Set when the row is new."""
    status: Status | None = None
    assigned: bool = False
    """Whether `assignee` is to be written; a released task is written as nobody's."""
    assignee: str | None = None
    candidates: tuple[str, ...] | None = None
    """Set when others are asked than at its opening."""
    overdue: bool = False
    due: Due | None = None
    """Set when it came back or its clock went on with a new deadline; whether it is late is asked again."""
    deferred_until: date | None = None
    """The day it comes back, while it is put off."""
    outcome: str | None = None
    closed_at: datetime | None = None
    delegated_by: str | None = None
    """Whose it is, while another does it for them; written with `assignee`."""
    deputy: str | None = None
    """Who does it, or did it, for the assignee; written with `assignee` and with `outcome`."""
    asks: bool = False
    """Whether `request` is to be written; one that was decided is written as none."""
    request: Request | None = None
    took: int | None = None
    """Minutes of work that were recorded."""
    comments: int = 0
    """How many more."""
    attachments: int = 0
    events: int = 0
    """How many events were folded."""
    last: int = 0
    """Which of the run was the last for this task, from 1."""


def changes(events: Sequence[Event]) -> dict[str, TaskChange]:
    """Fold a run of events of one stream into one change for each task they touch."""
    folded: dict[str, TaskChange] = {}
    for nth, event in enumerate(events, start=1):
        for task, effect in _effects(event):
            before = folded.get(task, TaskChange())
            counts = {"events": before.events + 1, "last": nth}
            for name in _COUNTED & effect.keys():
                counts[name] = getattr(before, name) + 1
            folded[task] = before.model_copy(update={**effect, **counts})
    return folded


def _effects(event: Event) -> Iterator[tuple[str, dict[str, object]]]:
    """The tasks that an event touches, and how."""
    if isinstance(event, TaskEvent):
        yield event.task, _effect(event)
    elif isinstance(event, ClockStarted):
        for each in event.tasks:
            yield each.task, {} if each.late else {"due": _due(each.due)}
    elif isinstance(event, DeadlineMoved) and event.task:
        back = {"deferred_until": event.back_on} if event.back_on else {}
        yield event.task, {"due": _due(event.due), **back}


def _effect(event: TaskEvent) -> dict[str, object]:  # noqa: C901, PLR0912 - one line for each kind of event
    effect: dict[str, object]
    match event:
        case TaskOpened():
            effect = {"opened": _opened(event), "assigned": True, "assignee": event.assignee}
        case TaskClaimed(person=person):
            effect = {"assigned": True, "assignee": person, **_NOBODY_ELSE, "deputy": _deputy(event)}
        case TaskReassigned(person=person):
            effect = {"assigned": True, "assignee": person, **_NOBODY_ELSE}
        case TaskReleased():
            effect = {"assigned": True, "assignee": event.person, **_NOBODY_ELSE}
        case TaskRecused() | TaskReplanned():
            asked = {"assignee": event.assignee, "candidates": event.candidates}
            effect = {"assigned": True, **asked, **_NOBODY_ELSE}
        case TaskCompleted() | TaskReturned():
            status = "completed" if isinstance(event, TaskCompleted) else "returned"
            took = {"took": event.minutes, "deputy": _deputy(event), **_DECIDED}
            effect = {"status": status, "outcome": event.outcome, "closed_at": event.at, **took}
        case TaskSkipped():
            by = {"deputy": _deputy(event), **_DECIDED}
            effect = {"status": "skipped", "outcome": SKIPPED, "closed_at": event.at, **by}
        case TaskLapsed():
            effect = {"status": "lapsed", "outcome": event.outcome, "closed_at": event.at, **_DECIDED}
        case TaskDeferred():
            effect = {"status": "deferred", "deferred_until": event.on, **_DECIDED}
        case TaskResumed(due=due):
            effect = {"status": "open", "deferred_until": None, "due": _due(due), "overdue": False}
        case TaskWithdrawn():
            effect = {"status": "withdrawn", "closed_at": event.at, **_DECIDED}
        case TaskOverdue():
            effect = {"overdue": True}
        case TaskReminded() | TaskEscalated():
            effect = {}
        case _:
            effect = _talk(event)
    return effect


def _talk(event: TalkEvent) -> dict[str, object]:  # noqa: PLR0911 - one line for each kind of event
    match event:
        case TaskDelegated():
            return {"assigned": True, "assignee": event.person, "delegated_by": event.owner, "deputy": None}
        case TaskHandedBack():
            return {"assigned": True, "assignee": event.person, **_NOBODY_ELSE}
        case TimeAsked(by=by, until=until, reason=reason):
            request = Request(by=by, until=until, reason=reason, may_decide=event.may_decide)
            return {"asks": True, "request": request}
        case TimeGranted(due=due):
            return {"due": _due(due), "overdue": False, **_DECIDED}
        case TimeRefused():
            return _DECIDED
        case TaskCommented():
            return {"comments": 1}
        case TaskAttached():
            return {"attachments": 1}
        case NudgePlanned() | TaskNudged():
            return {}
        case _:
            assert_never(event)


def _deputy(event: TaskClaimed | TaskCompleted | TaskReturned | TaskSkipped) -> str | None:
    """Who does it, or did it, for whoever it is asked of."""
    return event.by if event.for_ else None


def _due(due: Deadline | None) -> Due:
    return Due(at=due.at, on=due.on, why=due.why) if due else Due()


def _opened(event: TaskOpened) -> Opened:
    due = event.due
    return Opened(
        step=event.step,
        address=event.address,
        round=event.round,
        title=event.title,
        stage=event.stage,
        school=event.school,
        year_group=event.year_group,
        role=event.role,
        candidates=event.candidates,
        due_at=due.at if due else None,
        due_on=due.on if due else None,
        due_why=due.why if due else None,
        minutes=event.minutes,
        shown=event.shown,
        opened_at=event.at,
    )


def changed(events: Sequence[Recorded]) -> Iterator[tuple[Recorded, str, TaskChange]]:
    """For events of many streams: the last one of each task, its id, and what became of it."""
    streams: dict[str, list[Recorded]] = defaultdict(list)
    for each in events:
        streams[each.stream].append(each)
    for run in streams.values():
        for task, change in changes([each.event for each in run]).items():
            yield run[change.last - 1], task, change


async def apply(connection: Connection, events: Sequence[Recorded]) -> None:
    """What an append does to the inbox, done again from the log."""
    before: list[Recorded] = []
    for each in events:
        if isinstance(each.event, InstanceMigrated):
            await _fold(connection, before)
            await connection.execute(MOVE, stream_id(each.stream), each.event.definition)
            before = []
        else:
            before.append(each)
    await _fold(connection, before)


async def _fold(connection: Connection, events: Sequence[Recorded]) -> None:
    """Apply a run of events in which no instance moves to another version."""
    rows = list(changed(events))
    await connection.execute(
        APPLY,
        [stream_id(last.stream) for last, _, _ in rows],
        [last.position for last, _, _ in rows],
        [task for _, task, _ in rows],
        [change.model_dump_json() for _, _, change in rows],
    )
    opened = [(stream_id(last.stream), last.position, task) for last, task, change in rows if change.opened]
    await connection.execute(AS_IT_WAS, *([row[column] for row in opened] for column in range(3)))


INBOX = Projection(name="inbox", version=1, tables={"inbox": ()}, apply=apply, inline=True)
