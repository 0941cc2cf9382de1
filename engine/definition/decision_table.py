"""Decision tables: which row holds, and the check that always one does, and never two.

A table is a set of boxes. Each column is cut into the parts that its cells tell apart, so that a row is a set of
parts for each column, kept as bits; what no row covers is what is left when every row was cut out. Exact, and
bounded: no walk over all combinations.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from engine.definition.cells import Cell, Domain, examples, said
from engine.errors import RefusedError, TermwiseError

#: The key of a row that is no column.
GIVES = "gives"
#: Boxes cut and compared, of all tables of a definition together: about half a second.
MAX_WORK = 100_000
#: So many values are looked at in the time of a box.
_LOOKS = 20
Box = tuple[int, ...]


class TooManyCombinationsError(TermwiseError):
    """A table that cannot be checked in reasonable time."""

    def __init__(self) -> None:
        super().__init__(
            "the rows overlap in too many ways to be checked; split the table into two, one after the other"
        )


@dataclass(slots=True)
class Work:
    """What may still be done to check tables."""

    left: int = MAX_WORK

    def spend(self, boxes: int) -> None:
        """Raises TooManyCombinationsError when nothing is left."""
        self.left -= boxes
        if self.left < 0:
            raise TooManyCombinationsError


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table with their cells by column; a column that a row leaves out may hold anything."""

    rows: tuple[Mapping[str, Cell], ...]

    def row(self, given: Mapping[str, JsonValue]) -> int:
        """The first row that holds, counted from 0; a row without conditions holds when no other does.

        Raises RefusedError when none does.
        """
        for number, cells in enumerate(self.rows):
            if all(cell.holds(given[name]) for name, cell in cells.items()):
                return number
        raise RefusedError(f"no row of the table holds when {in_words(given)}")


def in_words(given: Mapping[str, JsonValue]) -> str:
    """`band is high, count is 4`."""
    return ", ".join(f"{name} is {said(value)}" for name, value in given.items()) or "nothing is given"


class Checked:
    """The boxes of a table, and what is wrong with them. All raise TooManyCombinationsError."""

    def __init__(
        self, rows: Sequence[Mapping[str, Cell]], domains: Mapping[str, Domain], work: Work | None = None
    ) -> None:
        self._work = work or Work()
        self._names = tuple(domains)
        self._parts = [
            examples((row[name] for row in rows if name in row), domain) for name, domain in domains.items()
        ]
        # Every part of a column is held against every value of its cells.
        looks = sum(
            len(parts) * sum(len(row[name].exact) + 1 for row in rows if name in row)
            for name, parts in zip(self._names, self._parts, strict=True)
        )
        self._work.spend(looks // _LOOKS)
        self.boxes = [self._box(row) for row in rows]
        self._whole: Box = tuple((1 << len(parts)) - 1 for parts in self._parts)
        self.otherwise = [box == self._whole for box in self.boxes]

    def never(self, row: int) -> str | None:
        """The column for whose sake a row can never hold."""
        return next((name for name, bits in zip(self._names, self.boxes[row], strict=True) if not bits), None)

    def gap(self) -> str | None:
        """A combination that no row covers, in words."""
        left = self._left(self.boxes)
        return self._said(left[0]) if left else None

    def overlaps(self) -> Iterator[tuple[int, int, str]]:
        """Two rows that both hold, with an example; the row without conditions does not count."""
        numbers = [number for number, otherwise in enumerate(self.otherwise) if not otherwise]
        for place, later in enumerate(numbers):
            self._work.spend(place)
            for earlier in numbers[:place]:
                both = tuple(a & b for a, b in zip(self.boxes[earlier], self.boxes[later], strict=True))
                if all(both):
                    yield earlier, later, self._said(both)

    def unreachable(self, row: int) -> bool:
        """Whether those before it cover all that it does."""
        return not all(self.boxes[row]) or not self._left(self.boxes[:row], self.boxes[row])

    def _box(self, row: Mapping[str, Cell]) -> Box:
        return tuple(
            sum(1 << n for n, value in enumerate(parts) if name not in row or row[name].holds(value))
            for name, parts in zip(self._names, self._parts, strict=True)
        )

    def _left(self, taken: Sequence[Box], box: Box | None = None) -> list[Box]:
        """What is left of a box, or of everything, when these are cut out."""
        left = [self._whole if box is None else box]
        for each in taken:
            self._work.spend(len(left))
            left = [rest for old in left for rest in _without(old, each)]
        return left

    def _said(self, box: Box) -> str:
        return in_words(
            {
                name: parts[(bits & -bits).bit_length() - 1]
                for name, parts, bits in zip(self._names, self._parts, box, strict=True)
            }
        )


def _without(box: Box, taken: Box) -> Iterator[Box]:
    """The parts of a box that lie outside another, none twice."""
    if not all(a & b for a, b in zip(box, taken, strict=True)):
        yield box
        return
    for column, bits in enumerate(taken):
        rest = box[column] & ~bits
        if rest:
            inside = (a & b for a, b in zip(box[:column], taken, strict=False))
            yield (*inside, rest, *box[column + 1 :])
