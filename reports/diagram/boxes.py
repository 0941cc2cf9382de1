"""The shapes of the steps of a picture."""

from reports.diagram.lettering import width, wrapped
from reports.diagram.parts import Part
from reports.diagram.pen import INK, LEADING, PAPER, QUIET, Pen
from reports.diagram.words import Said, plain, spoken

Colours = tuple[str, str]
"""What fills a shape, and what it is lined with."""
_ROOM = 236
_UNASKED = ("#f1f5f9", "#7b8794")
_CHOICE = ("#fff7ed", "#9a3412")


def box(words: Said, icon: str, role: str | None, colours: Colours | None) -> Part:
    """A step without steps inside. A band at the top says whose work it is."""
    fill, stroke = colours or _UNASKED
    room, inset = (_ROOM, 12) if role else (_ROOM - 26, 34)
    band = _lines(spoken(words.who or ""), 11, room - 42, bold=True) if role else []
    title = _lines(_sentence(words.title), 13 if role else 12, room - inset - 12, bold=bool(role))
    size = 13 if role else 12
    notes = [line for note in words.notes for line in _lines(note, 11, room - inset - 12)]
    top = 10 + len(band) * 11 * LEADING if band else 0
    height = top + 16 + len(title) * size * LEADING + len(notes) * 11 * LEADING + (2 if notes else 0)

    def draw(pen: Pen, x: float, y: float) -> None:
        pen.box(x, y, room, height, fill=PAPER if role else fill, stroke=stroke)
        if band:
            pen.band(x, y, room, top, fill=fill, stroke=stroke)
            pen.icon(icon, x + 10, y + top / 2 - 7, colour=stroke)
            pen.text(band, x + 30, y + 5, 11, bold=True, colour=stroke)
        else:
            pen.icon(icon, x + 11, y + 8 + (size * LEADING - 14) / 2)
        pen.text(title, x + inset, y + top + 8, size, bold=bool(role))
        pen.text(notes, x + inset, y + top + 10 + len(title) * size * LEADING, 11, colour=QUIET)

    return Part(room, room / 2, height, draw)


def diamond(words: Said) -> Part:
    """Where one of several ways is chosen."""
    lines = _lines(_sentence(words.title), 12, 120)
    room = max(width(line, 12) for line in lines) + 70
    height = 30 + len(lines) * 12 * LEADING

    def draw(pen: Pen, x: float, y: float) -> None:
        corners = [
            (x + room / 2, y),
            (x + room, y + height / 2),
            (x + room / 2, y + height),
            (x, y + height / 2),
        ]
        pen.shape(corners, fill=_CHOICE[0], stroke=_CHOICE[1])
        pen.text(lines, x + room / 2, y + 15, 12, middle=True)

    return Part(room, room / 2, height, draw)


def bar(words: Said) -> Part:
    """Where several ways begin that all happen."""
    line = ": ".join([_sentence(words.title), *words.notes])
    room = 136 + width(line, 11, bold=True)

    def draw(pen: Pen, x: float, y: float) -> None:
        pen.box(x, y, 120, 8, fill=INK, stroke=INK, radius=2)
        pen.text([line], x + 130, y - 2, 11, bold=True)

    return Part(room, 60, 8, draw)


def framed(words: Said, icon: str, inner: Part) -> Part:
    """Steps with a frame around them; where they happen for many at a time, a second frame stands behind it."""
    behind = 6 if icon == "many" else 0
    room = max(inner.width + 40, 300)
    lines = _lines(_sentence(words.title), 13, room - 50, bold=True)
    small = [line for note in words.notes for line in _lines(note, 11, room - 50)]
    top = 12 + len(lines) * 13 * LEADING + len(small) * 11 * LEADING + 14
    height = top + inner.height + 20
    axis = max(inner.axis + 20, (room - inner.width) / 2 + inner.axis)

    def draw(pen: Pen, x: float, y: float) -> None:
        if behind:
            pen.box(x + behind, y, room, height, fill="#e4e9ef", stroke="#9aa5b1", radius=10)
        pen.box(x, y + behind, room, height, fill="#f8fafc", stroke="#7b8794", radius=10)
        pen.icon(icon, x + 14, y + behind + 13, colour=INK)
        pen.text(lines, x + 36, y + behind + 12, 13, bold=True)
        pen.text(small, x + 36, y + behind + 12 + len(lines) * 13 * LEADING, 11, colour=QUIET)
        inner.draw(pen, x + axis - inner.axis, y + behind + top)

    return Part(room + behind, axis, height + behind, draw)


def pill(text: str, *, fill: str = PAPER, ends: bool = False) -> Part:
    """A start or an end."""
    lines = _lines(text, 12, 190, bold=True)
    room = max(width(line, 12, bold=True) for line in lines) + 36
    height = 16 + len(lines) * 12 * LEADING

    def draw(pen: Pen, x: float, y: float) -> None:
        pen.box(x, y, room, height, fill=fill, stroke=INK, radius=min(height / 2, 18))
        pen.text(lines, x + room / 2, y + 9, 12, bold=True, middle=True)

    return Part(room, room / 2, height, draw, ends)


def _lines(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    return wrapped(plain(text), size, room, bold=bold)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
