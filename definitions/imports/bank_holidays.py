"""England's bank holidays: from the file that the government publishes, or as they are computed."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import holidays

from definitions.positions import Mark
from definitions.yaml_source import Source, SourceError, read
from engine.calendar_parts import CalendarPart
from engine.errors import UnknownNameError

_DIVISION = "england-and-wales"
_FIRST_YEAR, _LAST_YEAR = 2000, 2099


def computed_bank_holidays(years: Iterable[int]) -> CalendarPart:
    """Those of England in these years by the rules in force now. One that is proclaimed later is not among them."""
    found = holidays.country_holidays("GB", subdiv="ENG", years=list(years), language="en_GB")
    return CalendarPart(bank_holidays=dict(sorted(found.items())))


def read_bank_holidays(path: Path) -> CalendarPart:
    """Those of the government's JSON file. Raises SourceError with every mistake, each with its place."""
    source = read(path)
    data = source.data if isinstance(source.data, dict) else {}
    division = data.get(_DIVISION)
    if not isinstance(division, dict):
        near = str(UnknownNameError("division", _DIVISION, data)) if data else "expected the divisions"
        raise SourceError(source.file, [(Mark(1, 1), f"has no {_DIVISION!r}: {near}")])
    events = division.get("events")
    if not isinstance(events, list):
        mark = source.key_mark((_DIVISION,))
        raise SourceError(source.file, [(mark, "'events' is missing: expected a list of title and date")])
    problems: list[tuple[Mark, str]] = []
    found: dict[date, str] = {}
    for place, event in enumerate(events):
        _take(source, place, event, found, problems)
    if problems:
        raise SourceError(source.file, problems)
    return CalendarPart(bank_holidays=dict(sorted(found.items())))


def _take(
    source: Source, place: int, event: object, found: dict[date, str], problems: list[tuple[Mark, str]]
) -> None:
    where = (_DIVISION, "events", place)
    title, day = (event.get(name) if isinstance(event, dict) else None for name in ("title", "date"))
    if not isinstance(title, str) or not isinstance(day, str):
        problems.append((source.mark(where), "a bank holiday needs a 'title' and a 'date'"))
        return
    try:
        on = date.fromisoformat(day)
    except ValueError:
        problems.append((source.mark((*where, "date")), f"{day[:40]!r} is no day; write one like 2027-05-31"))
        return
    if not _FIRST_YEAR <= on.year <= _LAST_YEAR:
        problems.append((source.mark((*where, "date")), f"{on} is not in {_FIRST_YEAR} to {_LAST_YEAR}"))
        return
    notes = event.get("notes") if isinstance(event, dict) else None
    found[on] = f"{title[:80]}, {notes[:30].lower()}" if isinstance(notes, str) and notes else title[:80]
