"""Changing the calendar: what would change is shown, and done unless it is only to be shown."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Annotated

from cyclopts import Parameter
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from cli.options import ActingOptions, Flag, UsageError
from cli.output import show, write_json
from cli.register_book import read_book, rehearsed
from cli.setup import acting_person, open_desk, settings
from cli.wording import Words, counted
from engine import library
from engine.calendar import Calendar
from engine.calendar_changes import DaysChanged, changed_days, years_changed
from engine.commands import command_id
from engine.definition.compiler import digest
from engine.errors import RefusedError
from engine.register.calendars import ImportCalendar
from engine.register.fact import REGISTER
from engine.register.standing import Standing
from workers.replanned import Moves, WouldMove, would_move
from workers.wiring import open_office

DryRun = Annotated[Flag, Parameter(help="Show which days and deadlines would change; change nothing.")]
Reason = Annotated[str | None, Parameter(help="Why; it is kept.")]
SchoolOf = Annotated[str | None, Parameter(name="--school", help="Only this school's; else every school's.")]
_MOST_DAYS, _MOST_MOVES = 40, 60


def one_of(school: str | None, authority: str | None) -> None:
    """Refuse both at once."""
    if school and authority:
        raise UsageError("dates are of a school or of an authority: say --school or --authority, not both")


async def change(
    make: Callable[[Calendar], tuple[Calendar, tuple[str, ...]]],
    reason: str | None,
    options: ActingOptions,
    *,
    dry_run: bool,
    school: str | None = None,
) -> None:
    """Make another calendar of the one in force, show what it changes, and put it in force.

    `make` gives the calendar, and what in its source was not understood.
    """
    async with open_desk(options.as_) as desk:
        if school:
            desk.trust.directory.school(school)
        before = desk.trust.calendar
        after, unread = make(before)
        days = changed_days(before, after)
        if options.as_ and library.text(before) != library.text(after):
            # Whoever may not change it is told so first, in a dry run too.
            standing, book = await desk.records.register.standing(), await read_book(desk)
            person = acting_person(desk.trust.directory, options.as_)
            rehearsed(book.register, _order(after, reason, person.id, standing), desk.now)
        moves = await would_move(desk.records, after, desk.now)
        words = Words.of(desk.trust)
    same = library.text(before) == library.text(
        after.model_copy(update={"version": before.version, "changed": before.changed})
    )
    if not dry_run and not same:
        await _put_in_force(before, after, reason, options)
    if options.json:
        write_json(_as_json(before, after, days, moves, unread, changed=not dry_run and not same))
    else:
        ending = "Nothing is different." if same else "Nothing was changed." if dry_run else _done(after)
        years = years_changed(before, after)
        show(*_told(days, years, moves, unread, words), Text(f"\n{ending}", "bold"))


async def _put_in_force(
    before: Calendar, after: Calendar, reason: str | None, options: ActingOptions
) -> None:
    async with open_office(settings()) as office:
        person = acting_person(office.trust.directory, options.as_)
        await office.records.documents.put("calendar", library.text(after))
        standing = await office.records.register.standing()
        if office.trust.calendar != before:
            raise RefusedError("somebody else has changed the calendar meanwhile; look at it and try again")
        order = _order(after, reason, person.id, standing)
        await office.client.register(order)


def _order(after: Calendar, reason: str | None, by: str, standing: Standing | None) -> ImportCalendar:
    """The order, with its calendar loaded."""
    text = library.text(after)
    name = digest(text)
    library.put("calendar", name, text)
    return ImportCalendar(
        id=command_id(REGISTER, "import-calendar", name, standing.version if standing else 0),
        by=by,
        reason=reason or after.changed or None,
        calendar=name,
        instead_of=standing.calendar if standing else None,
    )


def _done(after: Calendar) -> str:
    return f"Version {after.version} of the calendar is in force. Open deadlines follow in a moment."


def _as_json(  # noqa: PLR0913, PLR0917 - all that is told
    before: Calendar,
    after: Calendar,
    days: Iterable[DaysChanged],
    moves: Moves,
    unread: Iterable[str],
    changed: bool,  # noqa: FBT001 - named where it is called
) -> dict[str, object]:
    return {
        "version": after.version,
        "changed": changed,
        "years": list(years_changed(before, after)),
        "days": [each.model_dump(mode="json") for each in days],
        "deadlines": [each.model_dump(mode="json") for each in moves.seen],
        "deadlines_not_shown": moves.unseen,
        "not_understood": list(unread),
    }


def _told(
    days: Iterable[DaysChanged],
    years: Iterable[str],
    moves: Moves,
    unread: Iterable[str],
    words: Words,
) -> Iterator[RenderableType]:
    if unread := list(unread):
        yield Text("Not understood, and left out", "bold")
        yield from (_inset(each, 2) for each in unread[:_MOST_DAYS])
        yield Text("")
    yield Text("Days that change", "bold")
    years, changed = list(years), list(days)
    yield from (_inset(each, 2) for each in years)
    for school, rows in groupby(changed[:_MOST_DAYS], lambda each: each.school):
        yield _inset(words.school(school) if school else "Every school", 2)
        yield from (_inset(each.said, 4) for each in rows)
    if len(changed) > _MOST_DAYS:
        yield _inset(f"... and {len(changed) - _MOST_DAYS} more", 2)
    if not changed and not years:
        yield _inset("none", 2)
    yield from _moves(moves, words)


def _moves(moves: Moves, words: Words) -> Iterator[RenderableType]:
    yield Text(f"\nOpen deadlines that move ({counted(len(moves.seen) + moves.unseen, 'deadline')})", "bold")
    ordered = sorted(moves.seen, key=lambda each: (each.school or "", each.cycle, str(each.due), each.what))
    for school, rows in groupby(ordered[:_MOST_MOVES], lambda each: each.school):
        yield _inset(words.school(school), 2)
        for each in rows:
            yield _inset(f"{each.what} ({each.cycle})", 4)
            yield _inset(_from_to(each, words), 6)
            if each.why:
                yield _inset(each.why, 6, "dim")
    if len(ordered) > _MOST_MOVES:
        yield _inset(f"... and {len(ordered) - _MOST_MOVES} more", 2)
    if moves.unseen:
        yield _inset(f"{moves.unseen} of what you may not see", 2)


def _from_to(each: WouldMove, words: Words) -> str:
    if each.back_on:
        return f"comes back on {words.day(each.back_on)}"
    return f"{words.day(each.was)} -> {words.day(each.due)}"


def _inset(text: str, by: int, style: str = "") -> RenderableType:
    return Padding(Text(text, style), (0, 0, 0, by))
