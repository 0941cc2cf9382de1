"""Where everything of a graph of shapes stands: columns become x, lanes and rows become y, flows become lines."""

from collections import defaultdict
from dataclasses import dataclass

from reports.diagram.flow import Flow, Piece, Shape

Point = tuple[float, float]
HEADER = 30
"""The strips with the names of the pool and of each lane."""
_BETWEEN = 46
_AFTER_A_CHOICE = 150
_ROW = 146
_ABOVE, _BELOW = 46, 30
"""What a frame leaves free for its title, and for lines that go around."""
_BACK = 62


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


class Places:
    """The coordinates of one process."""

    def __init__(self, process: Piece, lanes: int) -> None:
        self._process = process
        self._levels: dict[int, tuple[int, int]] = {}
        """By frame: how many frames begin and how many end in its outermost lanes, itself the last of them."""
        self._spans: dict[int, tuple[int, int]] = {}
        self._edges = self._columns()
        self._measure(process)
        self._tops, self._rows_from, self._rows_to = self._lanes(lanes)
        self._bounds = {id(shape): self._place(shape) for shape in process.all()}

    @property
    def pool(self) -> Bounds:
        return Bounds(0, 0, HEADER + self._width(), self._tops[-1])

    def lane(self, index: int) -> Bounds:
        top = self._tops[index]
        return Bounds(HEADER, top, self._width(), self._tops[index + 1] - top)

    def of(self, shape: Shape) -> Bounds:
        return self._bounds[id(shape)]

    def _width(self) -> float:
        return self._edges[-1][1] + _BETWEEN - HEADER

    def _columns(self) -> list[tuple[float, float]]:
        """The left and right edge of each column."""
        wide: defaultdict[int, float] = defaultdict(float)
        after: defaultdict[int, float] = defaultdict(lambda: _BETWEEN)
        for shape in self._process.all():
            wide[shape.column] = max(wide[shape.column], shape.width)
        for flow in _flows(self._process):
            if flow.start.name and not flow.back:
                after[flow.source.column] = _AFTER_A_CHOICE
        edges, x = [], 2.0 * HEADER + _BETWEEN
        for column in range(self._process.columns):
            edges.append((x, x + wide[column]))
            x += wide[column] + after[column]
        return edges

    def _measure(self, scope: Piece) -> tuple[int, int, int, int]:
        """Its first and last lane, and how many frames, itself included, begin and end there."""
        lanes = [shape.lane for shape in scope.all()]
        first, last = min(lanes), max(lanes)
        inner = [self._measure(shape.inner) for shape in scope.shapes if shape.inner]
        begins = 1 + max([each[2] for each in inner if each[0] == first], default=0)
        ends = 1 + max([each[3] for each in inner if each[1] == last], default=0)
        self._levels[id(scope)] = begins, ends
        self._spans[id(scope)] = first, last
        return first, last, begins, ends

    def _lanes(self, count: int) -> tuple[list[float], list[float], list[float]]:
        rows = self._process.rows()
        tops, rows_from, rows_to = [0.0], [], []
        for lane in range(count):
            begins = [self._levels[key][0] for key, span in self._spans.items() if span[0] == lane]
            ends = [self._levels[key][1] for key, span in self._spans.items() if span[1] == lane]
            rows_from.append(tops[-1] + max(begins, default=0) * _ABOVE)
            rows_to.append(rows_from[-1] + max(rows[lane], 1) * _ROW)
            tops.append(rows_to[-1] + max(ends, default=0) * _BELOW)
        return tops, rows_from, rows_to

    def _place(self, shape: Shape) -> Bounds:
        if shape.inner:
            return self._frame(shape, shape.inner)
        left, right = self._edges[shape.column]
        y = self._rows_from[shape.lane] + (shape.row + 0.5) * _ROW
        return Bounds((left + right - shape.width) / 2, y - shape.height / 2, shape.width, shape.height)

    def _frame(self, shape: Shape, inner: Piece) -> Bounds:
        left, right = self._edges[shape.column][0], self._edges[shape.column + inner.columns + 1][1]
        top, bottom = self._across(inner)
        return Bounds(left, top, right - left, bottom - top)

    def _across(self, scope: Piece) -> tuple[float, float]:
        first, last = self._spans[id(scope)]
        begins, ends = self._levels[id(scope)]
        return self._rows_from[first] - begins * _ABOVE + 4, self._rows_to[last] + ends * _BELOW - 4

    # ---- lines

    def line(self, flow: Flow, scope: Piece) -> list[Point]:
        """The corners of a flow."""
        if flow.back:
            return self._back(flow)
        around = flow.start.around
        if around:
            top, bottom = self._across(scope)
            return self._around(flow, bottom - 10 if around == "below" else top + 32)
        return self._straight(flow)

    def _back(self, flow: Flow) -> list[Point]:
        (x, y), to_x = self.of(flow.source).middle, self.of(flow.target).middle[0]
        track = y + _BACK
        return [
            (x, self.of(flow.source).bottom),
            (x, track),
            (to_x, track),
            (to_x, self._side(flow.target, track)),
        ]

    def _around(self, flow: Flow, track: float) -> list[Point]:
        source, target = self.of(flow.source), self.of(flow.target)
        x, y = self._leaves(flow.source)
        away = [(x, y), (x + 18, y), (x + 18, track)]
        if _is_gateway(flow.source):
            middle = source.middle[0]
            away = [(middle, self._side(flow.source, track)), (middle, track)]
        if _is_gateway(flow.target):
            middle = target.middle[0]
            return [*away, (middle, track), (middle, self._side(flow.target, track))]
        x, y = self._enters(flow.target)
        return [*away, (x - 18, track), (x - 18, y), (x, y)]

    def _straight(self, flow: Flow) -> list[Point]:
        start, end = self._leaves(flow.source), self._enters(flow.target)
        level = self.of(flow.start.through).middle[1] if flow.start.through else None
        if level is not None:
            return self._through(flow, level)
        if abs(start[1] - end[1]) < 1:
            return [start, end]
        if _is_gateway(flow.source):
            x = self.of(flow.source).middle[0]
            return [(x, self._side(flow.source, end[1])), (x, end[1]), end]
        if _is_gateway(flow.target):
            x = self.of(flow.target).middle[0]
            return [start, (x, start[1]), (x, self._side(flow.target, start[1]))]
        x = end[0] - _BETWEEN / 2
        return [start, (x, start[1]), (x, end[1]), end]

    def _through(self, flow: Flow, level: float) -> list[Point]:
        out, into = self.of(flow.source), self.of(flow.target)
        first = [(out.right, level)]
        if abs(out.middle[1] - level) > 1:
            first = [(out.middle[0], self._side(flow.source, level)), (out.middle[0], level)]
        if abs(into.middle[1] - level) > 1:
            return [*first, (into.middle[0], level), (into.middle[0], self._side(flow.target, level))]
        return [*first, (into.x, level)]

    def _side(self, shape: Shape, y: float) -> float:
        """The upper or lower edge, whichever looks towards y."""
        bounds = self.of(shape)
        return bounds.y if y < bounds.middle[1] else bounds.bottom

    def _leaves(self, shape: Shape) -> Point:
        level = self.of(shape.inner.shapes[-1] if shape.inner else shape).middle[1]
        return self.of(shape).right, level

    def _enters(self, shape: Shape) -> Point:
        level = self.of(shape.inner.shapes[0] if shape.inner else shape).middle[1]
        return self.of(shape).x, level


def _flows(scope: Piece) -> list[Flow]:
    inner = [flow for shape in scope.shapes if shape.inner for flow in _flows(shape.inner)]
    return [*scope.flows, *inner]


def _is_gateway(shape: Shape) -> bool:
    return shape.tag.endswith("Gateway")
