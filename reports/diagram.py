"""A definition as a Mermaid flowchart: text that GitHub, wikis and editors draw."""

from collections.abc import Iterator

from engine.definition.model import (
    ChooseStep,
    DecideStep,
    EndStep,
    ForEachStep,
    NotifyStep,
    ParallelStep,
    RecordStep,
    RepeatStep,
    SetStep,
    TaskStep,
    WaitStep,
)
from engine.definition.outward import CallStep
from engine.definition.program import Block, Node, Program


def flowchart(program: Program) -> str:
    """The whole definition, from its start to its named ends."""
    return "\n".join(["flowchart TD", *_Chart().lines(program)]) + "\n"


class _Chart:
    def __init__(self) -> None:
        self._count = 0

    def lines(self, program: Program) -> Iterator[str]:
        yield "  begin([Start])"
        last = ["begin"]
        yield from self._block(program.root, last, "  ")
        for key, outcome in program.definition.outcomes.items():
            end = f"end_{key.replace('-', '_')}"
            yield f"  {end}([{_quoted(outcome.title)}])"
            yield from _arrows(last, end, "  ")

    def _block(self, block: Block, last: list[str], indent: str) -> Iterator[str]:
        """Draw the steps one after the other; `last` is where the way stands, before and after."""
        for node in block.steps:
            yield from self._step(node, last, indent)

    def _step(self, node: Node, last: list[str], indent: str) -> Iterator[str]:
        self._count += 1
        name = f"s{self._count}"
        if isinstance(node.spec, ForEachStep | RepeatStep):
            yield f"{indent}subgraph {name} [{_quoted(_said(node))}]"
            inside: list[str] = []
            yield from self._block(node.blocks[0], inside, f"{indent}  ")
            yield f"{indent}end"
            yield from _arrows(last, name, indent)
            last[:] = [name]
            return
        left, right = _SHAPES.get(node.kind, ("[", "]"))
        yield f"{indent}{name}{left}{_quoted(_said(node))}{right}"
        yield from _arrows(last, name, indent)
        last[:] = [name]
        if node.blocks:
            yield from self._branches(node, name, last, indent)

    def _branches(self, node: Node, name: str, last: list[str], indent: str) -> Iterator[str]:
        ends: list[str] = []
        for label, block in zip(_labels(node), node.blocks, strict=True):
            way = [f"{name} -- {_quoted(label)}"]
            yield from self._block(block, way, indent)
            ends += way
        last[:] = ends if _exhaustive(node) else [*ends, name]


_SHAPES = {
    "choose": ("{", "}"),
    "wait": ("{{", "}}"),
    "parallel": ("[/", "/]"),
    "set": ("(", ")"),
    "notify": (">", "]"),
    "decide": ("[[", "]]"),
    "record": ("[(", ")]"),
    "call": ("[/", "\\]"),
}


def _said(node: Node) -> str:  # noqa: C901, PLR0911 - one for each kind of step
    match node.spec:
        case TaskStep() as spec:
            return f"{spec.title}<br/>{spec.who}"
        case ForEachStep() as spec:
            return f"for each {', '.join(spec.over)}"
        case RepeatStep() as spec:
            return f"again until {spec.until}, at most {spec.at_most} times"
        case SetStep() as spec:
            return f"set {', '.join(spec.set)}"
        case WaitStep() as spec:
            return f"wait: {' or '.join(filter(None, (*spec.awaited, spec.until)))}"
        case NotifyStep() as spec:
            return f"tell {spec.to}: {spec.subject}"
        case DecideStep() as spec:
            return f"{node.id.replace('_', ' ')}: decided by {', '.join(spec.given)}"
        case RecordStep() as spec:
            return f"record {spec.type}"
        case CallStep() as spec:
            return f"call {spec.activity}"
        case EndStep() as spec:
            return f"ends: {spec.end}"
        case ChooseStep() | ParallelStep():
            return node.id.replace("_", " ")


def _labels(node: Node) -> list[str]:
    if isinstance(node.spec, ChooseStep):
        return [case.label or case.when or "otherwise" for case in node.spec.cases]
    if isinstance(node.spec, ParallelStep):
        return list(node.spec.branches)
    return ["when it fails" for _ in node.blocks]


def _exhaustive(node: Node) -> bool:
    if isinstance(node.spec, ChooseStep):
        return node.spec.cases[-1].when is None
    return isinstance(node.spec, ParallelStep)


def _arrows(last: list[str], to: str, indent: str) -> Iterator[str]:
    for end in last:
        yield f"{indent}{end} --> {to}"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "#quot;").replace("{{ ", "").replace(" }}", "") + '"'
