"""Cells of a decision table: what a column may hold, and which of it a cell means."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Literal

from pydantic import JsonValue

from engine.errors import TermwiseError, UnknownNameError

Kind = Literal["text", "integer", "number", "yes-no", "any"]
Number = int | float
ANY_VALUE = "any"
#: Stands for every text that no cell of a column names.
ANOTHER = "\0"
_MAX_DIGITS = 30
_NUMBER = r"-?\d+(?:\.\d+)?"
_FROM_TO = re.compile(r"(.+?)\s*\.\.\s*(.+)")
_COMPARED = re.compile(r"(<=|>=|<|>)\s*(.+)")


class CellError(TermwiseError):
    """A cell that means nothing in its column."""


@dataclass(frozen=True, slots=True)
class Domain:
    """All that a column may hold, as far as the file says."""

    kind: Kind
    values: tuple[str, ...] = ()
    """Every text it may be; empty when any text may stand there."""
    order: tuple[str, ...] = ()
    """Those of the values that have an order, lowest first."""
    least: Number | None = None
    most: Number | None = None
    nullable: bool = False
    """Whether it may have no value: then only `any` covers it."""
    what: str = "value"
    """What its values are called in messages."""


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers, or places in an order, between two bounds."""

    low: Number | None = None
    high: Number | None = None
    low_counts: bool = True
    high_counts: bool = True

    def holds(self, value: Number) -> bool:
        """Whether the value lies between the bounds."""
        above = self.low is None or value > self.low or (self.low_counts and value == self.low)
        below = self.high is None or value < self.high or (self.high_counts and value == self.high)
        return above and below


@dataclass(frozen=True, slots=True)
class Cell:
    """Which values of its column make the row hold."""

    exact: tuple[JsonValue, ...] = ()
    spans: tuple[Span, ...] = ()
    order: tuple[str, ...] = ()
    anything: bool = False

    def holds(self, value: JsonValue) -> bool:
        """Whether the value is one of those meant."""
        if self.anything or any(_same(value, each) for each in self.exact):
            return True
        if isinstance(value, str):
            return value in self.order and any(span.holds(self.order.index(value)) for span in self.spans)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return not self.order and any(span.holds(value) for span in self.spans)


def read_cell(written: JsonValue, domain: Domain) -> Cell:
    """The cell as written in a column with this domain. Raises CellError."""
    if written is None or written == ANY_VALUE:
        return Cell(anything=True)
    parts = [_part(each, domain) for each in (written if isinstance(written, list) else [written])]
    if not parts:
        raise CellError("an empty list covers nothing; name a value, or write `any`")
    return Cell(
        exact=tuple(each for part in parts for each in part.exact),
        spans=tuple(each for part in parts for each in part.spans),
        order=domain.order,
    )


def examples(cells: Iterable[Cell], domain: Domain) -> list[JsonValue]:
    """One value for every part of the column that its cells can tell apart: together they stand for all of it."""
    cells = list(cells)
    nothing: list[JsonValue] = [None] if domain.nullable else []
    exact = [value for cell in cells for value in cell.exact]
    if domain.values:
        return [*domain.values, *nothing]
    if domain.kind == "yes-no":
        return [True, False, *nothing]
    if domain.kind in {"integer", "number"}:
        return [*_numbers(cells, domain), *nothing]
    found: list[JsonValue] = list(dict.fromkeys(each for each in exact if isinstance(each, str)))
    if domain.kind == "text":
        return [*found, ANOTHER, *nothing]
    return [*found, *_unknown(cells, domain, exact, texts=bool(found)), *nothing]


def _unknown(
    cells: Sequence[Cell], domain: Domain, exact: Sequence[JsonValue], *, texts: bool
) -> list[JsonValue]:
    """Of a column whose type the file does not say: the types that its cells speak of."""
    answers: list[JsonValue] = [True, False] if any(isinstance(each, bool) for each in exact) else []
    counted = any(cell.spans for cell in cells) or _has_number(exact)
    numbers: list[JsonValue] = [*_numbers(cells, domain)] if counted else []
    return [*answers, *numbers, *([ANOTHER] if texts or not (answers or numbers) else [])]


