"""Term dates as authorities and schools publish them: half terms, holidays, INSET days, closures."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from engine.errors import UnknownNameError
from engine.indexed import Indexed
from engine.model import Model

HalfTermName = Literal["autumn 1", "autumn 2", "spring 1", "spring 2", "summer 1", "summer 2"]

_SATURDAY = 5


class Span(NamedTuple):
    """A first and a last day, both included. In a file: `[2026-08-26, 2026-10-16]`."""

    first: date
    last: date

    def days(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


class HalfTerm(Model):
    """One half term, by its full name, `2026-27 summer 1`.

    Its dates are those published. Pupils may attend on fewer days: see `Calendar.first_day` and `last_day`.
    """

    name: str
    first: date
    last: date


def _within(year: str, called: str, span: Span) -> None:
    """Every day between the first and the last is looked at, so a wrong year would cost much."""
    begins = int(year[: len("2026")])
    if not begins <= span.first.year <= span.last.year <= begins + 1:
        raise ValueError(
            f"{called} is from {span.first} to {span.last}; expected days of {begins} or {begins + 1}"
        )


class AcademicYear(Model):
    """The half terms of one year, in order and apart from each other."""

    name: Annotated[str, Field(pattern=r"^20\d\d-\d\d$", examples=["2026-27"])]
    half_terms: Annotated[Mapping[HalfTermName, Span], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for name, span in self.half_terms.items():
            if span.last < span.first:
                raise ValueError(f"{self.name} {name} ends before it begins")
            _within(self.name, f"{self.name} {name}", span)
        for (here, span), (there, following) in pairwise(self.half_terms.items()):
            if following.first <= span.last:
                raise ValueError(f"{self.name} {there} begins before {here} has ended")
        return self

    @property
    def first(self) -> date:
        return next(iter(self.half_terms.values())).first


class SchoolDays(Model):
    """What one school does differently. Its INSET days and closures come on top of the shared ones."""

    inset: tuple[date, ...] = ()
    closures: Mapping[date, str] = {}
    """Days shut to pupils without notice, with the reason: snow, a burst boiler."""
    half_terms: Mapping[str, Span] = {}
    """Dates that replace the shared ones, by full name: `2026-27 autumn 1`."""


class TermDates(Indexed):
    """A trust's term dates: what all its schools share, and what each does differently."""

    years: Annotated[tuple[AcademicYear, ...], Field(min_length=1)]
    bank_holidays: Mapping[date, str] = {}
    inset: tuple[date, ...] = ()
    """Staff-only days of every school."""
    closures: Mapping[date, str] = {}
    schools: Mapping[str, SchoolDays] = {}
    """By school key. A school that is not here keeps the shared days."""

    @model_validator(mode="after")
    def _years_in_order(self) -> Self:
        if any(this.name >= following.name for this, following in pairwise(self.years)):
            raise ValueError("academic years must stand in order, each once")
        for key, own in self.schools.items():
            for name in own.half_terms.keys() - self._published.keys():
                raise ValueError(
                    f"school {key!r} gives dates for {name!r}, which is in no year of this calendar"
                )
            for name, span in own.half_terms.items():
                _within(name, f"school {key!r}: {name}", span)
        return self

    @cached_property
    def known(self) -> Span:
        """The days these dates can speak of: from the first half term to the July after the last.

        Not into August: in Leicestershire the next year, which nobody has told us of, begins then.
        """
        schools = [span for own in self.schools.values() for span in own.half_terms.values()]
        spans = [*self._published.values(), *schools]
        last = max(span.last for span in spans)
        return Span(min(span.first for span in spans), max(last, date(last.year, 7, 31)))

    def half_terms(self, school: str | None = None) -> tuple[HalfTerm, ...]:
        """Every half term in order, with a school's own dates where it has them."""
        spans = {**self._published, **self._own(school).half_terms}
        return tuple(HalfTerm(name=name, first=span.first, last=span.last) for name, span in spans.items())

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """The name of every term in order: `2026-27 autumn`."""
        return tuple(dict.fromkeys(name.rpartition(" ")[0] for name in self._published))

    def half_term(self, name: str, school: str | None = None) -> HalfTerm:
        """The half term called, say, `2026-27 summer 1`; an `UnknownNameError` suggests the nearest."""
        if name not in self._published:
            raise UnknownNameError("half term", name, self._published)
        span = self._own(school).half_terms.get(name, self._published[name])
        return HalfTerm(name=name, first=span.first, last=span.last)

    def working_days(self) -> set[date]:
        """Every known Monday to Friday that is no bank holiday."""
        return {day for day in self.known.days() if self._works(day)}

    def school_days(self, school: str | None = None) -> set[date]:
        """Every known day on which a school's pupils attend."""
        own = self._own(school)
        spans = {**self._published, **own.half_terms}.values()
        working = {day for span in spans for day in span.days() if self._works(day)}
        return working.difference(self.inset, self.closures, own.inset, own.closures)

    def _works(self, day: date) -> bool:
        return day.weekday() < _SATURDAY and day not in self.bank_holidays

    def _own(self, school: str | None) -> SchoolDays:
        return self.schools.get(school or "", SchoolDays())

    @cached_property
    def _published(self) -> dict[str, Span]:
        return {f"{year.name} {name}": span for year in self.years for name, span in year.half_terms.items()}
