"""How one event changes the state. Total and without decisions: whatever the log holds can be folded."""

from collections.abc import Iterable
from typing import assert_never
from uuid import UUID

from immutables import Map
from pydantic import JsonValue

from engine import addresses, stops, task_states
from engine.agenda import enter, leave
from engine.copying import replace
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
    ClockStarted,
    ClockStopped,
    DecisionMade,
    Event,
    EventRaised,
    FactRecorded,
    ForEachOpened,
    InstanceCancelled,
    InstanceEnded,
    InstanceMigrated,
    InstanceStarted,
    Item,
    Joined,
    MatterOpened,
    MemberJoined,
    MemberLeft,
    NotificationRequested,
    ParallelOpened,
    QuorumOpened,
    QuorumReached,
    RoundStarted,
    RunFailed,
    RunFinished,
    RunRequested,
    RunWithdrawn,
    StepFinished,
    StepsFinished,
    TaskClaimed,
    TaskCompleted,
    TaskDeferred,
    TaskEscalated,
    TaskLapsed,
    TaskOpened,
    TaskOverdue,
    TaskReassigned,
    TaskReleased,
    TaskReminded,
    TaskResumed,
    TaskReturned,
    TaskSkipped,
    TaskWithdrawn,
    ValuesSet,
    WaitEnded,
    WaitOpened,
    WaitWithdrawn,
)
from engine.records import Recorded
from engine.state import Composite, OpenCall, OpenRun, State, Values, Wait, with_values


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


def _fold(  # noqa: C901, PLR0911, PLR0912, PLR0915 - one line for each kind of event
    state: State, event: Event
) -> State:
    match event:
        case TaskOpened():
            return task_states.opened(state, event)
        case TaskClaimed() | TaskReassigned():
            return task_states.changed(state, event.task, assignee=event.person)
        case TaskReleased():
            return task_states.changed(state, event.task, assignee=None)
        case TaskCompleted() | TaskReturned() | TaskSkipped() | TaskLapsed():
            return task_states.ended(state, event)
        case TaskDeferred():
            return task_states.deferred(state, event)
        case TaskResumed():
            return task_states.resumed(state, event)
        case TaskWithdrawn():
            return task_states.closed(state, state.tasks[event.task], "withdrawn", event.at)
        case TaskReminded():
            return task_states.spend(state, event.task, "reminder", event.days)
        case TaskEscalated():
            return task_states.spend(state, event.task, "escalation", event.days)
        case TaskOverdue():
            return task_states.overdue(state, event)
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
            return with_values(state, event.scope, event.values)
        case DecisionMade():
            return with_values(state, event.scope, {event.step: event.gives})
        case FactRecorded():
            return with_values(state, event.scope, {event.step: event.values})
        case WaitOpened():
            return _wait_opened(state, event)
        case WaitEnded():
            return _wait_ended(state, event)
        case CallWithdrawn():
            return replace(state, calls=state.calls.delete(event.address))
        case WaitWithdrawn():
            return _wait_closed(state, state.waits[event.address])
        case EventRaised():
            key = (event.event, event.subject, event.do)
            return replace(state, raised=state.raised.set(key, (event, state.children)))
        case ClockStopped():
            return stops.stopped(state, event)
        case ClockStarted():
            return stops.started(state, event)
        case MatterOpened():
            return _matter_opened(state, event)
        case StepsFinished():
            return replace(state, steps_finished=True)
        case ChildStarted():
            return replace(state, children=state.children.set(event.child, event.address))
        case ChildWithdrawn():
            leaving = state.leaving.set(event.child, event.address)
            return replace(state, children=state.children.delete(event.child), leaving=leaving)
        case ChildEnded():
            if event.child in state.leaving:
                return replace(state, leaving=state.leaving.delete(event.child))
            state = replace(state, children=state.children.delete(event.child))
            return with_values(state, event.address, {**event.values, "outcome": event.outcome})
        case CallRequested():
            return _call_requested(state, event)
        case CallFinished() | CallFailed():
            return _call_ended(state, event)
        case RunRequested():
            return _run_requested(state, event)
        case RunFinished():
            return _run_finished(state, event)
        case RunFailed():
            return _run_failed(state, event)
        case RunWithdrawn():
            return _run_withdrawn(state, event)
        case BranchChosen() | NotificationRequested():
            return state
        case InstanceEnded():
            return replace(
                state,
                status="ended",
                outcome=event.outcome,
                reported=event.reported,
                agenda=Map(),
                runs=Map(),
            )
        case InstanceCancelled():
            return replace(
                state, status="cancelled", outcome="cancelled", agenda=Map(), waits=Map(), calls=Map()
            )
        case InstanceMigrated():
            return _migrated(state, event)
        case InstanceStarted():
            raise ValueError("an instance starts once")
        case _:
            assert_never(event)


