"""Term dates from an iCalendar file, as councils and schools publish them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from definitions.imports.half_terms import HalfTermsSaid
from definitions.imports.ics_events import Dated, read_events
from definitions.imports.term_words import Meaning, meaning
from definitions.positions import Mark
from definitions.yaml_source import SourceError
from engine.calendar_parts import CalendarPart
from engine.dates import say_day
from engine.own_days import Span

_SATURDAY = 5
#: No INSET and no closure lasts longer; a mistake in a date is more likely.
_MOST_DAYS = 14


@dataclass(frozen=True, slots=True)
class TermDatesFile:
    """What a file says, and what in it was not understood, with the place and the day of each event."""

    part: CalendarPart
    unread: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reading:
    terms: HalfTermsSaid = field(default_factory=HalfTermsSaid)
    inset: set[date] = field(default_factory=set)
    closures: dict[date, str] = field(default_factory=dict)
    bank_holidays: dict[date, str] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    problems: list[tuple[Mark, str]] = field(default_factory=list)


def read_term_dates(path: Path) -> TermDatesFile:
    """The dates in an iCalendar file. Raises SourceError with every mistake, each with its place.

    An event that is not understood is listed and changes nothing. A file with nothing in it that is understood
    is a mistake.
    """
    events = read_events(path)
    reading = _Reading(problems=events.problems)
    for event in events.found:
        _take(reading, event, str(path))
    half_terms = reading.terms.put_together(reading.problems)
    part = CalendarPart(
        half_terms={name: Span(*span) for name, span in half_terms.items()},
        inset=tuple(sorted(reading.inset)),
        closures=dict(sorted(reading.closures.items())),
        bank_holidays=dict(sorted(reading.bank_holidays.items())),
    )
    if part.empty and not reading.problems:
        said = "no event says a date of a term, INSET, a closure or a bank holiday; is it another calendar?"
        reading.problems.append((Mark(1, 1), said))
    if reading.problems:
        raise SourceError(str(path), reading.problems)
    return TermDatesFile(part, tuple(reading.unread))


def _take(reading: _Reading, event: Dated, file: str) -> None:
    found = meaning(event.title, event.first, event.last, event.categories)
    if found is None:
        when = say_day(event.first)
        reading.unread.append(f"{file}:{event.mark.line}:{event.mark.column}: {when}: {event.title[:80]!r}")
    elif event.repeats:
        said = f"{event.title[:60]!r} repeats; write each of its days as an event of its own"
        reading.problems.append((event.mark, said))
    elif found.kind in {"bank holiday", "inset", "closure"}:
        _take_days(reading, event, found)
    else:
        _take_term(reading.terms, event, found)


def _take_days(reading: _Reading, event: Dated, found: Meaning) -> None:
    if (event.last - event.first).days >= _MOST_DAYS:
        said = f"{event.title[:60]!r} lasts longer than {_MOST_DAYS} days; correct its last day"
        reading.problems.append((event.mark, said))
        return
    days = list(_days(event))
    if found.kind == "inset":
        reading.inset.update(day for day in days if day.weekday() < _SATURDAY)
    elif found.kind == "closure":
        why = event.description if found.text == "Closed" and event.description else found.text
        reading.closures.update(dict.fromkeys((day for day in days if day.weekday() < _SATURDAY), why[:120]))
    else:
        reading.bank_holidays.update(dict.fromkeys(days, found.text[:120]))


def _days(event: Dated) -> Iterator[date]:
    return Span(event.first, event.last).days()


def _take_term(terms: HalfTermsSaid, event: Dated, found: Meaning) -> None:
    before = found.before if found.before is not None else 0
    match found.kind:
        case "first":
            terms.begins_or_ends(before, "first", event.first, event.mark)
        case "last":
            terms.begins_or_ends(before, "last", event.last, event.mark)
        case "span":
            terms.begins_or_ends(before, "first", event.first, event.mark)
            after = found.after if found.after is not None else before
            terms.begins_or_ends(after, "last", event.last, event.mark)
        case "gap":
            terms.break_from(before, event.first, event.mark)
            terms.break_to(before, event.last, event.mark)
        case "gap begins":
            terms.break_from(before, event.first, event.mark)
        case "gap ends":
            terms.break_to(before, event.last, event.mark)
        case _:
            raise ValueError(found.kind)
