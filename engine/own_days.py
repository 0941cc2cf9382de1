"""What an authority or a school does differently from the dates that are shared."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from operator import not_
from typing import Annotated, NamedTuple

from pydantic import Field

from engine.model import Model


class Span(NamedTuple):
    """A first and a last day, both included. In a file: `[2026-08-26, 2026-10-16]`."""

    first: date
    last: date

    def days(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


class OwnDays(Model):
    """INSET days, closures and bank holidays come on top of the shared ones; half terms replace them."""

    inset: tuple[date, ...] = ()
    closures: Mapping[date, str] = {}
    """Days shut to pupils without notice, with the reason: snow, a burst boiler."""
    half_terms: Mapping[str, Span] = {}
    """Dates that replace the shared ones, by full name: `2026-27 autumn 1`."""
    # What was not there at first is left out where it is empty, so that calendars keep their digests.
    bank_holidays: Annotated[Mapping[date, str], Field(exclude_if=not_)] = {}
    open: Annotated[tuple[date, ...], Field(exclude_if=not_)] = ()
    """Days on which pupils attend although the shared dates have INSET or a closure."""


class SchoolDays(OwnDays):
    """What one school does differently from its authority, or from the shared dates."""

    authority: Annotated[str | None, Field(exclude_if=not_)] = None
    """Whose dates it keeps where it has none of its own; the shared ones when left out."""


def shut(days: OwnDays, closed: frozenset[date]) -> frozenset[date]:
    """The days without pupils that are left, once these are laid over those that were closed before."""
    return closed.difference(days.open).union(days.inset, days.closures)
