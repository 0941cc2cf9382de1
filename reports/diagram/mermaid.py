"""A definition as a Mermaid flowchart: text that GitHub, wikis and editors draw."""

from collections.abc import Iterator

from engine.definition.program import Block, Node, Program
from reports.diagram.kinds import Inside, look, said
from reports.diagram.words import happened, may_pass_by, ways


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
        yield from self._beside(program)

    def _beside(self, program: Program) -> Iterator[str]:
        """What is done when something happens outside: beside the way, for nobody knows when."""
        for event, node in program.handlers.items():
            self._count += 1
            name = f"s{self._count}"
            yield f"  {name}>{_quoted(f'{event}: {happened(node)}')}]"
            for block in node.blocks:
                yield from self._block(block, [name], "  ")

    def _block(self, block: Block, last: list[str], indent: str) -> Iterator[str]:
        """Draw the steps one after the other; `last` is where the way stands, before and after."""
        for node in block.steps:
            yield from self._step(node, last, indent)

    def _step(self, node: Node, last: list[str], indent: str) -> Iterator[str]:
        self._count += 1
        name = f"s{self._count}"
        shape = look(node)
        if shape.inside is Inside.FRAME:
            yield f"{indent}subgraph {name} [{_label(node)}]"
            inside: list[str] = []
            yield from self._block(node.blocks[0], inside, f"{indent}  ")
            yield f"{indent}end"
        else:
            yield f"{indent}{name}{shape.mermaid[0]}{_label(node)}{shape.mermaid[1]}"
        yield from _arrows(last, name, indent)
        last[:] = [] if shape.inside is Inside.END else [name]
        if node.blocks and shape.inside is not Inside.FRAME:
            yield from self._branches(node, name, last, indent)

    def _branches(self, node: Node, name: str, last: list[str], indent: str) -> Iterator[str]:
        ends: list[str] = []
        for label, block in ways(node):
            way = [f"{name} -- {_quoted(label)}"]
            yield from self._block(block, way, indent)
            ends += way
        last[:] = [*ends, name] if may_pass_by(node) else ends


def _label(node: Node) -> str:
    spoken = said(node)
    return _quoted("<br/>".join(filter(None, (spoken.title, spoken.who))))


def _arrows(last: list[str], to: str, indent: str) -> Iterator[str]:
    for end in last:
        yield f"{indent}{end} --> {to}"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "#quot;").replace("{{ ", "").replace(" }}", "") + '"'
