"""The paths of a definition that scenarios can cover, and those that a play has gone."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from definitions.positions import Place
from engine import addresses
from engine.definition.model import (
    ChooseStep,
    DecideStep,
    ForEachStep,
    ParallelStep,
    RepeatStep,
    TaskStep,
    WaitStep,
)
from engine.definition.program import Node, Program
from engine.events import (
    BranchChosen,
    DecisionMade,
    Event,
    InstanceEnded,
    Joined,
    QuorumReached,
    RoundStarted,
    TaskCompleted,
    TaskEscalated,
    TaskOpened,
    TaskReturned,
    WaitEnded,
)
from engine.kinds.registry import KINDS
from engine.playing import Played

BEGINNING = "the beginning"
WITHOUT = "going on without some"


@dataclass(frozen=True, slots=True)
class Path:
    """One way that a play can go at a step; without a step, at the end."""

    step: str | None
    what: str
    place: Place = ()
    """Below the step in the file."""

    @property
    def id(self) -> tuple[str | None, str]:
        """What tells it apart."""
        return self.step, self.what

    def __str__(self) -> str:
        return f"{self.what} of {self.step}" if self.step else self.what


def paths(program: Program, *, escalations: bool = False) -> Iterator[Path]:
    """Every path, in the order of the file; those of escalations only where they are asked for."""
    for node in program.walk():
        if not node.does.named:
            continue  # What has no name is gone with what is around it.
        yield Path(node.id, BEGINNING)
        yield from _WAYS.get(node.kind, _no_more)(node)
        if escalations and isinstance(node.spec, TaskStep):
            for days in node.spec.escalate:
                yield Path(node.id, f"the escalation {days} school days late", ("escalate", str(days)))
    for name in program.definition.outcomes:
        yield Path(None, f"the outcome {name!r}", ("outcomes", name))


def _no_more(_: Node) -> Iterator[Path]:
    return iter(())


def _task(node: Node) -> Iterator[Path]:
    outcomes = node.spec.outcomes if isinstance(node.spec, TaskStep) else {}
    if not outcomes:
        yield Path(node.id, "outcome 'done'")
    for name in outcomes:
        yield Path(node.id, f"outcome {name!r}", ("outcomes", name))


def _choose(node: Node) -> Iterator[Path]:
    cases = node.spec.cases if isinstance(node.spec, ChooseStep) else ()
    for number, case in enumerate(cases):
        yield Path(node.id, _case(number, case.label or case.when), ("cases", number))
    if cases and cases[-1].when is not None:
        yield Path(node.id, _case(None, None))


def _case(number: int | None, called: str | None) -> str:
    if number is None:
        return "no case that holds"
    return f"case {number + 1} ({called})" if called else f"case {number + 1} (otherwise)"


def _repeat(node: Node) -> Iterator[Path]:
    if isinstance(node.spec, RepeatStep) and node.spec.at_most > 1:
        yield Path(node.id, "a second round")


def _wait(node: Node) -> Iterator[Path]:
    if not isinstance(node.spec, WaitStep):
        return
    for event in node.spec.awaited:
        yield Path(node.id, _came(event), ("events", event) if node.spec.events else ("event",))
    if node.spec.until:
        yield Path(
            node.id, "the date" if not node.spec.awaited else "the date, without the event", ("until",)
        )


def _came(event: str) -> str:
    return f"the event {event!r}"


def _for_each(node: Node) -> Iterator[Path]:
    if isinstance(node.spec, ForEachStep) and (node.spec.join != "all" or node.spec.until):
        yield Path(node.id, WITHOUT, ("until",) if node.spec.until else ("join",))


def _parallel(node: Node) -> Iterator[Path]:
    if isinstance(node.spec, ParallelStep) and node.spec.join != "all":
        yield Path(node.id, WITHOUT, ("join",))


def _decide(node: Node) -> Iterator[Path]:
    rows = node.spec.table if isinstance(node.spec, DecideStep) else ()
    for number in range(len(rows)):
        yield Path(node.id, _row(number + 1), ("table", number))


def _row(number: int) -> str:
    return f"row {number}"


_WAYS: dict[str, Callable[[Node], Iterator[Path]]] = {
    "task": _task,
    "choose": _choose,
    "repeat": _repeat,
    "wait": _wait,
    "decide": _decide,
    "for_each": _for_each,
    "parallel": _parallel,
}


# ---- what a play has gone


def gone(program: Program, played: Iterable[Played]) -> set[tuple[str | None, str]]:
    """The paths of a play, by what tells them apart. It may hold more than `paths` names."""
    tasks: dict[str, str] = {}
    found: set[tuple[str | None, str]] = set()
    for each in played:
        event = each.event
        address = getattr(event, "address", None)
        if isinstance(address, str):
            found.add((addresses.owner_of(addresses.name_of(address)), BEGINNING))
        if isinstance(event, TaskOpened):
            tasks[event.task] = event.address
        found |= set(_gone_by(program, event, tasks))
    return found


def _gone_by(  # noqa: C901 - one line for each kind of event
    program: Program, event: Event, tasks: Mapping[str, str]
) -> Iterator[tuple[str | None, str]]:
    match event:
        case TaskCompleted() | TaskReturned():
            # What each of several people says is no outcome yet: they decide together.
            if not addresses.is_seat(tasks[event.task]):
                yield addresses.name_of(tasks[event.task]), f"outcome {event.outcome!r}"
        case QuorumReached():
            yield event.step, f"outcome {event.outcome!r}"
        case Joined() if event.missing:
            yield event.step, WITHOUT
        case TaskEscalated():
            yield addresses.name_of(tasks[event.task]), f"the escalation {event.days} school days late"
        case BranchChosen():
            yield event.step, _chosen(program, event)
        case DecisionMade():
            yield event.step, _row(event.row)
        case RoundStarted() if event.round > 1:
            yield event.step, "a second round"
        case WaitEnded():
            step = addresses.name_of(event.address)
            yield from ((step, each) for each in _ended(program.steps[step], event))
        case InstanceEnded():
            yield None, f"the outcome {event.outcome!r}"
        case _:
            pass


def _chosen(program: Program, event: BranchChosen) -> str:
    spec = program.steps[event.step].spec
    if event.branch is None or not isinstance(spec, ChooseStep):
        return _case(None, None)
    case = spec.cases[event.branch]
    return _case(event.branch, case.label or case.when)


def _ended(node: Node, event: WaitEnded) -> Iterator[str]:
    if not event.happened:
        yield from ("the date", "the date, without the event")
    elif isinstance(node.spec, WaitStep):
        # Where only one event is awaited, the log need not name it.
        yield _came(event.event or next(iter(node.spec.awaited), ""))


# ---- where they stand in the file


def places(program: Program, data: JsonValue) -> dict[str, Place]:
    """The place of every step in a definition's file, by its name; of a step that stands in no file, its owner's."""
    found = dict(_places(data, ()))
    for node in program.walk():
        owner = node.block.owner
        if node.id not in found and owner is not None:
            found[node.id] = found.get(owner.id, ())
    return found


def _places(data: JsonValue, place: Place) -> Iterator[tuple[str, Place]]:
    if isinstance(data, dict):
        name = next((data[kind] for kind in KINDS if kind in data), None)
        if isinstance(name, str):
            yield name, place
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for part, value in inner:
        yield from _places(value, (*place, part))
