"""How one event changes the state. Total and without decisions: whatever the log holds can be folded."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from immutables import Map
from pydantic import JsonValue

from engine import addresses
from engine.events import (
    Awaited,
    BranchChosen,
    CallFailed,
    CallFinished,
    CallRequested,
    CallWithdrawn,
    ChildEnded,
    ChildStarted,
    ChildWithdrawn,
    DecisionMade,
    Event,
    FactRecorded,
    ForEachOpened,
    InstanceCancelled,
    InstanceEnded,
    InstanceStarted,
    Item,
    Joined,
    MemberJoined,
    MemberLeft,
    NotificationRequested,
    ParallelOpened,
    QuorumOpened,
    QuorumReached,
    RoundStarted,
    StepFinished,
    TaskClaimed,
    TaskCompleted,
    TaskEscalated,
    TaskOpened,
    TaskOverdue,
    TaskReassigned,
    TaskReleased,
    TaskReminded,
    TaskReturned,
    TaskWithdrawn,
    ValuesSet,
    WaitEnded,
    WaitOpened,
    WaitWithdrawn,
)
from engine.opening import task_id
from engine.records import Recorded
from engine.state import Agenda, Composite, OpenCall, State, Tally, Task, TaskStatus, Values, Wait


def evolve(state: State | None, event: Event) -> State:
    """The state after the event. Only the first event of an instance may meet no state."""
    if isinstance(event, InstanceStarted):
        values: Values = Map({"key": event.instance, **event.inputs, **event.data})
        return State(started=event, version=1, now=event.at, scopes=Map({addresses.ROOT: values}))
    if state is None:
        raise ValueError(f"the log of an instance begins with instance-started, not {event.kind}")
    return replace(_fold(state, event), version=state.version + 1, now=event.at)


def answered(state: State, command: UUID) -> State:
    """The state once the command's events are all folded in: a repeat will be recognised."""
    return replace(state, commands=state.commands.set(command, state.version))


def replay(log: Iterable[Recorded]) -> State | None:
    """The state that the log of one instance leads to; none for an empty log."""
    state: State | None = None
    for record in log:
        state = answered(evolve(state, record.event), record.command)
    return state


def _fold(state: State, event: Event) -> State:  # noqa: C901, PLR0911, PLR0912 - one line for each kind of event
    match event:
        case TaskOpened():
            return _task_opened(state, event)
        case TaskClaimed() | TaskReassigned():
            return _task(state, event.task, assignee=event.person)
        case TaskReleased():
            return _task(state, event.task, assignee=None)
        case TaskCompleted():
            return _task_answered(state, event, "completed")
        case TaskReturned():
            return _task_answered(state, event, "returned")
        case TaskWithdrawn():
            return _close(state, state.tasks[event.task], "withdrawn", event.at)
        case TaskReminded():
            return _spend(state, event.task, "reminder", event.days)
        case TaskEscalated():
            return _spend(state, event.task, "escalation", event.days)
        case TaskOverdue():
            return _overdue(state, event)
        case ForEachOpened():
            return _for_each_opened(state, event)
        case MemberJoined():
            return _member_joined(state, event)
        case MemberLeft():
            return _member_left(state, event)
        case Joined():
            return _joined(state, event)
        case QuorumOpened():
            people = {person: Item(key=person, values={}) for person in event.people}
            return _composite(state, event.address, Composite(event.step, len(people), people))
        case QuorumReached():
            return _quorum_reached(state, event)
        case ParallelOpened():
            return _composite(state, event.address, Composite(event.step, event.branches))
        case RoundStarted():
            return _composite(state, event.address, Composite(event.step, 1, round=event.round))
        case StepFinished():
            return _step_finished(state, event.address)
        case ValuesSet():
            return _set(state, event.scope, event.values)
        case DecisionMade():
            return _set(state, event.scope, {event.step: event.gives})
        case FactRecorded():
            return _set(state, event.scope, {event.step: event.values})
        case WaitOpened():
            return _wait_opened(state, event)
        case WaitEnded():
            return _wait_ended(state, event)
        case CallWithdrawn():
            return replace(state, calls=state.calls.delete(event.address))
        case WaitWithdrawn():
            return _wait_closed(state, state.waits[event.address])
        case ChildStarted():
            return replace(state, children=state.children.set(event.child, event.address))
        case ChildWithdrawn():
            leaving = state.leaving.set(event.child, event.address)
            return replace(state, children=state.children.delete(event.child), leaving=leaving)
        case ChildEnded():
            if event.child in state.leaving:
                return replace(state, leaving=state.leaving.delete(event.child))
            state = replace(state, children=state.children.delete(event.child))
            return _set(state, event.address, {**event.values, "outcome": event.outcome})
        case CallRequested():
            return _call_requested(state, event)
        case CallFinished() | CallFailed():
            return _call_ended(state, event)
        case BranchChosen() | NotificationRequested():
            return state
        case InstanceEnded():
            return replace(
                state, status="ended", outcome=event.outcome, reported=event.reported, agenda=Map()
            )
        case InstanceCancelled():
            return replace(
                state, status="cancelled", outcome="cancelled", agenda=Map(), waits=Map(), calls=Map()
            )
        case InstanceStarted():
            raise ValueError("an instance starts once")
        case _:
            assert_never(event)


# ---- tasks


def _task_opened(state: State, event: TaskOpened) -> State:
    task = Task(
        event.task, event.address, event.step, event.round, event.title, event.stage, event.school,
        event.role, event.assignee, event.candidates, event.due, event.moments,
    )  # fmt: skip
    agenda = state.agenda
    for place, moment in enumerate(task.moments):
        agenda = _enter(agenda, moment.at, (task.id, place))
    return replace(
        state,
        tasks=state.tasks.set(task.id, task),
        open_tasks=state.open_tasks.set(task.id, None),
        agenda=agenda,
        tallies=_tally(state, task, lambda tally: replace(tally, open=tally.open + 1)),
        asked=_asked(state, task.role, 1),
    )


def _task(state: State, task: str, **changes: str | None) -> State:
    return replace(state, tasks=state.tasks.set(task, replace(state.tasks[task], **changes)))  # type: ignore[arg-type]


def _task_answered(state: State, event: TaskCompleted | TaskReturned, status: TaskStatus) -> State:
    task = state.tasks[event.task]
    closed = replace(
        task,
        done_by=event.by,
        outcome=event.outcome,
        reason=event.reason,
        assignee=task.assignee or event.by,
    )
    state = _close(state, closed, status, event.at)
    answers = event.values if isinstance(event, TaskCompleted) else {}
    result: JsonValue = {
        "earlier": _earlier(state, task),
        "code": event.code,
        **answers,
        "outcome": event.outcome,
        "by": event.by,
        "done": event.at.isoformat(),
        "reason": event.reason,
        "round": task.round,
    }
    if addresses.is_seat(task.address):
        return _seat_answered(state, task, result)
    return _set(state, addresses.scope_of(task.address), {task.step: result})


def _earlier(state: State, task: Task) -> list[JsonValue]:
    """The rounds of the task before this one, in the same block, oldest first."""
    block = addresses.block_of(task.address)
    places = (addresses.step(block, task.step, again) for again in range(1, task.round))
    before = (state.tasks.get(task_id(state.instance, place)) for place in places)
    return [
        {
            "round": each.round,
            "outcome": each.outcome,
            "by": each.done_by,
            "done": each.closed_at.isoformat() if each.closed_at else None,
            "reason": each.reason,
        }
        for each in before
        if each and each.outcome
    ]


def _seat_answered(state: State, task: Task, result: JsonValue) -> State:
    address = addresses.asking(task.address)
    composite = state.composites[address]
    answers = (*composite.answers, result)
    return _composite(state, address, replace(composite, open=composite.open - 1, answers=answers))


def _quorum_reached(state: State, event: QuorumReached) -> State:
    composite, scope = state.composites[event.address], addresses.scope_of(event.address)
    last = composite.answers[-1] if composite.answers else None
    before = state.scopes.get(scope, Map()).get(event.step) if addresses.again_of(event.address) > 1 else None
    result: JsonValue = {
        **(last if isinstance(last, dict) else {}),
        "outcome": event.outcome,
        "tied": event.tied,
        "asked": len(composite.items),
        "answers": list(composite.answers),
        "earlier": _earlier_decisions(before),
    }
    state = _composite(state, event.address, replace(composite, open=0))
    return _set(state, scope, {event.step: result})


def _earlier_decisions(before: JsonValue) -> list[JsonValue]:
    """The rounds in which several people have decided before, oldest first."""
    if not isinstance(before, dict):
        return []
    earlier = before.get("earlier")
    last: JsonValue = {name: before.get(name) for name in ("round", "outcome", "by", "done", "reason")}
    return [*(earlier if isinstance(earlier, list) else ()), last]


def _close(state: State, task: Task, status: TaskStatus, at: datetime) -> State:
    agenda = state.agenda
    for place, moment in enumerate(task.moments):
        agenda = _leave(agenda, moment.at, (task.id, place))
    late, done = int(task.overdue), int(status == "completed")
    return replace(
        state,
        tasks=state.tasks.set(task.id, replace(task, status=status, closed_at=at)),
        open_tasks=state.open_tasks.delete(task.id),
        agenda=agenda,
        tallies=_tally(state, task, lambda t: Tally(t.open - 1, t.done + done, t.overdue - late)),
        asked=_asked(state, task.role, -1),
    )


def _overdue(state: State, event: TaskOverdue) -> State:
    state = _spend(state, event.task, "due", 0)
    task = replace(state.tasks[event.task], overdue=True)
    tallies = _tally(state, task, lambda tally: replace(tally, overdue=tally.overdue + 1))
    return replace(state, tasks=state.tasks.set(task.id, task), tallies=tallies)


def _tally(state: State, task: Task, change: Callable[[Tally], Tally]) -> Map[tuple[str, str], Tally]:
    cell = (task.stage, task.school or "")
    return state.tallies.set(cell, change(state.tallies.get(cell, Tally())))


