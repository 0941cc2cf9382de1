"""How events change a task, and all that counts tasks: the open ones, the board, who is waited for, the agenda."""

from collections.abc import Callable
from datetime import datetime

from immutables import Map
from pydantic import JsonValue

from engine import addresses
from engine.agenda import enter, leave
from engine.copying import replace
from engine.date_events import DeadlineMoved
from engine.deadlines import Moment
from engine.definition.names import SKIPPED
from engine.events import (
    TaskCompleted,
    TaskDeferred,
    TaskLapsed,
    TaskOpened,
    TaskOverdue,
    TaskRecused,
    TaskReplanned,
    TaskResumed,
    TaskReturned,
    TaskSkipped,
)
from engine.opening import task_id
from engine.recusals import with_recusal
from engine.state import State, Tally, Task, TaskStatus, with_values

Ended = TaskCompleted | TaskReturned | TaskSkipped | TaskLapsed
_ENDS: dict[str, TaskStatus] = {
    "task-completed": "completed",
    "task-returned": "returned",
    "task-skipped": "skipped",
    "task-lapsed": "lapsed",
}
_UNFINISHED = frozenset({"open", "deferred"})
_NOTHING = Tally()
_COUNTED = {
    "deferred": Tally(deferred=1),
    "completed": Tally(done=1),
    "skipped": Tally(skipped=1),
    "lapsed": Tally(lapsed=1),
}


def opened(state: State, event: TaskOpened) -> State:
    """Somebody is asked."""
    task = Task(
        event.task, event.address, event.step, event.round, event.title, event.stage, event.school,
        event.role, event.assignee, event.candidates, event.due, event.moments,
        stopped=event.stopped, stopped_at=event.at if event.stopped else None,
        opened_at=event.at,
    )  # fmt: skip
    return moved(state, None, task)


def moved(state: State, before: Task | None, after: Task) -> State:
    """A task opens, is put off, comes back or closes: what counts it, and what waits for it, goes with it."""
    agenda = state.agenda
    for place, moment in enumerate(before.moments if before else ()):
        agenda = leave(agenda, moment.at, (after.id, place))
    for place, moment in enumerate(
        after.moments if after.status in _UNFINISHED and not after.stopped else ()
    ):
        agenda = enter(agenda, moment.at, (after.id, place))
    return replace(
        state,
        tasks=state.tasks.set(after.id, after),
        open_tasks=_listed(state.open_tasks, after, "open"),
        deferred_tasks=_listed(state.deferred_tasks, after, "deferred"),
        agenda=agenda,
        tallies=_tally(state, after, lambda tally: tally.plus(_counts(after)).plus(_counts(before), -1)),
        asked=_asked(state, after.role, _counts(after).open - _counts(before).open),
    )


def _counts(task: Task | None) -> Tally:
    """What the task adds to its cell of the board."""
    if task and task.status == "open":
        return Tally(open=1, overdue=int(task.overdue))
    return _COUNTED.get(task.status, _NOTHING) if task else _NOTHING


def _listed(tasks: Map[str, None], task: Task, status: TaskStatus) -> Map[str, None]:
    if task.status == status:
        return tasks.set(task.id, None)
    return tasks.delete(task.id) if task.id in tasks else tasks


def changed(state: State, task: str, **changes: str | None) -> State:
    """Somebody else is asked."""
    asked = replace(state.tasks[task], instead_of=(), **changes)  # type: ignore[arg-type]
    return replace(state, tasks=state.tasks.set(task, asked))


def recused(state: State, event: TaskRecused) -> State:
    """Somebody has stepped back: others are asked, and it is remembered for later rounds."""
    task = state.tasks[event.task]
    asked = replace(
        task, assignee=event.assignee, candidates=event.candidates, deputy=None, delegated_by=None
    )
    state = replace(state, tasks=state.tasks.set(task.id, asked))
    return with_recusal(state, task.address, event.person)


def replanned(state: State, event: TaskReplanned) -> State:
    """Others are asked; what was asked, and by when, stays."""
    task = replace(
        state.tasks[event.task],
        assignee=event.assignee,
        candidates=event.candidates,
        deputy=None,
        delegated_by=None,
        instead_of=event.instead_of,
    )
    return replace(state, tasks=state.tasks.set(event.task, task))


