"""Dates that came from elsewhere become part of a calendar: of all schools, of an authority, or of one school."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import get_args

from engine.calendar import Calendar
from engine.errors import RefusedError
from engine.model import Model
from engine.own_days import OwnDays, SchoolDays, Span
from engine.terms import AcademicYear, HalfTermName

_ORDER = get_args(HalfTermName)


class CalendarPart(Model):
    """What a file of dates says; what it does not speak of stays as it is."""

    half_terms: Mapping[str, Span] = {}
    """By full name: `2026-27 autumn 1`."""
    inset: tuple[date, ...] = ()
    closures: Mapping[date, str] = {}
    bank_holidays: Mapping[date, str] = {}

    @property
    def empty(self) -> bool:
        """Whether it says nothing."""
        return not (self.half_terms or self.inset or self.closures or self.bank_holidays)


def with_part(
    calendar: Calendar, part: CalendarPart, *, school: str | None = None, authority: str | None = None
) -> Calendar:
    """The calendar with these dates in it, for one school, for an authority, or for all.

    Refused where a school or another authority has dates in a year that the calendar does not know yet.
    """
    if school is not None:
        own = calendar.schools.get(school, SchoolDays())
        around = _with_school(calendar, school, own)
        return _with_school(around, school, _added(around, own, part, school))
    if authority is not None and authority != calendar.authority:
        given = calendar.authorities.get(authority, OwnDays())
        added = _added(calendar, given, part, None)
        return calendar.model_copy(update={"authorities": {**calendar.authorities, authority: added}})
    return _shared(calendar, part)


def _with_school(calendar: Calendar, school: str, own: OwnDays) -> Calendar:
    return calendar.model_copy(update={"schools": {**calendar.schools, school: own}})


def _shared(calendar: Calendar, part: CalendarPart) -> Calendar:
    years = {year.name: dict(year.half_terms) for year in calendar.years}
    for name, span in part.half_terms.items():
        year, _, half_term = name.partition(" ")
        years.setdefault(year, {})[half_term] = span  # type: ignore[index]
    return calendar.model_copy(
        update={
            "years": tuple(
                AcademicYear(name=name, half_terms={each: spans[each] for each in _ORDER if each in spans})
                for name, spans in sorted(years.items())
            ),
            "inset": _days(calendar.inset, part.inset),
            "closures": dict(sorted({**calendar.closures, **part.closures}.items())),
            "bank_holidays": dict(sorted({**calendar.bank_holidays, **part.bank_holidays}.items())),
        }
    )


def _added(calendar: Calendar, own: OwnDays, part: CalendarPart, school: str | None) -> OwnDays:
    """The days of one school or authority with the part in them; what holds there anyway is not said again."""
    known = {each.name: Span(each.first, each.last) for each in calendar.half_terms()}
    for name in part.half_terms:
        if name not in known:
            raise RefusedError(
                f"the calendar has no {name} yet; import the dates that all schools share for that year first"
            )
    above = calendar.layers(school)[:-1] if school else calendar.layers()
    held = {**known, **{name: span for each in above for name, span in each.half_terms.items()}}
    half_terms = {**own.half_terms, **part.half_terms}
    closed = {day for each in above for day in (*each.inset, *each.closures)}.difference(own.open)
    holidays = {day for each in above for day in each.bank_holidays}
    return own.model_copy(
        update={
            "half_terms": {name: span for name, span in half_terms.items() if held.get(name) != span},
            "open": tuple(day for day in own.open if day not in {*part.inset, *part.closures}),
            "inset": _days(own.inset, (day for day in part.inset if day not in closed)),
            "closures": {**own.closures, **{d: why for d, why in part.closures.items() if d not in closed}},
            "bank_holidays": {
                **own.bank_holidays,
                **{d: why for d, why in part.bank_holidays.items() if d not in holidays},
            },
        }
    )


def _days(known: tuple[date, ...], more: Iterable[date]) -> tuple[date, ...]:
    return tuple(sorted({*known, *more}))


def opened(calendar: Calendar, days: Iterable[date], *, school: str | None = None) -> Calendar:
    """The calendar with these as pupil days again: neither INSET nor closed, at one school or at all."""
    wanted = set(days)
    if school is None:
        return calendar.model_copy(
            update={
                "inset": tuple(day for day in calendar.inset if day not in wanted),
                "closures": {day: why for day, why in calendar.closures.items() if day not in wanted},
            }
        )
    own = calendar.schools.get(school, SchoolDays())
    kept = own.model_copy(
        update={
            "inset": tuple(day for day in own.inset if day not in wanted),
            "closures": {day: why for day, why in own.closures.items() if day not in wanted},
        }
    )
    around = _with_school(calendar, school, kept)
    still = sorted({*kept.open, *(wanted & around.shut_at(school))})
    return _with_school(calendar, school, kept.model_copy(update={"open": tuple(still)}))


def next_version(before: Calendar | None, after: Calendar, changed: str) -> Calendar:
    """The calendar as the version after this one, with what is different in it."""
    return after.model_copy(update={"version": before.version + 1 if before else 1, "changed": changed})