def _asked(state: State, role: str, change: int) -> Map[str, int]:
    count = state.asked.get(role, 0) + change
    return state.asked.set(role, count) if count else state.asked.delete(role)


# ---- time


def _enter(agenda: Agenda, at: datetime, key: tuple[str, int]) -> Agenda:
    return agenda.set(at, agenda.get(at, Map()).set(key, None))


def _leave(agenda: Agenda, at: datetime, key: tuple[str, int]) -> Agenda:
    due = agenda.get(at)
    if due is None or key not in due:
        return agenda
    rest = due.delete(key)
    return agenda.set(at, rest) if rest else agenda.delete(at)


def _spend(state: State, task_id: str, kind: str, days: int) -> State:
    agenda = state.agenda
    for place, moment in enumerate(state.tasks[task_id].moments):
        if moment.kind == kind and moment.days == days:
            agenda = _leave(agenda, moment.at, (task_id, place))
    return replace(state, agenda=agenda)


def _wait_opened(state: State, event: WaitOpened) -> State:
    single = (Awaited(event=event.event, raised_by=event.raised_by),) if event.event else ()
    wait = Wait(event.address, event.step, event.awaited or single, event.until, event.school)
    agenda = _enter(state.agenda, event.until.at, (event.address, 0)) if event.until else state.agenda
    return replace(state, waits=state.waits.set(event.address, wait), agenda=agenda)


def _wait_closed(state: State, wait: Wait) -> State:
    agenda = _leave(state.agenda, wait.until.at, (wait.address, 0)) if wait.until else state.agenda
    return replace(state, waits=state.waits.delete(wait.address), agenda=agenda)


def _wait_ended(state: State, event: WaitEnded) -> State:
    wait = state.waits[event.address]
    state = _wait_closed(state, wait)
    result: JsonValue = {
        "happened": event.happened,
        "event": event.event,
        "values": event.values,
        "reason": event.reason,
        "by": event.by,
        "done": event.at.isoformat(),
    }
    return _set(state, addresses.scope_of(wait.address), {wait.step: result})


# ---- calls


def _call_requested(state: State, event: CallRequested) -> State:
    call = OpenCall(
        event.address, event.step, event.activity, event.arguments, event.attempt,
        event.at_most, event.first_seconds, event.timeout_seconds,
    )  # fmt: skip
    return replace(state, calls=state.calls.set(event.address, call))


def _call_ended(state: State, event: CallFinished | CallFailed) -> State:
    call = state.calls[event.address]
    result: dict[str, JsonValue] = {"failed": True, "why": event.why} if isinstance(event, CallFailed) else {}
    if isinstance(event, CallFinished):
        given = event.result if isinstance(event.result, dict) else {"value": event.result}
        result = {**given, "failed": False}
    state = replace(state, calls=state.calls.delete(event.address))
    return _set(state, addresses.scope_of(call.address), {call.step: result})


# ---- structure and values


def _for_each_opened(state: State, event: ForEachOpened) -> State:
    scopes = state.scopes.mutate()
    for each in event.items:
        scopes[addresses.item(event.address, each.key)] = _own_values(each)
    here = (addresses.scope_of(event.address), event.step)
    state = replace(state, scopes=scopes.finish(), lists=state.lists.set(here, event.address))
    if event.until and event.items:
        state = replace(state, agenda=_enter(state.agenda, event.until.at, (event.address, 0)))
    items = {each.key: each for each in event.items}
    opened = Composite(event.step, len(items), items, partial=event.partial, until=event.until)
    return _composite(state, event.address, opened)


def _own_values(member: Item) -> Values:
    own = {"school": member.school} if member.school else {}
    return Map({**own, **member.values})


def _member_joined(state: State, event: MemberJoined) -> State:
    composite = state.composites[event.address]
    items = {**composite.items, event.item.key: event.item}
    block = addresses.item(event.address, event.item.key)
    state = replace(state, scopes=state.scopes.set(block, _own_values(event.item)))
    return _composite(state, event.address, replace(composite, items=items, open=composite.open + 1))


def _member_left(state: State, event: MemberLeft) -> State:
    composite = state.composites[event.address]
    items = {key: each for key, each in composite.items.items() if key != event.key}
    return _composite(state, event.address, replace(composite, items=items, open=composite.open - 1))


def _joined(state: State, event: Joined) -> State:
    composite = state.composites[event.address]
    if composite.until:
        state = replace(state, agenda=_leave(state.agenda, composite.until.at, (event.address, 0)))
    return _composite(state, event.address, replace(composite, open=0))


def _composite(state: State, address: str, composite: Composite) -> State:
    return replace(state, composites=state.composites.set(address, composite))


def _step_finished(state: State, block: str) -> State:
    owner = addresses.owner_of(block)
    composite = state.composites[owner]
    closed = composite.closed.set(block, None)
    return _composite(state, owner, replace(composite, open=composite.open - 1, closed=closed))


def _set(state: State, scope: str, values: Mapping[str, JsonValue]) -> State:
    known: Values = state.scopes.get(scope, Map())
    return replace(state, scopes=state.scopes.set(scope, known.update(values)))
