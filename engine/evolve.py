"""How one event changes the state. Total and without decisions: whatever the log holds can be folded."""

from collections.abc import Iterable
from typing import assert_never
from uuid import UUID

from immutables import Map

from engine import (
    addresses,
    date_states,
    linked_states,
    step_states,
    stops,
    talk_states,
    task_states,
    wait_states,
)
from engine.copying import replace
from engine.events import (
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
    DeadlineMoved,
    DecisionMade,
    Event,
    EventRaised,
    FactRecorded,
    ForEachOpened,
    InstanceCancelled,
    InstanceEnded,
    InstanceMigrated,
    InstanceRenewed,
    InstanceStarted,
    Item,
    Joined,
    MatterOpened,
    MemberJoined,
    MemberLeft,
    NotificationRequested,
    NudgePlanned,
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
    TaskAttached,
    TaskClaimed,
    TaskCommented,
    TaskCompleted,
    TaskDeferred,
    TaskDelegated,
    TaskEscalated,
    TaskHandedBack,
    TaskLapsed,
    TaskNudged,
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
    TimeAsked,
    TimeGranted,
    TimeRefused,
    ValuesSet,
    WaitEnded,
    WaitOpened,
    WaitWithdrawn,
)
from engine.records import Recorded
from engine.register.fact import RegisterFact
from engine.state import Composite, State, Values, with_values


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
        case TaskClaimed():
            deputy = event.by if event.for_ else None
            return task_states.changed(
                state, event.task, assignee=event.person, deputy=deputy, delegated_by=None
            )
        case TaskReassigned():
            return task_states.changed(
                state, event.task, assignee=event.person, deputy=None, delegated_by=None
            )
        case TaskReplanned():
            return task_states.replanned(state, event)
        case TaskReleased():
            return task_states.changed(state, event.task, assignee=event.person, deputy=None)
        case TaskRecused():
            return task_states.recused(state, event)
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
        case (
            TaskDelegated()
            | TaskHandedBack()
            | TimeAsked()
            | TimeGranted()
            | TimeRefused()
            | TaskCommented()
            | TaskAttached()
            | NudgePlanned()
            | TaskNudged()
        ):
            return talk_states.fold(state, event)
        case TaskOverdue():
            return task_states.overdue(state, event)
        case ForEachOpened():
            return step_states.for_each_opened(state, event)
        case MemberJoined():
            return step_states.member_joined(state, event)
        case MemberLeft():
            return step_states.member_left(state, event)
        case Joined():
            return step_states.joined(state, event)
        case QuorumOpened():
            people = {person: Item(key=person, values={}) for person in event.people}
            return step_states.with_composite(
                state, event.address, Composite(event.step, len(people), people)
            )
        case QuorumReached():
            return step_states.quorum_reached(state, event)
        case ParallelOpened():
            return step_states.with_composite(state, event.address, Composite(event.step, event.branches))
        case RoundStarted():
            return step_states.with_composite(
                state, event.address, Composite(event.step, 1, round=event.round)
            )
        case StepFinished():
            return step_states.step_finished(state, event.address)
        case ValuesSet():
            return with_values(state, event.scope, event.values)
        case DecisionMade():
            return with_values(state, event.scope, {event.step: event.gives})
        case FactRecorded():
            return with_values(state, event.scope, {event.step: event.values})
        case WaitOpened():
            return wait_states.wait_opened(state, event)
        case WaitEnded():
            return wait_states.wait_ended(state, event)
        case CallWithdrawn():
            return replace(state, calls=state.calls.delete(event.address))
        case WaitWithdrawn():
            return wait_states.wait_closed(state, state.waits[event.address])
        case EventRaised():
            key = (event.event, event.subject, event.do)
            return replace(state, raised=state.raised.set(key, (event, state.children)))
        case ClockStopped():
            return stops.stopped(state, event)
        case ClockStarted():
            return stops.started(state, event)
        case DeadlineMoved():
            return date_states.deadline_moved(state, event)
        case MatterOpened():
            return step_states.matter_opened(state, event)
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
            return linked_states.call_requested(state, event)
        case CallFinished() | CallFailed():
            return linked_states.call_ended(state, event)
        case RunRequested():
            return linked_states.run_requested(state, event)
        case RunFinished():
            return linked_states.run_finished(state, event)
        case RunFailed():
            return linked_states.run_failed(state, event)
        case RunWithdrawn():
            return linked_states.run_withdrawn(state, event)
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
        case InstanceRenewed():
            pins = {"calendar": event.calendar, "directory": event.directory}
            return replace(state, started=state.started.model_copy(update=pins))
        case InstanceStarted():
            raise ValueError("an instance starts once")
        case RegisterFact():
            raise ValueError(f"{event.kind} is a fact of the register, not of an instance")
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
