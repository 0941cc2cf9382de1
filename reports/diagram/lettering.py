"""How wide text is, and where its lines break: good enough without asking any font."""

_NARROW = dict.fromkeys("ijl'|.,:;!", 0.26)
_SLIM = dict.fromkeys('ftI()[]{}/\\-r "`', 0.34)
_BROAD = dict.fromkeys("mwMW@%&", 0.88)
_WIDTHS = {**_NARROW, **_SLIM, **_BROAD}
_CAPITAL = 0.69
_USUAL = 0.55
_BOLD = 1.07


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a line in the usual sans-serif letters, a little too much rather than too little."""
    ems = sum(_WIDTHS.get(each, _CAPITAL if each.isupper() else _USUAL) for each in text)
    return ems * size * (_BOLD if bold else 1)


def wrapped(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """The lines of a text in so much room. A word that is too long is broken."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if width(joined, size, bold=bold) <= room:
            lines[-1] = joined
            continue
        pieces = _broken(word, size, room, bold=bold)
        lines = [*lines, *pieces] if lines[-1] else pieces
    return lines


def _broken(word: str, size: float, room: float, *, bold: bool) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter, size, bold=bold) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces
