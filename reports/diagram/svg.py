"""A definition as an SVG picture, drawn without a browser.

Time runs down, ways lie side by side, frames stand in frames. The layout is a tree like the
definition itself, so nothing can cross or overlap, and the same definition gives the same picture to the byte.
"""

from dataclasses import replace

from engine.definition.program import Block, Node, Program
from reports.diagram.boxes import bar, box, diamond, framed, pill
from reports.diagram.kinds import Inside, look, said
from reports.diagram.lettering import wrapped
from reports.diagram.parts import NOTHING, Part, Way, shelf, side_by_side, stack
from reports.diagram.pen import LEADING, QUIET, Pen
from reports.diagram.roles import role, roles
from reports.diagram.words import Said, happened, may_pass_by, plain, returns, spoken, ways

_EDGE = 24
_SHELF = 720
"""How far what stands below the picture may reach, unless the picture is wider."""
#: Fill and line of each role, in the order in which the roles appear; then from the first again.
_COLOURS = (
    ("#dbeafe", "#1d4ed8"), ("#dcfce7", "#15803d"), ("#fef3c7", "#a16207"), ("#fce7f3", "#be185d"),
    ("#ede9fe", "#6d28d9"), ("#cffafe", "#0e7490"), ("#ffedd5", "#c2410c"), ("#e5e7eb", "#374151"),
    ("#ecfccb", "#4d7c0f"), ("#fee2e2", "#b91c1c"),
)  # fmt: skip


def picture(program: Program) -> str:
    """The whole definition, from its start to its named ends, as one SVG document."""
    return _Picture(program).document()


class _Picture:
    def __init__(self, program: Program) -> None:
        self._program = program
        self._colours = {role: _COLOURS[at % len(_COLOURS)] for at, role in enumerate(roles(program))}
        self._places: dict[str, tuple[float, float]] = {}
        """Where the left edge of each drawn step has its middle."""

    def document(self) -> str:
        definition = self._program.definition
        body = stack([pill("Start"), *self._steps(self._program.root), self._outcomes()])
        beside = shelf(self._beside(), max(body.width, _SHELF))
        wide = max(body.width + 2 * _EDGE, beside.width + 2 * _EDGE, 480)
        purpose = wrapped(definition.purpose, 13, wide - 2 * _EDGE)
        top = _EDGE + 30 + len(purpose) * 13 * LEADING + 18
        below = beside.height + 2 * _EDGE if beside.height else 0
        pen = Pen(wide, top + body.height + below + _EDGE, definition.title, definition.purpose)
        pen.text([definition.title], _EDGE, _EDGE, 20, bold=True)
        pen.text(purpose, _EDGE, _EDGE + 30, 13, colour=QUIET)
        body.draw(pen, (wide - body.width) / 2, top)
        beside.draw(pen, (wide - beside.width) / 2, top + body.height + 2 * _EDGE)
        return pen.document()

    def _beside(self) -> list[Part]:
        """What is done when something happens outside: apart from the way, for nobody knows when."""
        return [self._handler(event, node) for event, node in self._program.handlers.items()]

    def _handler(self, event: str, node: Node) -> Part:
        words = Said(f"when {spoken(event)}", notes=(happened(node),))
        if not node.blocks:
            return box(words, "bolt", None, None)
        return framed(words, "bolt", stack([self._block(block) for block in node.blocks]))

    def _outcomes(self) -> Part:
        ends = [
            pill(end.title, fill="#f1f5f9", ends=True) for end in self._program.definition.outcomes.values()
        ]
        if len(ends) == 1:
            return ends[0]
        return side_by_side(diamond(Said("outcome")), [Way("", end) for end in ends], foot=False)

    def _steps(self, block: Block) -> list[Part]:
        return [self._step(node) for node in block.steps]

    def _block(self, block: Block) -> Part:
        """The steps of a block, with the arrows that lead back in it."""
        back = [(node, target) for node in block.steps for target in returns(node)]
        inner = stack(self._steps(block), margin=14.0 * len(back))
        if not back:
            return inner

        def draw(pen: Pen, x: float, y: float) -> None:
            inner.draw(pen, x, y)
            pen.group("", "")
            for number, (node, target) in enumerate(back):
                start, end = self._places[node.id], self._places[target]
                track = x + 14.0 * number + 4
                pen.line([start, (track, start[1]), (track, end[1]), end], arrow=True, dashed=True)

        return Part(inner.width, inner.axis, inner.height, draw, inner.ends)

    def _step(self, node: Node) -> Part:
        match look(node).inside:
            case Inside.FRAME:
                part = framed(said(node), look(node).icon, self._block(node.blocks[0]))
            case Inside.ONE_WAY:
                part = side_by_side(diamond(said(node)), self._ways(node), foot=False)
            case Inside.ALL_WAYS:
                part = side_by_side(bar(said(node)), self._ways(node), foot=True)
            case Inside.END:
                part = pill(said(node).title, fill="#f1f5f9", ends=True)
            case Inside.NOTHING:
                part = box(said(node), look(node).icon, role(node), self._colours.get(role(node) or ""))
                part = side_by_side(part, self._ways(node), foot=False) if node.blocks else part
        return self._remembered(node, part)

    def _ways(self, node: Node) -> list[Way]:
        drawn = [Way(plain(label), self._block(block)) for label, block in ways(node)]
        return [*drawn, Way("otherwise", NOTHING)] if may_pass_by(node) else drawn

    def _remembered(self, node: Node, part: Part) -> Part:
        def draw(pen: Pen, x: float, y: float) -> None:
            pen.group(node.id, said(node).hint)
            self._places[node.id] = (x + part.inset, y + min(part.height / 2, 24))
            part.draw(pen, x, y)

        return replace(part, draw=draw)
