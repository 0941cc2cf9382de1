"""Where in a file each part of it stands: keys, values, and the characters within a text."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

Place = tuple[str | int, ...]
_QUOTES = frozenset("'\"")
_BLOCKS = frozenset("|>")
#: How many characters stand for one after a backslash and this letter; after any other letter none.
_CODES = {"x": 2, "u": 4, "U": 8}
_SPACES = frozenset("nt \n")


class Mark(NamedTuple):
    """A place in a file; both count from 1."""

    line: int
    column: int

    def after(self, text: str) -> "Mark":
        """The place at the end of a text that begins here."""
        before, newline, last = text.rpartition("\n")
        if not newline:
            return Mark(self.line, self.column + len(text))
        return Mark(self.line + before.count("\n") + 1, len(last) + 1)


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it stands in the file, quotes and all."""

    mark: Mark
    raw: str

    def at(self, value: str, offset: int) -> Mark:
        """The place of one character of the value.

        Folding lines changes nothing but the space between words, so all other characters are counted.
        """
        count = sum(not character.isspace() for character in value[:offset])
        places = list(self._characters())
        if not places:
            return self.mark
        return self.mark.after(self.raw[: places[count] if count < len(places) else places[-1] + 1])

    def _characters(self) -> Iterator[int]:
        """Where each character that is not space begins."""
        style = self.raw[:1]
        at, end = (1, len(self.raw) - 1) if style in _QUOTES else (0, len(self.raw))
        if style in _BLOCKS:
            at = self.raw.find("\n") + 1
        while at < end:
            length, space = self._character(style, at)
            if not space:
                yield at
            at += length

    def _character(self, style: str, at: int) -> tuple[int, bool]:
        here, following = self.raw[at], self.raw[at + 1 : at + 2]
        if style == "'" and here == following == "'":
            return 2, False
        if style == '"' and here == "\\":
            return 2 + _CODES.get(following, 0), following in _SPACES
        return 1, here.isspace()


@dataclass(frozen=True, slots=True)
class Positions:
    """Of every part of one file."""

    values: dict[Place, Mark] = field(default_factory=dict)
    keys: dict[Place, Mark] = field(default_factory=dict)
    texts: dict[Place, Written] = field(default_factory=dict)

    def nearest(self, place: Place) -> Place:
        """The place in the file that comes closest.

        Error paths also hold names that are not in files, those of a union's members, which may look like
        keys: the way that leads furthest is taken.
        """
        reached: dict[Place, int] = {(): 0}
        for depth, part in enumerate(place, 1):
            for known in list(reached):
                if (*known, part) in self.values:
                    reached[*known, part] = depth
        return max(reached, key=lambda known: (reached[known], len(known)))
