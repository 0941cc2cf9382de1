"""A definition as a graph of shapes on a grid of lanes and columns, as BPMN wants it.

Pieces are put together like the definition: one after the other, or side by side. A piece knows its columns and the
rows it needs in each lane, so nothing is ever placed twice.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.definition.program import Node


@dataclass(slots=True, eq=False)
class Shape:
    """One element: a task, an event, a gateway, or a sub-process with a scope of its own."""

    id: str
    tag: str
    name: str
    lane: int
    width: float
    height: float
    column: int = 0
    row: int = 0
    node: Node | None = None
    inner: "Piece | None" = None
    event: str = ""
    """The event from outside that it waits for."""

    def all(self) -> Iterator["Shape"]:
        """It and every shape inside it."""
        yield self
        if self.inner:
            yield from self.inner.all()


@dataclass(slots=True, eq=False)
class Exit:
    """Where a way stands that is not joined to anything yet."""

    shape: Shape
    name: str = ""
    condition: str | None = None
    """Left out on a way that has conditions beside it, it is the default."""
    chosen: bool = False
    """Whether it is one of several, of which one is taken."""
    through: Shape | None = None
    """An empty place that the line goes through."""
    around: str = ""
    """`above` or `below`, where the line must go around what lies between."""


@dataclass(slots=True, eq=False)
class Flow:
    """A line from one shape to another of the same scope."""

    start: Exit
    target: Shape
    back: bool = False
    around: str = ""

    @property
    def source(self) -> Shape:
        return self.start.shape


@dataclass(slots=True)
class Piece:
    """Some steps, with the place of each in relation to the others."""

    shapes: list[Shape] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    columns: int = 0
    entry: Shape | None = None
    exits: list[Exit] = field(default_factory=list)
    entered_around: str = ""

    def all(self) -> Iterator[Shape]:
        """Every shape, and those inside them."""
        for shape in self.shapes:
            yield from shape.all()

    def rows(self) -> Counter[int]:
        """How many rows it needs in each lane."""
        found: Counter[int] = Counter()
        for shape in self.all():
            found[shape.lane] = max(found[shape.lane], shape.row + 1)
        return found

    def framed_lanes(self) -> set[int]:
        """The lanes that its frames cover, whole."""
        found: set[int] = set()
        for shape in self.all():
            if shape.inner:
                lanes = [each.lane for each in shape.all()]
                found |= set(range(min(lanes), max(lanes) + 1))
        return found

    def moved(self, columns: int, rows: Mapping[int, int]) -> None:
        """Put it so many columns to the right, and so many rows down in each lane."""
        for shape in self.all():
            shape.column += columns
            shape.row += rows.get(shape.lane, 0)


def single(shape: Shape, *, ends: bool = False) -> Piece:
    """A piece of one shape."""
    return Piece([shape], [], 1, shape, [] if ends else [Exit(shape)])


def sequence(pieces: Sequence[Piece]) -> Piece:
    """Pieces one after the other."""
    whole = Piece(exits=[])
    for number, piece in enumerate(pieces):
        piece.moved(whole.columns, {})
        whole.columns += piece.columns
        if number:
            whole.flows += _joined(whole.exits, piece)
        whole.shapes += piece.shapes
        whole.flows += piece.flows
        whole.entry = whole.entry or piece.entry
        whole.exits = piece.exits
    return whole


def side_by_side(head: Shape, ways: Sequence[tuple[Exit, Piece]], foot: Shape | None) -> Piece:
    """A shape, several ways out of it, and where they meet."""
    whole = single(head)
    whole.exits = []
    columns, beside = _arranged([piece for _, piece in ways])
    for number, (start, piece) in enumerate(ways):
        if not beside and number:
            start.around = "below"
        if not beside and number < len(ways) - 1:
            for each in piece.exits:
                each.around = "above"
        whole.shapes += piece.shapes
        whole.flows += piece.flows
        whole.flows += _joined([start], piece) if piece.entry else []
        whole.exits += piece.exits
    whole.columns += columns
    if foot and whole.exits:
        foot.column = whole.columns
        whole.flows += [Flow(each, foot) for each in whole.exits]
        whole.shapes.append(foot)
        whole.columns += 1
        whole.exits = [Exit(foot)]
    return whole


def _joined(exits: Sequence[Exit], piece: Piece) -> list[Flow]:
    return [Flow(each, piece.entry) for each in exits] if piece.entry else []


def _arranged(pieces: Sequence[Piece]) -> tuple[int, bool]:
    """Place the ways: in rows of their own, or after one another where a frame would lie over its neighbour."""
    needs = [piece.rows() for piece in pieces]
    used = Counter(lane for needed in needs for lane in needed)
    beside = all(
        used[lane] == (lane in needed)
        for piece, needed in zip(pieces, needs, strict=True)
        for lane in piece.framed_lanes()
    )
    rows: Counter[int] = Counter()
    column = 1
    for piece, needed in zip(pieces, needs, strict=True):
        piece.moved(column, rows if beside else {})
        rows += needed
        column += 0 if beside else piece.columns
    return (max(piece.columns for piece in pieces) if beside else column - 1), beside
