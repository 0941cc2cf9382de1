"""Who has how much to do, week by week, over all processes: expected, and what people said it took.

Shows the people whose work you may see: yourself, those you lead or manage; --as says who you are. `summary` is for
the board and the union: the whole trust, no names, and no group of fewer than ten people.

Example: termwise workload --school glenfield --weeks 6
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Literal

from cyclopts import App, Parameter
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from cli.options import UNSAID, ActingOptions, UsageError
from cli.output import facts, show, table, write_json
from cli.setup import Desk, open_desk
from cli.wording import Words, counted, effort
from reports.ledger import PersonWeek, RoleShare, Summary, may_see, summary
from workers.reporting import person_weeks

app = App(name="workload")
_MOST_WEEKS = 60
_SHOWN = 6
_PERCENT = 100

First = Annotated[
    date | None, Parameter(name="--from", help="A day of the first week; this week unless said.")
]
Weeks = Annotated[int, Parameter(help="How many weeks.")]


@app.default
async def workload(
    *,
    person: Annotated[str | None, Parameter(help="Only this person's: an id, a name or an e-mail.")] = None,
    school: Annotated[str | None, Parameter(help="Only the people of this school.")] = None,
    first: First = None,
    weeks: Weeks = _SHOWN,
    options: ActingOptions = UNSAID,
) -> None:
    async with open_desk(options.as_) as desk:
        directory, begins = desk.trust.directory, _monday(first or desk.now.date())
        only = directory.by_name_or_id(person).id if person else None
        place = directory.school(school).key if school else None
        found = await person_weeks(desk.records, begins, _end(begins, weeks), only)
        known = [
            week
            for week in found
            if may_see(desk.records.reader, week.person)
            and (place is None or place in directory.schools_of(week.person, desk.now.date()))
        ]
    if options.json:
        write_json({"limit": desk.settings.workload_limit, "weeks": known})
    elif known:
        show(*_by_person(known, desk, begins, weeks))
    else:
        show("Nobody whose work you may see has anything to do in these weeks.")


@app.command(name="summary")
async def tell_summary(
    *,
    first: First = None,
    weeks: Weeks = 39,
    written: Annotated[
        Literal["terminal", "csv", "json"], Parameter(name="--format", help="How it is written.")
    ] = "terminal",
    options: ActingOptions = UNSAID,
) -> None:
    """The whole trust in numbers: what was expected, what it took, and in how many weeks it was too much.

    Example: termwise workload summary --from 2026-08-24 --weeks 39
    """
    async with open_desk(options.as_) as desk:
        begins = _monday(first or desk.now.date())
        end = _end(begins, weeks)
        found = await person_weeks(desk.records, begins, end)
        told = summary(
            found, desk.trust.directory, desk.settings.workload_limit, begins, end - timedelta(days=1)
        )
    if options.json or written == "json":
        write_json(told)
    elif written == "csv":
        _write_csv(told.roles)
    else:
        show(*_summary(told, Words.of(desk.trust)))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _end(begins: date, weeks: int) -> date:
    if not 1 <= weeks <= _MOST_WEEKS:
        raise UsageError(f"--weeks {weeks}: give a number from 1 to {_MOST_WEEKS}")
    return begins + timedelta(weeks=weeks)


def _by_person(known: Sequence[PersonWeek], desk: Desk, begins: date, weeks: int) -> list[RenderableType]:
    words, limit = Words.of(desk.trust), desk.settings.workload_limit
    by_person: defaultdict[str, dict[date, PersonWeek]] = defaultdict(dict)
    for week in known:
        by_person[week.person][week.monday] = week
    parts: list[RenderableType] = []
    for at in range(0, weeks, _SHOWN):
        mondays = [begins + timedelta(weeks=n) for n in range(at, min(at + _SHOWN, weeks))]
        parts.append(_table(by_person, mondays, words, limit))
    told = "Hours of work to do and done; ! is more than " + effort(limit) if limit else "Hours of work"
    return [*parts, Text(f"{told}. `--person` has one person's weeks.", "dim")]


def _table(
    by_person: dict[str, dict[date, PersonWeek]], mondays: Sequence[date], words: Words, limit: int
) -> Table:
    made = table("Week of*", *(f"{monday.day} {monday:%b}" for monday in mondays))
    for column in made.columns[1:]:
        column.justify = "right"
    for person in sorted(by_person, key=words.person):
        cells = [_cell(by_person[person].get(monday), limit) for monday in mondays]
        if any(cell.plain for cell in cells):
            made.add_row(Text(words.person(person)), *cells)
    return made


def _cell(week: PersonWeek | None, limit: int) -> Text:
    if week is None or not week.minutes:
        return Text("")
    hours, minutes = divmod(round(week.minutes), 60)
    over = bool(limit) and week.minutes > limit
    return Text(f"{'! ' if over else ''}{hours}:{minutes:02}", "bold red" if over else "")


def _summary(told: Summary, words: Words) -> list[RenderableType]:
    if told.people is None or told.minutes is None or told.took is None or told.expected is None:
        return [
            f"Fewer than ten people have work from {words.day(told.first)} to {words.day(told.last)}: no figures."
        ]
    took = f"{effort(told.took)}, expected {effort(told.expected)}"
    said = f" ({counted(told.said or 0, 'task')} with a time that somebody gave)" if told.expected else ""
    head = facts(
        {
            "Weeks": f"{words.day(told.first)} to {words.day(told.last)}",
            "People": f"{told.people} with work to do",
            "Work": effort(round(told.minutes)),
            "Done": f"{took}{said}" if told.expected else None,
            "Limit": f"{effort(told.limit)} a week" if told.limit else None,
        }
    )
    if not told.roles:
        return [head, "No role has ten people with work: none is told apart."]
    rows = table("Role*", "People", "Half below", "1 in 10 above", "Weeks over")
    for column in rows.columns[1:]:
        column.justify = "right"
    for share in told.roles:
        over = f"{share.over} of {share.weeks} ({round(_PERCENT * share.over / share.weeks)}%)"
        cells = (str(share.people), effort(round(share.middle)), effort(round(share.busy)), over)
        rows.add_row(Text(share.role), *cells)
    return [
        head,
        "",
        rows,
        Text("A week is a person's week with any work. Roles of fewer than ten are together.", "dim"),
    ]


def _write_csv(roles: Sequence[RoleShare]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(RoleShare.model_fields)
    writer.writerows([str(value) for value in share.model_dump().values()] for share in roles)
