"""Reads the events of an iCalendar file, each with its place; nothing in it can make this take long."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from icalendar import Event

from definitions.positions import Mark
from definitions.yaml_source import SourceError
from engine.timezone import local_date

MAX_BYTES = 1_000_000
MAX_EVENTS = 2_000
MAX_LINES_OF_EVENT = 200
MAX_CHARACTERS_OF_EVENT = 20_000
MAX_DAYS = 400
_FIRST_YEAR, _LAST_YEAR = 2000, 2099


@dataclass(frozen=True, slots=True)
class Dated:
    """One event: its title, and its first and last day."""

    mark: Mark
    title: str
    first: date
    last: date
    categories: frozenset[str] = frozenset()
    description: str = ""
    repeats: bool = False


@dataclass(slots=True)
class Events:
    """What a file holds, and every mistake in it."""

    found: list[Dated] = field(default_factory=list)
    problems: list[tuple[Mark, str]] = field(default_factory=list)


class _Block(NamedTuple):
    mark: Mark
    text: str


def read_events(path: Path) -> Events:
    """The events of a file. Raises SourceError for a file that is no calendar at all."""
    text = _text(path)
    events = Events()
    try:
        for block in _blocks(text):
            _event(block, events)
    except _CannotReadError as error:
        raise SourceError(str(path), [(error.mark, error.said)]) from None
    return events


class _CannotReadError(Exception):
    def __init__(self, mark: Mark, said: str) -> None:
        super().__init__(said)
        self.mark, self.said = mark, said


def _text(path: Path) -> str:
    file = str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(file, [(Mark(1, 1), f"the file is larger than {MAX_BYTES // 1000} kB")])
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SourceError(file, [(Mark(1, 1), f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise SourceError(file, [(Mark(1, 1), "is not UTF-8 text; save it as UTF-8")]) from error


def _blocks(text: str) -> Iterator[_Block]:
    """Every event as it stands in the file. Time zones and alarms beside them are not read at all."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not lines[0].strip().upper().startswith("BEGIN:VCALENDAR"):
        raise _CannotReadError(Mark(1, 1), "is no iCalendar file: it does not begin with BEGIN:VCALENDAR")
    begun: int | None = None
    count = 0
    for number, line in enumerate(lines, 1):
        word = line.strip().upper()
        if word == "BEGIN:VEVENT":
            if begun is not None:
                raise _CannotReadError(
                    Mark(number, 1), "an event begins inside another; END:VEVENT is missing"
                )
            begun, count = number, count + 1
            if count > MAX_EVENTS:
                raise _CannotReadError(Mark(number, 1), f"has more than {MAX_EVENTS:,} events")
        elif word == "END:VEVENT" and begun is not None:
            yield _Block(Mark(begun, 1), "\r\n".join(lines[begun - 1 : number]))
            begun = None
    if begun is not None:
        raise _CannotReadError(Mark(begun, 1), "this event does not end; END:VEVENT is missing")
    if not count:
        raise _CannotReadError(Mark(1, 1), "has no events")


def _event(block: _Block, events: Events) -> None:
    lines = block.text.count("\n")
    if lines > MAX_LINES_OF_EVENT or len(block.text) > MAX_CHARACTERS_OF_EVENT:
        events.problems.append((block.mark, "this event is longer than any that says a date; leave it out"))
        return
    try:
        found = _dated(block)
    except _CannotReadError as error:
        events.problems.append((error.mark, error.said))
    else:
        events.found.append(found)


def _dated(block: _Block) -> Dated:
    try:
        event = Event.from_ical(block.text)
        starts, ends, length = (
            getattr(event.get(name), "dt", None) for name in ("DTSTART", "DTEND", "DURATION")
        )
        title = " ".join(str(event.get("SUMMARY", "")).split())
        categories = frozenset(
            str(each).strip().upper() for each in getattr(event.get("CATEGORIES"), "cats", ())
        )
        description = " ".join(str(event.get("DESCRIPTION", "")).split())
    except Exception as error:
        # Whatever it is: the library raises errors of many kinds at what somebody has typed, and says so nowhere.
        said = (str(error).splitlines() or ["it cannot be read"])[0][:120]
        raise _CannotReadError(block.mark, f"this event cannot be read: {said}") from error
    if starts is None:
        raise _CannotReadError(block.mark, f"{title[:60]!r} has no DTSTART; say its day")
    first, last = _days(block.mark, title, starts, ends, length)
    repeats = any(name in event for name in ("RRULE", "RDATE", "RECURRENCE-ID"))
    return Dated(block.mark, title, first, last, categories, description[:300], repeats)


def _days(mark: Mark, title: str, starts: object, ends: object, length: object) -> tuple[date, date]:
    first, whole = _day(mark, title, starts)
    if ends is not None:
        after, _ = _day(mark, title, ends)
        last = after - timedelta(days=1) if whole and after > first else after
    elif isinstance(length, timedelta) and whole:
        last = first + timedelta(days=min(max(length.days, 1), MAX_DAYS + 2) - 1)
    else:
        last = first
    if last < first:
        raise _CannotReadError(mark, f"{title[:60]!r} ends before it begins")
    if (last - first).days > MAX_DAYS:
        raise _CannotReadError(mark, f"{title[:60]!r} lasts longer than a year")
    return first, last


def _day(mark: Mark, title: str, found: object) -> tuple[date, bool]:
    if not isinstance(found, date) or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        shown = found.year if isinstance(found, date) else "no day"
        raise _CannotReadError(
            mark, f"{title[:60]!r} is in the year {shown}; expected a day of {_FIRST_YEAR} to {_LAST_YEAR}"
        )
    if isinstance(found, datetime):
        return local_date(found) if found.tzinfo else found.date(), False
    return found, True
