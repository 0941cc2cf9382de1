"""`termwise calendar list`, `show`, `day` and `export`: reading the calendar."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import RenderableType
from rich.text import Text

from cli.calendar_change import SchoolOf
from cli.options import PLAIN, Flag, Options, UsageError
from cli.output import facts, show, table, write_json
from cli.setup import Desk, open_desk
from cli.wording import Words
from engine.calendar import Calendar
from engine.dates import say_day
from engine.days import Day, DayKind
from engine.own_days import Span
from reports.term_dates_ics import term_dates_ics

_MARKS: dict[DayKind, str] = {
    "pupil day": "",
    "INSET": "I",
    "closed": "C",
    "bank holiday": "B",
    "holiday": "-",
    "weekend": "",
}
_DIM = {"holiday", "weekend", "bank holiday"}
_LEGEND = "I INSET, C closed, B bank holiday, - holidays; nothing: pupils come"


async def list_years(*, school: SchoolOf = None, options: Options = PLAIN) -> None:
    """List the academic years with their half terms, and how many days pupils attend.

    Example: termwise calendar list --school glenfield
    """
    async with open_desk() as desk:
        _known(desk, school)
        calendar, words = desk.trust.calendar, Words.of(desk.trust)
    rows = [
        (each.name, each.first, each.last, sum(each.first <= day <= each.last for day in calendar.school_days(school)))
        for each in calendar.half_terms(school)
    ]  # fmt: skip
    if options.json:
        keys = ("name", "first", "last", "pupil_days")
        half_terms = [dict(zip(keys, row, strict=True)) for row in rows]
        write_json({"version": calendar.version, "changed": calendar.changed, "half_terms": half_terms})
        return
    grid = table("half term*", "first day", "last day", "pupil days")
    for name, first, last, days in rows:
        grid.add_row(name, say_day(first), say_day(last), str(days))
    show(facts(_about(calendar, school, words)), Text(""), grid)


def _about(calendar: Calendar, school: str | None, words: Words) -> dict[str, str | None]:
    own = calendar.schools.get(school or "")
    return {
        "calendar": f"{calendar.name}, version {calendar.version}",
        "changed": calendar.changed,
        "school": words.school(school) if school else None,
        "authority": (own.authority if own else None) or calendar.authority,
        "others": ", ".join(calendar.authorities),
    }


async def show_days(
    *,
    school: SchoolOf = None,
    month: Annotated[str | None, Parameter(help="A month, such as 2027-02.")] = None,
    term: Annotated[str | None, Parameter(help='A term or a half term, such as "2026-27 autumn".')] = None,
    options: Options = PLAIN,
) -> None:
    """Show the days of a month or a term as a grid; this month unless said.

    Example: termwise calendar show --school glenfield --term "2026-27 autumn"
    """
    async with open_desk() as desk:
        _known(desk, school)
        calendar, words, today = desk.trust.calendar, Words.of(desk.trust), desk.now.date()
    if month and term:
        raise UsageError("say --month or --term, not both")
    span = _term(calendar, term, school) if term else _month(month, today)
    days = [calendar.day(day, school) for day in span.days()]
    if options.json:
        write_json({"school": school, "days": [each.model_dump(mode="json") for each in days]})
        return
    title = f"{words.school(school) if school else calendar.name}, {term or f'{span.first:%B %Y}'}"
    show(Text(title, "bold"), _grid(days), Text(_LEGEND, "dim"), *_special(days))


async def show_day(
    day: Annotated[date, Parameter(help="The day, such as 2027-05-31.")],
    /,
    *,
    school: SchoolOf = None,
    options: Options = PLAIN,
) -> None:
    """Say what kind of day it is: pupils come, INSET, closed, a bank holiday, a weekend or holidays.

    Example: termwise calendar day 2027-05-31 --school glenfield
    """
    async with open_desk() as desk:
        _known(desk, school)
        calendar = desk.trust.calendar
        found = calendar.day(day, school)
    if options.json:
        write_json({**found.model_dump(mode="json"), "working_day": calendar.is_working_day(day, school)})
        return
    show(f"{found.said}.", *([f"It lies in {found.half_term}."] if found.half_term else []))


async def export(
    *,
    school: SchoolOf = None,
    output: Annotated[Path | None, Parameter(help="The file to write; standard output unless said.")] = None,
    ics: Annotated[Flag, Parameter(help="As iCalendar; there is no other form yet.")] = True,
    options: Options = PLAIN,
) -> None:
    """Write a school's term dates, INSET days, closures and bank holidays as an iCalendar file.

    Example: termwise calendar export --ics --school glenfield --output glenfield.ics
    """
    del ics
    async with open_desk() as desk:
        _known(desk, school)
        text = term_dates_ics(desk.trust.calendar, school, datetime.now(UTC))
    if output is None:
        show(text.decode().replace("\r\n", "\n").rstrip())
        return
    try:
        output.write_bytes(text)
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}") from error
    events = text.count(b"BEGIN:VEVENT")
    if options.json:
        write_json({"file": str(output), "events": events})
    else:
        show(f"Written: {output}, {events} events.")


def _known(desk: Desk, school: str | None) -> None:
    if school:
        desk.trust.directory.school(school)


def _term(calendar: Calendar, name: str, school: str | None) -> Span:
    first, last = calendar.ends_of(name.removesuffix(" term"), school)
    return Span(first.first, last.last)


def _month(text: str | None, today: date) -> Span:
    try:
        first = date.fromisoformat(f"{text}-01") if text else today.replace(day=1)
    except ValueError:
        raise UsageError(f"{text!r} is no month; write one such as 2027-02") from None
    return Span(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def _grid(days: list[Day]) -> RenderableType:
    grid = table("week of", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    weeks: dict[date, dict[int, Day]] = {}
    for each in days:
        weeks.setdefault(each.on - timedelta(days=each.on.weekday()), {})[each.on.weekday()] = each
    for monday, week in weeks.items():
        grid.add_row(Text(say_day(monday)[4:-5], "dim"), *(_cell(week.get(place)) for place in range(7)))
    return grid


def _cell(day: Day | None) -> Text:
    if day is None:
        return Text("")
    return Text(f"{day.on.day:>2} {_MARKS[day.kind]}".rstrip(), "dim" if day.kind in _DIM else "")


def _special(days: list[Day]) -> Iterator[RenderableType]:
    named = [each for each in days if each.kind in {"INSET", "closed", "bank holiday"}]
    if named:
        yield Text("")
    yield from (Text(each.said) for each in named)
