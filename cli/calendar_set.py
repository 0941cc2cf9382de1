"""`termwise calendar set`: a few days of one school, or of all, without a file."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

from cyclopts import App, Parameter

from cli.calendar_change import DryRun, SchoolOf, change
from cli.options import UNSAID, ActingOptions, UsageError
from engine.calendar import Calendar
from engine.calendar_parts import CalendarPart, next_version, opened, with_part
from engine.dates import say_day
from engine.own_days import SchoolDays, Span

app = App(name="set", help="Set single days, half terms, or whose dates a school keeps.")
Day = Annotated[date, Parameter(help="The day, such as 2027-02-03.")]
Until = Annotated[date | None, Parameter(name="--to", help="The last of several days in a row.")]
Why = Annotated[str, Parameter(name="--reason", help="Why; people see it.")]
_SATURDAY, _MOST_DAYS = 5, 30


@app.command
async def inset(  # noqa: PLR0913 - days, where, and why
    day: Day, /, *, to: Until = None, school: SchoolOf = None, reason: Why = "INSET", dry_run: DryRun = False,
    options: ActingOptions = UNSAID,
) -> None:  # fmt: skip
    """A day for staff only.

    Example: termwise calendar set inset 2027-06-07 --school glenfield --dry-run
    """
    days = _days(day, to)
    await _add(CalendarPart(inset=days), f"INSET on {_said(days)}", school, reason, options, dry_run=dry_run)


@app.command
async def closure(  # noqa: PLR0913 - days, where, and why
    day: Day, /, *, reason: Why, to: Until = None, school: SchoolOf = None, dry_run: DryRun = False,
    options: ActingOptions = UNSAID,
) -> None:  # fmt: skip
    """A day shut without notice: snow, a burst boiler, an election. Deadlines that are counted over it move.

    Example: termwise calendar set closure 2027-02-03 --school glenfield --reason Snow
    """
    days = _days(day, to)
    part = CalendarPart(closures=dict.fromkeys(days, reason))
    await _add(part, f"closed on {_said(days)}: {reason}", school, reason, options, dry_run=dry_run)


@app.command
async def school_day(  # noqa: PLR0913 - days, where, and why
    day: Day, /, *, to: Until = None, school: SchoolOf = None, reason: Why = "open after all",
    dry_run: DryRun = False, options: ActingOptions = UNSAID,
) -> None:  # fmt: skip
    """Pupils come after all: takes back an INSET day or a closure.

    Example: termwise calendar set school-day 2027-02-03 --school glenfield
    """
    days = _days(day, to)

    def make(before: Calendar) -> Calendar:
        return opened(before, days, school=school)

    await _edit(make, f"open on {_said(days)}", school, reason, options, dry_run=dry_run)


@app.command
async def half_term(  # noqa: PLR0913 - a half term, where, and why
    name: Annotated[str, Parameter(help='Its full name, such as "2026-27 autumn 2".')],
    first: Annotated[date, Parameter(help="Its first day.")],
    last: Annotated[date, Parameter(help="Its last day.")],
    /,
    *,
    school: SchoolOf = None,
    reason: Why = "term dates changed",
    dry_run: DryRun = False,
    options: ActingOptions = UNSAID,
) -> None:
    """The first and the last day of a half term.

    Example: termwise calendar set half-term "2026-27 autumn 2" 2026-10-28 2026-12-18 --school hollins
    """
    if last < first:
        raise UsageError(f"{last} is before {first}; give the first day, and then the last")
    part = CalendarPart(half_terms={name: Span(first, last)})

    def make(before: Calendar) -> Calendar:
        before.half_term(name)  # Refused with the nearest name.
        return with_part(before, part, school=school)

    what = f"{name} from {say_day(first)} to {say_day(last)}"
    await _edit(make, what, school, reason, options, dry_run=dry_run)


@app.command
async def authority(
    name: Annotated[str, Parameter(help="The authority, whose dates were imported.")],
    /,
    *,
    school: Annotated[str, Parameter(help="The school that keeps its dates.")],
    reason: Why = "keeps the dates of its authority",
    dry_run: DryRun = False,
    options: ActingOptions = UNSAID,
) -> None:
    """Whose dates a school keeps where it has none of its own.

    Example: termwise calendar set authority rutland --school oakham
    """

    def make(before: Calendar) -> Calendar:
        own = before.schools.get(school, SchoolDays()).model_copy(update={"authority": name})
        here = {each for each in (before.authority, *before.authorities) if each}
        if name not in here:
            raise UsageError(
                f"no dates of {name!r} were imported; known: {', '.join(sorted(here)) or 'none'}; "
                "see `termwise calendar import --authority`"
            )
        return before.model_copy(update={"schools": {**before.schools, school: own}})

    await _edit(make, f"keeps the dates of {name}", school, reason, options, dry_run=dry_run)


async def _add(  # noqa: PLR0913 - days, where, and why
    part: CalendarPart, what: str, school: str | None, reason: str, options: ActingOptions, *, dry_run: bool
) -> None:
    await _edit(
        lambda before: with_part(before, part, school=school), what, school, reason, options, dry_run=dry_run
    )


async def _edit(  # noqa: PLR0913 - as `_add`
    make: Callable[[Calendar], Calendar],
    what: str,
    school: str | None,
    reason: str,
    options: ActingOptions,
    *,
    dry_run: bool,
) -> None:
    said = f"{school}: {what}" if school else what
    await change(
        lambda before: (next_version(before, make(before), said), ()),
        reason,
        options,
        dry_run=dry_run,
        school=school,
    )


def _days(first: date, last: date | None) -> tuple[date, ...]:
    span = Span(first, last or first)
    if span.last < span.first:
        raise UsageError(f"{span.last} is before {span.first}; --to is the last day")
    if (span.last - span.first).days >= _MOST_DAYS:
        raise UsageError(f"these are more than {_MOST_DAYS} days; import a file instead")
    return tuple(day for day in span.days() if day.weekday() < _SATURDAY or not last)


def _said(days: tuple[date, ...]) -> str:
    return say_day(days[0]) if len(days) == 1 else f"{say_day(days[0])} to {say_day(days[-1])}"
