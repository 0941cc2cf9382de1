"""School time: counting the days pupils attend, and the clock on the wall.

A calendar answers for the days it knows, and refuses, with the remedy, a question about any other.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from operator import not_
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from engine.dates import say_day, say_days
from engine.day_count import DayCount, Unit
from engine.days import Day
from engine.errors import RefusedError, UnknownNameError
from engine.terms import HalfTerm, Span, TermDates

_SATURDAY = 5
_HOLIDAYS = {"autumn": "Christmas", "spring": "Easter", "summer": "summer"}

_PERIOD = re.compile(r"20\d\d-\d\d( (autumn|spring|summer)( [12])?)?")


class BeyondCalendarError(RefusedError):
    """A question about a day the calendar does not know."""

    def __init__(self, calendar: str, known: Span, question: str) -> None:
        super().__init__(
            f"cannot say {question}: calendar {calendar} knows {say_day(known.first)} to "
            f"{say_day(known.last)}; add the academic year to it and run `termwise calendar import`"
        )


class Calendar(TermDates):
    """Term dates that can be counted in. A value: a change is a new version.

    Every question may name a school, whose own dates, INSET and closures then hold; without one it
    is asked of the shared dates. Days are indexed per school on first use.
    """

    name: str
    version: int = 1
    time_zone: str = "Europe/London"
    changed: Annotated[str, Field(exclude_if=not_)] = ""
    """What is different in this version, in a sentence."""

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
            raise ValueError(
                f"there is no time zone {name[:60]!r}; write one like 'Europe/London'"
            ) from unknown
        return name

    def is_school_day(self, school: str | None, day: date) -> bool:
        """Whether pupils attend."""
        self._check(day, f"whether {say_day(day)} is a school day")
        return day in self._count(Unit.SCHOOL_DAYS, school)

    def is_working_day(self, day: date, school: str | None = None) -> bool:
        """Whether it is Monday to Friday and no bank holiday."""
        self._check(day, f"whether {say_day(day)} is a working day")
        return day in self._count(Unit.WORKING_DAYS, school)

    def day(self, on: date, school: str | None = None) -> Day:
        """What kind of day it is at a school. Refused beyond the days that are known."""
        self._check(on, f"what kind of day {say_day(on)} is")
        within = next((each for each in self.half_terms(school) if each.first <= on <= each.last), None)
        inside = within.name if within else None
        holidays, closed = self.bank_holidays_at(school), self.shut_at(school)
        if on in holidays:
            return Day(on=on, kind="bank holiday", reason=holidays[on], half_term=inside)
        if on.weekday() >= _SATURDAY:
            return Day(on=on, kind="weekend", half_term=inside)
        if on in closed:
            why = self.why_closed(on, school)
            if why is None:
                return Day(on=on, kind="INSET", half_term=inside)
            if within:
                return Day(on=on, kind="closed", reason=why, half_term=inside)
        if within:
            return Day(on=on, kind="pupil day", half_term=inside)
        return Day(on=on, kind="holiday", reason=self._holidays(on, school))

    def _holidays(self, on: date, school: str | None) -> str:
        """What people call the holidays in which a day lies; nothing before the first half term."""
        before = [each.name.split()[1] for each in self.half_terms(school) if each.last < on]
        after = [each.name.split()[1] for each in self.half_terms(school) if each.first > on]
        if not before:
            return ""
        return "half term" if before[-1:] == after[:1] else f"{_HOLIDAYS[before[-1]]} holidays"

    def shift(self, day: date, n: int, unit: Unit = Unit.SCHOOL_DAYS, school: str | None = None) -> date:
        """The n-th counted day strictly after `day`, or before it when n is negative; `day` itself for 0.

        `day` need not be a counted day: one school day after a Saturday is the Monday, one before it the
        Friday. From a counted day, shifting there and back returns to it. Plain days know no limit.
        """
        if unit is Unit.DAYS or n == 0:
            return day + timedelta(days=n)
        question = f"what is {say_days(abs(n), unit)} {'after' if n > 0 else 'before'} {say_day(day)}"
        self._check(day, question)
        found = self._count(unit, school).nth(day, n)
        if found is None:
            raise self._beyond(question)
        return found

    def school_days_between(self, first: date, last: date, school: str | None = None) -> int:
        """How many days pupils attend after the first day, up to the last. Days it does not know count for none."""
        counted = self._count(Unit.SCHOOL_DAYS, school)
        return len(counted.within(Span(first + timedelta(days=1), last)))

    def pupil_days(self, half_term: str, school: str | None = None) -> tuple[date, ...]:
        """The days pupils attend in the half term of that name; at least one."""
        published = self.half_term(half_term, school)
        days = self._count(Unit.SCHOOL_DAYS, school).within(Span(published.first, published.last))
        if not days:
            raise RefusedError(f"{half_term} has no pupil days; check its dates, INSET days and closures")
        return days

    def ends_of(self, period: str, school: str | None = None) -> tuple[HalfTerm, HalfTerm]:
        """The first and the last half term of a half term, a term (`2026-27 autumn`) or a year (`2026-27`).

        Raises UnknownNameError for what is none of these, and BeyondCalendarError for a time that is not known.
        """
        found = [
            each for each in self.half_terms(school) if each.name == period or _part_of(each.name, period)
        ]
        if found:
            return found[0], found[-1]
        if _PERIOD.fullmatch(period):
            raise self._beyond(f"when {period} is")
        years = [year.name for year in self.years]
        raise UnknownNameError("half term, term or year", period, [*self._published, *self.terms, *years])

    def has(self, period: str) -> bool:
        """Whether it knows the half term, term or year."""
        return any(name == period or _part_of(name, period) for name in self._published)

    def first_day(self, half_term: str, school: str | None = None) -> date:
        """The first day pupils attend, after any INSET."""
        return self.pupil_days(half_term, school)[0]

    def last_day(self, half_term: str, school: str | None = None) -> date:
        """The last day pupils attend, before any INSET."""
        return self.pupil_days(half_term, school)[-1]

    def year_of(self, day: date) -> str | None:
        """The name of the academic year of a day, holidays after its terms included; None if not known."""
        if not self.known.first <= day <= self.known.last:
            return None
        begun = (year.name for year in reversed(self.years) if year.first <= day)
        return next(begun, self.years[0].name)

    def called(self, school: str | None, on: date) -> str:
        """What a reason cites: `Brook Lane calendar 2026-27 v1`."""
        whose = school.replace("-", " ").title() if school else self.name
        return " ".join(filter(None, (whose, "calendar", self.year_of(on), f"v{self.version}")))

    def at(self, day: date, clock: time) -> datetime:
        """The instant, in UTC, at which local clocks show a time.

        Of a time that clocks show twice in autumn it is the first; one they skip in spring is as long
        after midnight as on any other day.
        """
        return datetime.combine(day, clock, ZoneInfo(self.time_zone)).astimezone(UTC)

    def local_date(self, instant: datetime) -> date:
        """The day on the wall at an instant; `instant` is aware."""
        return instant.astimezone(ZoneInfo(self.time_zone)).date()

    def _check(self, day: date, question: str) -> None:
        if not self.known.first <= day <= self.known.last:
            raise self._beyond(question)

    def _beyond(self, question: str) -> BeyondCalendarError:
        return BeyondCalendarError(f"{self.name!r} v{self.version}", self.known, question)

    def _count(self, unit: Unit, school: str | None) -> DayCount:
        key = (unit, school if school in self.schools else None)
        if key not in self._counts:
            days = self.school_days(school) if unit is Unit.SCHOOL_DAYS else self.working_days(school)
            self._counts[key] = DayCount(days)
        return self._counts[key]

    @cached_property
    def _counts(self) -> dict[tuple[Unit, str | None], DayCount]:
        return {}


def _part_of(half_term: str, period: str) -> bool:
    return half_term.startswith(f"{period} ")