def _migrated(state: State, event: InstanceMigrated) -> State:
    """As if it had been started so, but for what has happened since."""
    started = state.started
    moved = started.model_copy(
        update={
            **event.model_dump(
                include={
                    "definition", "calendar", "directory", "engine", "title", "owner_role", "confidentiality", "stages",
                }
            ),
            "inputs": {**started.inputs, **event.inputs},
            "data": {**started.data, **event.values},
        }
    )  # fmt: skip
    return with_values(replace(state, started=moved), addresses.ROOT, {**event.inputs, **event.values})


# ---- several people


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
    return with_values(state, scope, {event.step: result})


def _earlier_decisions(before: JsonValue) -> list[JsonValue]:
    """The rounds in which several people have decided before, oldest first."""
    if not isinstance(before, dict):
        return []
    earlier = before.get("earlier")
    last: JsonValue = {name: before.get(name) for name in ("round", "outcome", "by", "done", "reason")}
    return [*(earlier if isinstance(earlier, list) else ()), last]


# ---- time


def _wait_opened(state: State, event: WaitOpened) -> State:
    single = (Awaited(event=event.event, raised_by=event.raised_by),) if event.event else ()
    wait = Wait(
        event.address, event.step, event.awaited or single, event.until, event.school,
        stopped=event.stopped, stopped_at=event.at if event.stopped else None,
    )  # fmt: skip
    runs = event.until and not event.stopped
    agenda = enter(state.agenda, event.until.at, (event.address, 0)) if event.until and runs else state.agenda
    return replace(state, waits=state.waits.set(event.address, wait), agenda=agenda)


def _wait_closed(state: State, wait: Wait) -> State:
    agenda = leave(state.agenda, wait.until.at, (wait.address, 0)) if wait.until else state.agenda
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
    return with_values(state, addresses.scope_of(wait.address), {wait.step: result})


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
    return with_values(state, addresses.scope_of(call.address), {call.step: result})


# ---- other processes


def _run_requested(state: State, event: RunRequested) -> State:
    run = OpenRun(
        event.address, event.step, event.process, event.child, event.definition, event.inputs,
        event.school, event.wait, event.cancel, event.attempt,
    )  # fmt: skip
    return replace(state, runs=state.runs.set(event.child, run))


def _run_finished(state: State, event: RunFinished) -> State:
    if event.child in state.leaving:
        return replace(state, leaving=state.leaving.delete(event.child))
    run = state.runs[event.child]
    result: JsonValue = {
        "outcome": event.outcome,
        "instance": event.child,
        "reports": event.reports,
        "failed": False,
        "why": None,
    }
    kept = state.runs.delete(event.child)
    if not run.wait and run.cancel == "with parent":
        kept = kept.set(event.child, replace(run, began=True))
    return with_values(replace(state, runs=kept), addresses.scope_of(run.address), {run.step: result})


def _run_failed(state: State, event: RunFailed) -> State:
    run = state.runs.get(event.child)
    if run and run.address == event.address:
        state = replace(state, runs=state.runs.delete(event.child))
    result: JsonValue = {
        "outcome": "not-started",
        "instance": event.child,
        "reports": {},
        "failed": True,
        "why": event.why,
    }
    return with_values(state, addresses.scope_of(event.address), {event.step: result})


def _run_withdrawn(state: State, event: RunWithdrawn) -> State:
    run = state.runs[event.child]
    state = replace(state, runs=state.runs.delete(event.child))
    if run.cancel == "never":
        return state
    return replace(state, leaving=state.leaving.set(event.child, event.address))


# ---- structure and values


def _for_each_opened(state: State, event: ForEachOpened) -> State:
    scopes = state.scopes.mutate()
    for each in event.items:
        scopes[addresses.item(event.address, each.key)] = _own_values(each)
    here = (addresses.scope_of(event.address), event.step)
    state = replace(state, scopes=scopes.finish(), lists=state.lists.set(here, event.address))
    if event.until and event.items:
        state = replace(state, agenda=enter(state.agenda, event.until.at, (event.address, 0)))
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
        state = replace(state, agenda=leave(state.agenda, composite.until.at, (event.address, 0)))
    return _composite(state, event.address, replace(composite, open=0))


def _composite(state: State, address: str, composite: Composite) -> State:
    return replace(state, composites=state.composites.set(address, composite))


def _matter_opened(state: State, event: MatterOpened) -> State:
    block = addresses.item(event.address, event.item.key)
    before = state.composites.get(event.address, Composite(event.address, 0))
    items = {**before.items, event.item.key: event.item}
    beside, scopes = state.beside.set(block, None), state.scopes.set(block, _own_values(event.item))
    state = replace(state, beside=beside, scopes=scopes)
    return _composite(state, event.address, replace(before, open=before.open + 1, items=items))


def _step_finished(state: State, block: str) -> State:
    if block in state.beside:
        state = replace(state, beside=state.beside.delete(block))
    owner = addresses.owner_of(block)
    composite = state.composites[owner]
    closed = composite.closed.set(block, None)
    return _composite(state, owner, replace(composite, open=composite.open - 1, closed=closed))
