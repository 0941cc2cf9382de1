"""The parts of a picture: each knows how large it is, and draws itself where it is put."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reports.diagram.lettering import width, wrapped
from reports.diagram.pen import INK, LEADING, QUIET, Pen

GAP = 26
"""Between one step and the next, for an arrow."""
APART = 28
"""Between ways that lie side by side."""
_LABEL = 11


@dataclass(frozen=True, slots=True)
class Part:
    """Something drawn. The way comes in at the top and leaves at the bottom, both on its axis."""

    width: float
    axis: float
    height: float
    draw: Callable[[Pen, float, float], None]
    """With its left upper corner."""
    ends: bool = False
    """Whether nothing comes after it."""
    inset: float = 0
    """Where its first shape begins, from the left."""


@dataclass(frozen=True, slots=True)
class Way:
    """One of several ways."""

    label: str
    part: Part


NOTHING = Part(100, 50, 0, lambda _pen, _x, _y: None)


def stack(parts: Sequence[Part], margin: float = 0) -> Part:
    """Parts below one another on one axis, joined by arrows; `margin` is left free at their left."""
    if not parts:
        return NOTHING
    axis = margin + max(part.axis for part in parts)
    right = max(part.width - part.axis for part in parts)
    height = sum(part.height for part in parts) + GAP * (len(parts) - 1)

    def draw(pen: Pen, x: float, y: float) -> None:
        for number, part in enumerate(parts):
            part.draw(pen, x + axis - part.axis, y)
            y += part.height
            if number < len(parts) - 1:
                pen.group("", "")
                if not part.ends:
                    pen.line([(x + axis, y), (x + axis, y + GAP)], arrow=True)
                y += GAP

    return Part(axis + right, axis, height, draw, parts[-1].ends)


def shelf(parts: Sequence[Part], room: float) -> Part:
    """Parts that are not joined to anything, in rows of so much room."""
    placed: list[tuple[Part, float, float]] = []
    x = y = wide = high = 0.0
    for part in parts:
        if x and x + part.width > room:
            x, y, high = 0.0, y + high + APART, 0.0
        placed.append((part, x, y))
        x += part.width + APART
        wide, high = max(wide, x - APART), max(high, part.height)

    def draw(pen: Pen, left: float, top: float) -> None:
        for part, across, down in placed:
            part.draw(pen, left + across, top + down)

    return Part(wide, wide / 2, y + high, draw)


def side_by_side(head: Part, ways: Sequence[Way], *, foot: bool) -> Part:
    """A head, the ways below it, and the line where they meet again: with a bar if all of them happened."""
    fork = _Fork(head, ways, foot=foot)
    inset = fork.left - head.axis
    return Part(fork.left + fork.right, fork.left, fork.height, fork.draw, not fork.meeting, inset)


class _Fork:
    """Ways that lie side by side. Places across are counted from the axis of the head."""

    def __init__(self, head: Part, ways: Sequence[Way], *, foot: bool) -> None:
        self.head, self.ways, self.foot = head, ways, foot
        self.labels = [_label(way) for way in ways]
        reaches = [_reach(way.part, lines) for way, lines in zip(ways, self.labels, strict=True)]
        self.axes = _axes(reaches)
        self.left = max(head.axis, reaches[0][0] - self.axes[0])
        self.right = max(head.width - head.axis, reaches[-1][1] + self.axes[-1])
        self.meeting = [axis for axis, way in zip(self.axes, ways, strict=True) if not way.part.ends]
        self.parts = head.height + 10
        self.begin = self.parts + max(len(lines) for lines in self.labels) * _LABEL * LEADING + 34
        self.meet = self.begin + max(way.part.height for way in ways) + 14
        self.height = self.meet + (8 if foot else 0)

    def draw(self, pen: Pen, x: float, y: float) -> None:
        x += self.left
        self.head.draw(pen, x - self.head.axis, y)
        pen.group("", "")
        pen.line([(x, y + self.head.height), (x, y + self.parts)])
        pen.line([(x + self.axes[0], y + self.parts), (x + self.axes[-1], y + self.parts)])
        for axis, way, lines in zip(self.axes, self.ways, self.labels, strict=True):
            self._way(pen, x + axis, y, way, lines)
        if self.meeting:
            ends = [*self.meeting, 0]
            pen.line([(x + min(ends), y + self.meet), (x + max(ends), y + self.meet)])
        if self.foot:
            pen.box(x - 60, y + self.meet, 120, 8, fill=INK, stroke=INK, radius=2)

    def _way(self, pen: Pen, x: float, y: float, way: Way, lines: Sequence[str]) -> None:
        into = y + self.parts
        if lines:
            pen.line([(x, into), (x, into + 6)])
            pen.text(lines, x, into + 8, _LABEL, colour=QUIET, middle=True)
            into += 10 + len(lines) * _LABEL * LEADING
        drawn = way.part.height > 0
        pen.line([(x, into), (x, y + (self.begin if drawn else self.meet))], arrow=drawn)
        way.part.draw(pen, x - way.part.axis, y + self.begin)
        pen.group("", "")
        if drawn and not way.part.ends:
            pen.line([(x, y + self.begin + way.part.height), (x, y + self.meet)])


def _label(way: Way) -> list[str]:
    return wrapped(way.label, _LABEL, max(way.part.width, 110) - 8) if way.label else []


def _reach(part: Part, lines: Sequence[str]) -> tuple[float, float]:
    """How much room a way with its label needs to the left and to the right of its axis."""
    halves = [width(line, _LABEL) / 2 + 4 for line in lines]
    return max([part.axis, *halves]), max([part.width - part.axis, *halves])


def _axes(reaches: Sequence[tuple[float, float]]) -> list[float]:
    """The axis of each way, with the middle between the first and the last at nought."""
    axes, edge = [], 0.0
    for left, right in reaches:
        axes.append(edge + left)
        edge += left + right + APART
    middle = (axes[0] + axes[-1]) / 2
    return [axis - middle for axis in axes]
