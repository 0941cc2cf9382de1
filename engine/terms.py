"""Term dates as authorities and schools publish them: half terms, holidays, INSET days, closures."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from itertools import chain, pairwise
from operator import not_
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from engine.errors import UnknownNameError
from engine.indexed import Indexed
from engine.model import Model
from engine.own_days import OwnDays, SchoolDays, Span, shut

__all__ = ["AcademicYear", "HalfTerm", "HalfTermName", "OwnDays", "SchoolDays", "Span", "TermDates"]

HalfTermName = Literal["autumn 1", "autumn 2", "spring 1", "spring 2", "summer 1", "summer 2"]

_SATURDAY = 5


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


class TermDates(Indexed):
    """A trust's term dates: what all its schools share, and what each does differently."""

    years: Annotated[tuple[AcademicYear, ...], Field(min_length=1)]
    bank_holidays: Mapping[date, str] = {}
    inset: tuple[date, ...] = ()
    """Staff-only days of every school."""
    closures: Mapping[date, str] = {}
    schools: Mapping[str, SchoolDays] = {}
    """By school key. A school that is not here keeps the shared days."""
    authority: Annotated[str | None, Field(exclude_if=not_)] = None
    """The authority whose dates the shared ones are, if they are one's: `leicestershire`."""
    authorities: Annotated[Mapping[str, OwnDays], Field(exclude_if=not_)] = {}
    """The default dates of other authorities, by name, where they differ; a school names its own."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if any(this.name >= following.name for this, following in pairwise(self.years)):
            raise ValueError("academic years must stand in order, each once")
        for whose, own in self._all_own():
            for name in own.half_terms.keys() - self._published.keys():
                raise ValueError(f"{whose} gives dates for {name!r}, which is in no year of this calendar")
            for name, span in own.half_terms.items():
                _within(name, f"{whose}: {name}", span)
        for key, school in self.schools.items():
            if school.authority and school.authority not in {self.authority, *self.authorities}:
                here = [each for each in (self.authority, *self.authorities) if each]
                raise ValueError(f"school {key!r}: {UnknownNameError('authority', school.authority, here)}")
        return self

    def _all_own(self) -> Iterator[tuple[str, OwnDays]]:
        yield from ((f"authority {name!r}", own) for name, own in self.authorities.items())
        yield from ((f"school {key!r}", own) for key, own in self.schools.items())

    @cached_property
    def known(self) -> Span:
        """The days these dates can speak of: from the first half term to the July after the last.

        Not into August: in Leicestershire the next year, which nobody has told us of, begins then.
        """
        own = chain.from_iterable(each.half_terms.values() for _, each in self._all_own())
        spans = [*self._published.values(), *own]
        last = max(span.last for span in spans)
        return Span(min(span.first for span in spans), max(last, date(last.year, 7, 31)))

    def half_terms(self, school: str | None = None) -> tuple[HalfTerm, ...]:
        """Every half term in order, with the dates of the school's authority, or its own, where there are any."""
        spans = self._spans(school)
        return tuple(HalfTerm(name=name, first=span.first, last=span.last) for name, span in spans.items())

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """The name of every term in order: `2026-27 autumn`."""
        return tuple(dict.fromkeys(name.rpartition(" ")[0] for name in self._published))

    def half_term(self, name: str, school: str | None = None) -> HalfTerm:
        """The half term called, say, `2026-27 summer 1`; an `UnknownNameError` suggests the nearest."""
        if name not in self._published:
            raise UnknownNameError("half term", name, self._published)
        span = self._spans(school)[name]
        return HalfTerm(name=name, first=span.first, last=span.last)

    def working_days(self, school: str | None = None) -> set[date]:
        """Every known Monday to Friday that is no bank holiday there."""
        holidays = self.bank_holidays_at(school)
        return {day for day in self.known.days() if day.weekday() < _SATURDAY and day not in holidays}

    def school_days(self, school: str | None = None) -> set[date]:
        """Every known day on which a school's pupils attend."""
        holidays = self.bank_holidays_at(school)
        return {
            day
            for span in self._spans(school).values()
            for day in span.days()
            if day.weekday() < _SATURDAY and day not in holidays
        }.difference(self.shut_at(school))

    def bank_holidays_at(self, school: str | None = None) -> Mapping[date, str]:
        """The bank holidays that count at a school, each with its name."""
        return {day: name for own in self.layers(school) for day, name in own.bank_holidays.items()}

    def shut_at(self, school: str | None = None) -> frozenset[date]:
        """The INSET days and closures that count at a school."""
        closed: frozenset[date] = frozenset()
        for own in self.layers(school):
            closed = shut(own, closed)
        return closed

    def why_closed(self, day: date, school: str | None = None) -> str | None:
        """Why a day is closed without notice at a school; none for any other, INSET among them."""
        said = (each for each in reversed(self.layers(school)) if day in each.closures or day in each.inset)
        own = next(said, None)
        return own.closures.get(day) if own and day in self.shut_at(school) else None

    def layers(self, school: str | None = None) -> tuple[OwnDays, ...]:
        """What holds at a school, each over the one before: the shared days, its authority's, its own."""
        shared = OwnDays(inset=self.inset, closures=self.closures, bank_holidays=self.bank_holidays)
        own = self.schools.get(school or "")
        if own is None:
            return (shared,)
        given = self.authorities.get(own.authority or "")
        return (shared, given, own) if given else (shared, own)

    def _spans(self, school: str | None) -> dict[str, Span]:
        own = (each.half_terms for each in self.layers(school))
        return {**self._published, **dict(chain.from_iterable(each.items() for each in own))}

    @cached_property
    def _published(self) -> dict[str, Span]:
        return {f"{year.name} {name}": span for year in self.years for name, span in year.half_terms.items()}
