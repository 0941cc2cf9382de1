"""Counting days of one kind: the n-th school day before, the working days between."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from engine.terms import Span


class Unit(StrEnum):
    """What a count counts. A working day is Monday to Friday and no bank holiday."""

    SCHOOL_DAYS = "school days"
    WORKING_DAYS = "working days"
    DAYS = "days"


class DayCount:
    """The days that count, in order. Each question costs a binary search."""

    def __init__(self, days: Iterable[date]) -> None:
        self._members = frozenset(days)
        self._order = tuple(sorted(self._members))

    def __contains__(self, day: date) -> bool:
        return day in self._members

    def nth(self, day: date, n: int) -> date | None:
        """The n-th counted day strictly after `day`, or before it when n is negative; n is never 0."""
        place = bisect_right(self._order, day) + n - 1 if n > 0 else bisect_left(self._order, day) + n
        return self._order[place] if 0 <= place < len(self._order) else None

    def within(self, span: Span) -> tuple[date, ...]:
        """The counted days from the first to the last day of a span."""
        return self._order[bisect_left(self._order, span.first) : bisect_right(self._order, span.last)]
