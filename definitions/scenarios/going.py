"""The paths that a play has gone, read from its events alone."""

from collections.abc import Iterable, Iterator, Mapping

from definitions.scenarios.paths import (
    ANOTHER_ROUND,
    BEGINNING,
    BEGUN,
    DEFERRED,
    ENDED,
    FAILED,
    LAPSED,
    SKIPPED,
    WITHOUT,
    Way,
    came_path,
    case_path,
    raised_path,
    row_path,
)
from engine import addresses
from engine.definition.model import ChooseStep, WaitStep
from engine.definition.outward import RunStep
from engine.definition.program import Node, Program
from engine.events import (
    BranchChosen,
    CallFailed,
    DecisionMade,
    Event,
    EventRaised,
    InstanceEnded,
    InstanceStarted,
    Joined,
    QuorumReached,
    RoundStarted,
    RunFailed,
    RunFinished,
    RunWithdrawn,
    TaskCompleted,
    TaskDeferred,
    TaskEscalated,
    TaskLapsed,
    TaskOpened,
    TaskReturned,
    TaskSkipped,
    ValuesSet,
    WaitEnded,
)
from engine.playing import Played


def gone(program: Program, played: Iterable[Played]) -> set[Way]:
    """The paths of a play, by what tells them apart. It may hold more than `paths` names."""
    tasks: dict[str, str] = {}
    found: set[Way] = set()
    others: set[str] = set()
    withdrawn: set[tuple[str, str]] = set()
    for each in played:
        event = each.event
        if isinstance(event, InstanceStarted) and event.process != program.definition.process:
            others.add(each.instance)
        if isinstance(event, RunWithdrawn):
            withdrawn.add((each.instance, event.address))
        if each.instance in others or _told_late(each, withdrawn):
            continue
        address = getattr(event, "address", None)
        if isinstance(address, str) and not isinstance(event, ValuesSet):  # Which says nothing of its step.
            found.add((addresses.owner_of(addresses.name_of(address)), BEGINNING))
        if isinstance(event, TaskOpened):
            tasks[event.task] = event.address
        found |= set(_gone_by(program, event, tasks))
    return found


def _told_late(each: Played, withdrawn: set[tuple[str, str]]) -> bool:
    """Whether a process tells its end after the work has gone on without it."""
    return isinstance(each.event, RunFinished) and (each.instance, each.event.address) in withdrawn


def _gone_by(program: Program, event: Event, tasks: Mapping[str, str]) -> Iterator[Way]:
    match event:
        case BranchChosen():
            yield event.step, _chosen(program, event)
        case DecisionMade():
            yield event.step, row_path(event.row)
        case RoundStarted() if event.round > 1:
            yield event.step, ANOTHER_ROUND
        case WaitEnded():
            step = addresses.name_of(event.address)
            yield from ((step, each) for each in _ended(program.steps[step], event))
        case RunFinished() | RunFailed() | CallFailed():
            step = addresses.name_of(event.address)
            yield step, _outward(program.steps[step].spec, event)
        case Joined() if event.missing:
            yield event.step, WITHOUT
        case QuorumReached():
            yield event.step, f"outcome {event.outcome!r}"
        case EventRaised():
            yield None, raised_path(event.event)
        case InstanceEnded():
            yield None, f"the outcome {event.outcome!r}"
        case _:
            address = tasks.get(getattr(event, "task", ""), "")
            yield from ((addresses.name_of(address), each) for each in _of_task(event, address))


def _of_task(event: Event, address: str) -> Iterator[str]:
    match event:
        # What each of several people says is no outcome yet: they decide together.
        case TaskCompleted() | TaskReturned() if not addresses.is_seat(address):
            yield f"outcome {event.outcome!r}"
        case TaskSkipped():
            yield SKIPPED
        case TaskDeferred():
            yield DEFERRED
        case TaskLapsed():
            yield from (LAPSED, f"outcome {event.outcome!r}")
        case TaskEscalated():
            yield f"the escalation {event.days} school days late"
        case _:
            pass


def _chosen(program: Program, event: BranchChosen) -> str:
    spec = program.steps[event.step].spec
    if event.branch is None or not isinstance(spec, ChooseStep):
        return case_path(None, None)
    case = spec.cases[event.branch]
    return case_path(event.branch, case.label or case.when)


def _outward(spec: object, event: RunFinished | RunFailed | CallFailed) -> str:
    if not isinstance(event, RunFinished):
        return FAILED
    return ENDED if isinstance(spec, RunStep) and spec.wait else BEGUN


def _ended(node: Node, event: WaitEnded) -> Iterator[str]:
    if not event.happened:
        yield from ("the date", "the date, without the event")
    elif isinstance(node.spec, WaitStep):
        # Where only one event is awaited, the log need not name it.
        yield came_path(event.event or next(iter(node.spec.awaited), ""))