def said(value: JsonValue) -> str:
    """A value of a column in words."""
    if value == ANOTHER:
        return "anything else"
    return "not answered" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _same(value: JsonValue, other: JsonValue) -> bool:
    return isinstance(value, bool) == isinstance(other, bool) and value == other


def _has_number(values: Sequence[JsonValue]) -> bool:
    return any(isinstance(each, int | float) and not isinstance(each, bool) for each in values)


# ---- reading


def _part(written: JsonValue, domain: Domain) -> Cell:
    if isinstance(written, list | dict) or written is None:
        raise CellError(f"a cell is a value, a list of values, an interval or `any`, not {written!r}")
    if isinstance(written, str):
        return _text(written, domain)
    if isinstance(written, bool):
        if domain.kind not in {"yes-no", "any"}:
            raise CellError(f"{written!r} is yes or no, and this column holds {_holds(domain)}")
    elif domain.kind not in {"integer", "number", "any"}:
        raise CellError(f"{written!r} is a number, and this column holds {_holds(domain)}")
    elif not isfinite(written):
        raise CellError(f"{written!r} is no number to compare with")
    elif domain.kind == "integer" and written != int(written):
        raise CellError(f"{written!r} is not a whole number, and this column holds {_holds(domain)}")
    return Cell(exact=(written,))


def _text(written: str, domain: Domain) -> Cell:
    if written in domain.values:
        return Cell(exact=(written,))
    span = _span(written, domain)
    if span:
        return Cell(spans=(span,))
    if domain.values:
        raise CellError(str(UnknownNameError(domain.what, written, domain.values)))
    if domain.kind not in {"text", "any"}:
        raise CellError(
            f"{written!r} is not of this column, which holds {_holds(domain)}; "
            "write a value, `1..3`, `< 5`, `>= 3` or `any`"
        )
    return Cell(exact=(written,))


def _span(written: str, domain: Domain) -> Span | None:
    if domain.kind == "text" and not domain.order:
        return None
    between, compared = _FROM_TO.fullmatch(written), _COMPARED.fullmatch(written)
    if between:
        low, high = _bound(between[1], domain), _bound(between[2], domain)
        if low is None or high is None:
            return None
        if low > high:
            raise CellError(f"{written!r} covers nothing: the lower bound comes first")
        return Span(low, high)
    bound = _bound(compared[2], domain) if compared else None
    if compared is None or bound is None:
        return None
    counts = "=" in compared[1]
    return Span(high=bound, high_counts=counts) if "<" in compared[1] else Span(bound, low_counts=counts)


def _bound(text: str, domain: Domain) -> Number | None:
    if domain.order:
        return domain.order.index(text) if text in domain.order else None
    if domain.kind == "yes-no" or not re.fullmatch(_NUMBER, text):
        return None
    if len(text) > _MAX_DIGITS:
        raise CellError(f"a number has at most {_MAX_DIGITS} digits here")
    return float(text) if "." in text else int(text)


def _holds(domain: Domain) -> str:
    names = {"text": "text", "integer": "whole numbers", "number": "numbers", "yes-no": "true or false"}
    return names.get(domain.kind, "anything")


# ---- examples


def _numbers(cells: Sequence[Cell], domain: Domain) -> list[JsonValue]:
    points: set[Number] = {
        each for each in (domain.least, domain.most) if each is not None and isfinite(each)
    }
    for cell in cells:
        points |= {
            each for each in cell.exact if isinstance(each, int | float) and not isinstance(each, bool)
        }
        points |= {bound for span in cell.spans for bound in (span.low, span.high) if bound is not None}
    inside = Span(domain.least, domain.most)
    found = _around(sorted(points), whole=domain.kind == "integer")
    return [each for each in found if inside.holds(each)]


def _around(points: list[Number], *, whole: bool) -> list[Number]:
    """Every point, and a number in every space between, before and after them."""
    if not points:
        return [0]
    found = [int(points[0] // 1) - 1, *points, int(points[-1] // 1) + 1]
    for low, high in pairwise(points):
        after = int(low // 1) + 1
        between = after if whole or after < high else (low + high) / 2
        found += [between] if low < between < high else []
    return sorted(each for each in found if not whole or each == each // 1)
