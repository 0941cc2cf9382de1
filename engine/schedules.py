"""When a process starts by itself in an academic year, and with what: its schedules against the calendar."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import JsonValue

from engine import deadlines
from engine.calendar import Calendar
from engine.definition.program import Program, Scheduled
from engine.due_rules import DueRule
from engine.errors import UnknownNameError
from engine.terms import AcademicYear

#: `2026-27 summer 1` is in the term `2026-27 summer`, in the year `2026-27`.
_PARTS = {"half-term": 3, "term": 2, "year": 1}


@dataclass(frozen=True, slots=True)
class PlannedStart:
    """One start that is to come."""

    on: date
    inputs: Mapping[str, JsonValue]
    period: str
    """For which half term, term or year."""
    why: str
    """The rule that gives the day, in words."""


def academic_year(calendar: Calendar, name: str | None = None) -> AcademicYear:
    """The year of this name, or the last that the calendar has. Raises UnknownNameError."""
    if name is None:
        return calendar.years[-1]
    found = next((year for year in calendar.years if year.name == name), None)
    if found is None:
        raise UnknownNameError("academic year", name, [year.name for year in calendar.years])
    return found


def planned_starts(program: Program, calendar: Calendar, year: AcademicYear) -> list[PlannedStart]:
    """Every start in the year, by day. Raises RefusedError when the calendar does not reach a day."""
    found = [start for each in program.schedules for start in _starts(each, calendar, year)]
    return sorted(found, key=lambda start: (start.on, start.period))


def _starts(schedule: Scheduled, calendar: Calendar, year: AcademicYear) -> Iterator[PlannedStart]:
    for period, half_terms in _periods(schedule, year):
        deadline = _resolved(schedule.rule, half_terms, calendar, year)
        names = _names(half_terms[0])
        inputs = {name: text.evaluate(names) for name, text in schedule.inputs.items()}
        yield PlannedStart(deadline.on, inputs, period, deadline.why)


def _periods(schedule: Scheduled, year: AcademicYear) -> Iterator[tuple[str, list[str]]]:
    """Each half term, term or year that is meant, with its half terms."""
    parts, within = _PARTS[schedule.spec.each], schedule.spec.within
    found: dict[str, list[str]] = {}
    for name in year.half_terms:
        full = f"{year.name} {name}"
        found.setdefault(" ".join(full.split()[:parts]), []).append(full)
    for period, half_terms in found.items():
        if not within or period.removeprefix(f"{year.name} ") in within:
            yield period, half_terms


def _names(half_term: str) -> dict[str, JsonValue]:
    year, season, _ = half_term.split()
    return {"half_term": half_term, "term": f"{year} {season}", "year": year}


def _resolved(
    rule: DueRule, half_terms: list[str], calendar: Calendar, year: AcademicYear
) -> deadlines.Deadline:
    # Terms and years begin with their first half term, and end with their last.
    edge = half_terms[-1] if rule.edge == "last" else half_terms[0]
    alone = rule.model_copy(update={"alternative": None})
    found = deadlines.resolve(alone, lambda name: year.first if name == "opened" else edge, calendar, None)
    if rule.alternative is None:
        return found
    return max(found, _resolved(rule.alternative, half_terms, calendar, year), key=lambda each: each.at)
