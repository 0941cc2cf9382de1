"""Draws shapes and text into one SVG document. Whatever is said is escaped by the writer of XML."""

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from reports.diagram.icons import ICONS

INK = "#1f2933"
QUIET = "#52606d"
PAPER = "#ffffff"
_LETTERS = "Liberation Sans, Arial, Helvetica, sans-serif"
LEADING = 1.3
"""The height of a line, in its size."""
Point = tuple[float, float]


class Pen:
    """One picture; nothing is drawn before the picture is as large as it will be."""

    def __init__(self, width: float, height: float, title: str, description: str) -> None:
        size = {"width": f"{width:g}", "height": f"{height:g}", "viewBox": f"0 0 {width:g} {height:g}"}
        names = {"role": "img", "aria-labelledby": "title description", "font-family": _LETTERS}
        self._root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size, **names})
        SubElement(self._root, "title", id="title").text = title
        SubElement(self._root, "desc", id="description").text = description
        self._arrow_heads()
        self._place = self._root
        self.box(0, 0, width, height, fill=PAPER, stroke="none", radius=0)

    def _arrow_heads(self) -> None:
        marker = {"viewBox": "0 0 8 8", "refX": "7", "refY": "4", "markerWidth": "7", "markerHeight": "7"}
        head = SubElement(
            SubElement(self._root, "defs"), "marker", {"id": "head", "orient": "auto", **marker}
        )
        SubElement(head, "path", d="M0 0 8 4 0 8z", fill=QUIET)

    def group(self, name: str, hint: str) -> None:
        """What is drawn from now on belongs to one step, or to none; `hint` shows when a pointer rests on it."""
        self._place = SubElement(self._root, "g", {"data-step": name}) if name else self._root
        if hint:
            SubElement(self._place, "title").text = hint

    def box(  # noqa: PLR0913 - a place, a size and a look
        self, x: float, y: float, width: float, height: float, *, fill: str, stroke: str, radius: float = 8
    ) -> None:
        bounds = {"x": x, "y": y, "width": width, "height": height, "rx": radius}
        self._add("rect", bounds, {"fill": fill, "stroke": stroke, "stroke-width": "1.2"})

    def band(  # noqa: PLR0913 - a place, a size and a look
        self, x: float, y: float, width: float, height: float, *, fill: str, stroke: str
    ) -> None:
        """The upper part of a box."""
        across, down = f"{round(width - 16, 1):g}", f"{round(height - 8, 1):g}"
        edge = f"M{x:g} {y + height:g}v-{down}q0-8 8-8h{across}q8 0 8 8v{down}z"
        self._add("path", {}, {"d": edge, "fill": fill, "stroke": stroke, "stroke-width": "1.2"})

    def shape(self, points: Sequence[Point], *, fill: str, stroke: str) -> None:
        said = " ".join(f"{x:g},{y:g}" for x, y in points)
        self._add("polygon", {}, {"points": said, "fill": fill, "stroke": stroke, "stroke-width": "1.2"})

    def line(self, points: Sequence[Point], *, arrow: bool = False, dashed: bool = False) -> None:
        look = {"fill": "none", "stroke": QUIET, "stroke-width": "1.4", "stroke-linejoin": "round"}
        look |= {"marker-end": "url(#head)"} if arrow else {}
        look |= {"stroke-dasharray": "5 4"} if dashed else {}
        self._add("polyline", {}, {"points": " ".join(f"{x:g},{y:g}" for x, y in points), **look})

    def icon(self, name: str, x: float, y: float, *, colour: str = QUIET) -> None:
        """A small picture of 14 by 14."""
        look = {"fill": "none", "stroke": colour, "stroke-width": "1.3", "stroke-linecap": "round"}
        self._add("path", {}, {"d": ICONS[name], "transform": f"translate({x:g} {y:g})", **look})

    def text(  # noqa: PLR0913 - a place, a size and a look
        self,
        lines: Iterable[str],
        x: float,
        y: float,
        size: float,
        *,
        bold: bool = False,
        colour: str = INK,
        middle: bool = False,
    ) -> None:
        """Lines below one another; `y` is the top of the first."""
        look = {"font-size": f"{size:g}", "fill": colour}
        look |= {"font-weight": "bold"} if bold else {}
        look |= {"text-anchor": "middle"} if middle else {}
        for number, line in enumerate(lines):
            place = {"x": x, "y": y + size * (0.85 + number * LEADING)}
            self._add("text", place, look).text = line

    def _add(self, name: str, numbers: dict[str, float], look: dict[str, str]) -> Element:
        said = {key: f"{round(value, 1):g}" for key, value in numbers.items()}
        return SubElement(self._place, name, {**said, **look})

    def document(self) -> str:
        """The whole picture."""
        indent(self._root)
        return tostring(self._root, encoding="unicode") + "\n"
