"""The half terms of each year, put together from what events say: where one begins, ends, or makes way for holidays."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, NamedTuple

from definitions.imports.term_words import HALF_TERMS
from definitions.positions import Mark
from engine.anchors import school_year
from engine.dates import say_day
from engine.own_days import Span

Edge = Literal["first", "last"]
_SATURDAY = 5


class Place(NamedTuple):
    """One end of one half term of one year."""

    year: str
    half_term: int
    edge: Edge


class Said(NamedTuple):
    """What one event says of it."""

    day: date
    mark: Mark


@dataclass(slots=True)
class HalfTermsSaid:
    """Everything that events say of half terms. What is said outright counts before what a break leaves."""

    outright: dict[Place, list[Said]] = field(default_factory=lambda: defaultdict(list))
    left: dict[Place, list[Said]] = field(default_factory=lambda: defaultdict(list))

    def begins_or_ends(self, half_term: int, edge: Edge, day: date, mark: Mark) -> None:
        """The half term begins or ends on that day."""
        self.outright[Place(school_year(day), half_term, edge)].append(Said(day, mark))

    def break_from(self, half_term: int, day: date, mark: Mark) -> None:
        """No school from that day on, after this half term."""
        before = _weekday(day, -1)
        self.left[Place(school_year(before), half_term, "last")].append(Said(before, mark))

    def break_to(self, half_term: int, day: date, mark: Mark) -> None:
        """No school up to that day, after this half term."""
        after = _weekday(day, 1)
        following = (half_term + 1) % len(HALF_TERMS)
        self.left[Place(school_year(after), following, "first")].append(Said(after, mark))

    def put_together(self, problems: list[tuple[Mark, str]]) -> dict[str, Span]:
        """Every half term by its full name, in order. What is missing or contradicts itself is a problem."""
        found: dict[str, Span] = {}
        for year in sorted({place.year for place in self.outright}):
            for number, name in enumerate(HALF_TERMS):
                ends = [self._one(Place(year, number, edge), problems) for edge in ("first", "last")]
                if ends[0] and ends[1]:
                    if ends[1].day < ends[0].day:
                        problems.append((ends[1].mark, f"{year} {name} would end before it begins"))
                    else:
                        found[f"{year} {name}"] = Span(ends[0].day, ends[1].day)
                elif self._is_needed(year, number):
                    problems.append(self._missing(year, number, ends[0], ends[1]))
        return found

    def _one(self, place: Place, problems: list[tuple[Mark, str]]) -> Said | None:
        said = self.outright.get(place) or self.left.get(place) or []
        days = sorted({each.day for each in said})
        if len(days) > 1:
            name = f"{place.year} {HALF_TERMS[place.half_term]}"
            what = "begins" if place.edge == "first" else "ends"
            told = " and ".join(map(say_day, days[:3]))
            problems.append((said[-1].mark, f"{name} {what} on {told}; correct one of these events"))
        return said[0] if said else None

    def _is_needed(self, year: str, number: int) -> bool:
        """Whether the year speaks of this half term, or of some before and after it, so that it must be there."""
        known = [place.half_term for place in self.outright if place.year == year]
        return min(known) <= number <= max(known)

    def _missing(self, year: str, number: int, first: Said | None, last: Said | None) -> tuple[Mark, str]:
        name = HALF_TERMS[number]
        edges = [edge for edge, said in (("begins", first), ("ends", last)) if said is None]
        there = first or last or next(self._of(year))
        needed = f"add an event such as {name.capitalize()!r} with its first and its last day, or 'Half term'"
        return there.mark, f"nothing says when {year} {name} {' or '.join(edges)}; {needed}"

    def _of(self, year: str) -> Iterator[Said]:
        return (said for place, each in sorted(self.outright.items()) if place.year == year for said in each)


def _weekday(day: date, step: int) -> date:
    day += timedelta(days=step)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=step)
    return day
