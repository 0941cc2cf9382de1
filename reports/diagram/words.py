"""What stands in the shapes of a diagram: a function for each kind of step."""

import re
from dataclasses import dataclass

from engine.definition.model import (
    ChooseStep,
    DecideStep,
    EndStep,
    ForEachStep,
    Handler,
    NotifyStep,
    ParallelStep,
    RecordStep,
    RepeatStep,
    SetStep,
    TaskStep,
    WaitStep,
)
from engine.definition.outward import CallStep, RunStep
from engine.definition.program import Block, Node


@dataclass(frozen=True, slots=True)
class Said:
    """The words of one shape, as the file has them."""

    title: str
    who: str | None = None
    """Whose work it is; none where nobody is asked."""
    notes: tuple[str, ...] = ()
    hint: str = ""
    """More, for whoever looks closer."""


def task(spec: TaskStep) -> Said:
    notes = [f"by {spec.due.replace('_', ' ')}"] if spec.due else []
    if spec.quorum != "any":
        notes.append(f"each of them is asked; it takes {spec.quorum}")
    for name, outcome in spec.outcomes.items():
        if outcome and outcome.return_to:
            notes.append(f"sent back, at most {outcome.at_most} times: {outcome.label or spoken(name)}")
    return Said(spec.title, spec.who, tuple(notes), spec.guidance or "")


def for_each(spec: ForEachStep) -> Said:
    notes = ["each in a cycle of its own"] if spec.run == "as child instances" else []
    notes += [f"goes on when this many are finished: {spec.join}"] if spec.join != "all" else []
    notes += [f"goes on without the rest: {spec.until}"] if spec.until else []
    return Said(f"for each {' and '.join(map(spoken, spec.over))}", notes=tuple(notes))


def repeat(spec: RepeatStep) -> Said:
    return Said(f"again until {spec.until}, at most {spec.at_most} times")


def choose(spec: ChooseStep) -> Said:
    return Said(spoken(spec.choose))


def parallel(spec: ParallelStep) -> Said:
    enough = "all at once" if spec.join == "all" else f"all at once, until {spec.join} is done"
    return Said(spoken(spec.parallel), notes=(enough,))


def assign(spec: SetStep) -> Said:
    hint = "\n".join(f"{name}: {value}" for name, value in spec.set.items() if isinstance(value, str))
    return Said(f"set {', '.join(map(spoken, spec.set))}", hint=hint)


def wait(spec: WaitStep) -> Said:
    return Said(f"wait: {' or '.join(filter(None, (*spec.awaited, spec.until)))}")


def notify(spec: NotifyStep) -> Said:
    return Said(f"tell {spec.to}: {spec.subject}")


def decide(spec: DecideStep) -> Said:
    return Said(f"{spoken(spec.decide)}: decided by {', '.join(map(spoken, spec.given))}")


def record(spec: RecordStep) -> Said:
    return Said(f"record {spec.type}")


def call(spec: CallStep) -> Said:
    return Said(f"call {spec.activity}")


def run(spec: RunStep) -> Said:
    return Said(f"run {spoken(spec.process)}", notes=() if spec.wait else ("goes on at once",))


def end(spec: EndStep) -> Said:
    return Said(f"ends: {spoken(spec.end)}")


_DONE = {
    "stop the clock": "the clock stops",
    "defer": "tasks are put off",
    "reassign": "tasks go to others",
    "cancel": "the cycle is cancelled",
    "join": "work begins",
    "leave": "work ends",
    "ask": "more is asked",
}


def happened(node: Node) -> str:
    """What is done when something happens outside, and to whom it happens."""
    if not isinstance(node.spec, Handler):
        raise TypeError(node.kind)
    done = _DONE[node.spec.do]
    return done if node.spec.of == "cycle" else f"{done} for that {node.spec.of}"


def ways(node: Node) -> list[tuple[str, Block]]:
    """The ways through a step that has several, each with its label."""
    match node.spec:
        case ChooseStep() as spec:
            labels = [case.label or case.when or "otherwise" for case in spec.cases]
        case ParallelStep() as spec:
            labels = [spoken(name) for name in spec.branches]
        case _:
            labels = ["when it fails" for _ in node.blocks]
    return list(zip(labels, node.blocks, strict=True))


def may_pass_by(node: Node) -> bool:
    """Whether none of its ways may be taken."""
    if isinstance(node.spec, ChooseStep):
        return node.spec.cases[-1].when is not None
    return not isinstance(node.spec, ParallelStep)


def returns(node: Node) -> dict[str, str]:
    """The earlier steps that its answers may send the work back to, each with the labels of those answers."""
    found: dict[str, str] = {}
    for name, outcome in node.spec.outcomes.items() if isinstance(node.spec, TaskStep) else ():
        if outcome and outcome.return_to:
            label = outcome.label or spoken(name)
            found[outcome.return_to] = " or ".join(filter(None, (found.get(outcome.return_to), label)))
    return found


def spoken(name: str) -> str:
    """A name as words."""
    return name.replace("_", " ").replace("-", " ")


def plain(text: str) -> str:
    """A text of the file for people: its `{{ expressions }}` in brackets, names in it as words."""
    return re.sub(r"\{\{ *(.*?) *\}\}", lambda found: f"[{spoken(found[1])}]", text)