def ended(state: State, event: Ended) -> State:
    """It is answered, skipped, or has run out of time; its name reads as the result."""
    task, by = state.tasks[event.task], None if isinstance(event, TaskLapsed) else event.by
    outcome = SKIPPED if isinstance(event, TaskSkipped) else event.outcome
    reason = None if isinstance(event, TaskLapsed) else event.reason
    answered = isinstance(event, TaskCompleted | TaskReturned)
    done_for = None if isinstance(event, TaskLapsed) else event.for_
    theirs = task.assignee or ((done_for or by) if answered else None)
    answer = replace(task, done_by=by, done_for=done_for, outcome=outcome, reason=reason, assignee=theirs)
    state = closed(state, answer, _ENDS[event.kind], event.at)
    result: JsonValue = {
        "earlier": earlier(state, task.step, task.address),
        "code": None if isinstance(event, TaskLapsed) else event.code,
        **({} if isinstance(event, TaskReturned) else event.values),
        "outcome": outcome,
        "by": by,
        "done": event.at.isoformat(),
        "reason": reason,
        "round": task.round,
        **({"for": done_for} if done_for else {}),
    }
    if addresses.is_seat(task.address):
        return _seat_ended(state, task, result)
    # What was sent back is no answer: until it is done again there is none.
    kept = None if isinstance(event, TaskReturned) else result
    return with_values(state, addresses.scope_of(task.address), {task.step: kept})


def _seat_ended(state: State, task: Task, result: JsonValue) -> State:
    """One of several who are asked for themselves: what they decide together comes later."""
    address = addresses.asking(task.address)
    composite = state.composites[address]
    heard = replace(composite, open=composite.open - 1, answers=(*composite.answers, result))
    return replace(state, composites=state.composites.set(address, heard))


def rounds_before(state: State, step: str, address: str) -> list[Task]:
    """The task at this address in the rounds before this one, in the same block, oldest first."""
    block = addresses.block_of(address)
    places = (addresses.step(block, step, again) for again in range(1, addresses.again_of(address)))
    before = (state.tasks.get(task_id(state.instance, place)) for place in places)
    return [each for each in before if each and each.outcome]


def earlier(state: State, step: str, address: str) -> list[JsonValue]:
    """What its name reads as of the rounds before this one."""
    return [
        {
            "round": each.round,
            "outcome": each.outcome,
            "by": each.done_by,
            "done": each.closed_at.isoformat() if each.closed_at else None,
            "reason": each.reason,
        }
        for each in rounds_before(state, step, address)
    ]


def closed(state: State, task: Task, status: TaskStatus, at: datetime) -> State:
    """It is no longer asked of anybody."""
    after = replace(task, status=status, closed_at=at, deferred_at=None, until=None, request=None)
    return moved(state, state.tasks[task.id], after)


def deferred(state: State, event: TaskDeferred) -> State:
    """It is put off: only the day it comes back is awaited."""
    task = state.tasks[event.task]
    put_off = replace(
        task,
        status="deferred",
        # A clock that stands still already: that time counts too.
        deferred_at=task.stopped_at or event.at,
        stopped=(),
        stopped_at=None,
        until=event.until,
        deferred_for=event.code,
        deferrals=task.deferrals + 1,
        moments=(Moment(at=event.until, kind="resume"),),
        request=None,
    )
    return moved(state, task, put_off)


def resumed(state: State, event: TaskResumed) -> State:
    """It is open again, with a ladder of its own."""
    task = state.tasks[event.task]
    # Whether it is late is asked again: its deadline has moved.
    back = replace(
        task,
        status="open",
        overdue=False,
        due=event.due,
        moments=event.moments,
        stopped=event.stopped,
        stopped_at=event.at if event.stopped else None,
        deferred_at=None,
        until=None,
    )
    return moved(state, task, back)


def due_moved(state: State, task: Task, event: DeadlineMoved) -> State:
    """Its deadline, or the day on which it comes back, is another; what was to come around it is planned anew."""
    after = replace(task, due=event.due, moments=event.moments, until=event.back or task.until)
    return moved(state, task, after)


def overdue(state: State, event: TaskOverdue) -> State:
    """Its deadline has passed."""
    state = spend(state, event.task, "due", 0)
    task = replace(state.tasks[event.task], overdue=True)
    tallies = _tally(state, task, lambda tally: replace(tally, overdue=tally.overdue + 1))
    return replace(state, tasks=state.tasks.set(task.id, task), tallies=tallies)


def _tally(state: State, task: Task, change: Callable[[Tally], Tally]) -> Map[tuple[str, str], Tally]:
    cell = (task.stage, task.school or "")
    return state.tallies.set(cell, change(state.tallies.get(cell, Tally())))


def _asked(state: State, role: str, change: int) -> Map[str, int]:
    if not change:
        return state.asked
    count = state.asked.get(role, 0) + change
    return state.asked.set(role, count) if count else state.asked.delete(role)


def spend(state: State, task: str, kind: str, days: int) -> State:
    """A rung of its ladder was reached."""
    agenda = state.agenda
    for place, moment in enumerate(state.tasks[task].moments):
        if moment.kind == kind and moment.days == days:
            agenda = leave(agenda, moment.at, (task, place))
    return replace(state, agenda=agenda)
