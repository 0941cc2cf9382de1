"""What events do to each task, folded into one change of its row; several projections read it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeGuard, assert_never, get_args

from engine.deadlines import Deadline
from engine.definition.names import SKIPPED
from engine.events import (
    ClockStarted,
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
    TaskRecused,
    TaskReleased,
    TaskReminded,
    TaskReplanned,
    TaskResumed,
    TaskReturned,
    TaskSkipped,
    TaskWithdrawn,
)
from engine.records import Recorded
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
from storage.projections.runs import Run
from storage.projections.task_changes import Due, Opened, Request, TaskChange

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

#: Looked up rather than asked one by one.
_OF_TASKS = frozenset(get_args(TaskEvent))
_NOTHING = TaskChange()
#: What is counted, not replaced.
_COUNTED = frozenset({"comments", "attachments"})
#: Whoever is asked does it themselves.
_NOBODY_ELSE: dict[str, object] = {"delegated_by": None, "deputy": None}
#: More time is not asked for any more.
_DECIDED: dict[str, object] = {"asks": True, "request": None}


def changes(events: Sequence[Event]) -> dict[str, TaskChange]:
    """Fold a run of events of one stream into one change for each task they touch."""
    folded: dict[str, dict[str, Any]] = {}
    for nth, event in enumerate(events, start=1):
        for task, effect in _effects(event):
            known = folded.setdefault(task, {"events": 0})
            counts = {name: known.get(name, 0) + 1 for name in _COUNTED if name in effect}
            known.update(effect, **counts, events=known["events"] + 1, last=nth)
    # Made of parts that are checked already, and there are very many.
    return {task: _NOTHING.model_copy(update=known) for task, known in folded.items()}


def _is_of_task(event: Event) -> TypeGuard[TaskEvent]:
    return type(event) in _OF_TASKS


def _effects(event: Event) -> Iterator[tuple[str, dict[str, object]]]:
    """The tasks that an event touches, and how."""
    if _is_of_task(event):
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


def changed(events: Sequence[Recorded]) -> Sequence[tuple[Recorded, str, TaskChange]]:
    """For events of many streams: the last one of each task, its id, and what became of it."""
    return _remembered(events) if isinstance(events, Run) else _changed(events)


def _changed(events: Sequence[Recorded]) -> Sequence[tuple[Recorded, str, TaskChange]]:
    streams: dict[str, list[Recorded]] = defaultdict(list)
    for each in events:
        streams[each.stream].append(each)
    return [
        (run[change.last - 1], task, change)
        for run in streams.values()
        for task, change in changes([each.event for each in run]).items()
    ]


@lru_cache(maxsize=2)
def _remembered(run: Run) -> Sequence[tuple[Recorded, str, TaskChange]]:
    return _changed(run)
