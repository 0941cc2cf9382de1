"""The paths of a definition: every way that a play can go."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from definitions.positions import Place
from engine.definition.model import (
    ChooseStep,
    DecideStep,
    ForEachStep,
    ParallelStep,
    RepeatStep,
    TaskStep,
    WaitStep,
)
from engine.definition.outward import CallStep, RunStep
from engine.definition.program import Node, Program

Way = tuple[str | None, str]
"""A step and how it went; without a step, the whole cycle."""
BEGINNING = "the beginning"
ANOTHER_ROUND = "a second round"
WITHOUT = "going on without some"
ENDED, BEGUN, FAILED = "the end of the process", "going on without its end", "failing"
SKIPPED, DEFERRED, LAPSED = "being skipped", "being put off", "the deadline that answers"


@dataclass(frozen=True, slots=True)
class Path:
    """One way that a play can go at a step; without a step, at the end."""

    step: str | None
    what: str
    place: Place = ()
    """Below the step in the file."""

    @property
    def id(self) -> Way:
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
            for days in node.spec.escalate or ():
                yield Path(node.id, f"the escalation {days} school days late", ("escalate", str(days)))
    for event in program.definition.on:
        yield Path(None, raised_path(event), ("on", event))
    for name in program.definition.outcomes:
        yield Path(None, f"the outcome {name!r}", ("outcomes", name))


def _no_more(_: Node) -> Iterator[Path]:
    return iter(())


def _task(node: Node) -> Iterator[Path]:
    if not isinstance(node.spec, TaskStep):
        return
    if not node.spec.outcomes:
        yield Path(node.id, "outcome 'done'")
    for name in node.spec.outcomes:
        yield Path(node.id, f"outcome {name!r}", ("outcomes", name))
    for word, key in ((SKIPPED, "skip"), (DEFERRED, "defer"), (LAPSED, "unanswered")):
        if getattr(node.spec, key):
            yield Path(node.id, word, (key,))


def raised_path(event: str) -> str:
    """Something is done about an event from outside."""
    return f"the event {event!r} from outside"


def _choose(node: Node) -> Iterator[Path]:
    cases = node.spec.cases if isinstance(node.spec, ChooseStep) else ()
    for number, case in enumerate(cases):
        yield Path(node.id, case_path(number, case.label or case.when), ("cases", number))
    if cases and cases[-1].when is not None:
        yield Path(node.id, case_path(None, None))


def case_path(number: int | None, called: str | None) -> str:
    """A case is chosen, counted from 0; or none."""
    if number is None:
        return "no case that holds"
    return f"case {number + 1} ({called})" if called else f"case {number + 1} (otherwise)"


def _repeat(node: Node) -> Iterator[Path]:
    if isinstance(node.spec, RepeatStep) and node.spec.at_most > 1:
        yield Path(node.id, ANOTHER_ROUND)


def _wait(node: Node) -> Iterator[Path]:
    if not isinstance(node.spec, WaitStep):
        return
    for event in node.spec.awaited:
        yield Path(node.id, came_path(event), ("events", event) if node.spec.events else ("event",))
    if node.spec.until:
        yield Path(
            node.id, "the date" if not node.spec.awaited else "the date, without the event", ("until",)
        )


def came_path(event: str) -> str:
    """The event that is waited for comes."""
    return f"the event {event!r}"


def _for_each(node: Node) -> Iterator[Path]:
    if isinstance(node.spec, ForEachStep) and (node.spec.join != "all" or node.spec.until):
        yield Path(node.id, WITHOUT, ("until",) if node.spec.until else ("join",))


def _parallel(node: Node) -> Iterator[Path]:
    if isinstance(node.spec, ParallelStep) and node.spec.join != "all":
        yield Path(node.id, WITHOUT, ("join",))


def _run(node: Node) -> Iterator[Path]:
    if isinstance(node.spec, RunStep):
        yield Path(node.id, ENDED if node.spec.wait else BEGUN, ("wait",))
    yield from _call(node)


def _call(node: Node) -> Iterator[Path]:
    # Where the owner is asked, the question is a step with paths of its own.
    if isinstance(node.spec, RunStep | CallStep) and node.spec.on_failure == "go on":
        yield Path(node.id, FAILED, ("on_failure",))


def _decide(node: Node) -> Iterator[Path]:
    rows = node.spec.table if isinstance(node.spec, DecideStep) else ()
    for number in range(len(rows)):
        yield Path(node.id, row_path(number + 1), ("table", number))


def row_path(number: int) -> str:
    """A row of a decision table holds, counted from 1."""
    return f"row {number}"


_WAYS: dict[str, Callable[[Node], Iterator[Path]]] = {
    "task": _task,
    "choose": _choose,
    "repeat": _repeat,
    "wait": _wait,
    "decide": _decide,
    "for_each": _for_each,
    "parallel": _parallel,
    "run": _run,
    "call": _call,
}
