"""How the schools stand, and how things ended, over all cycles."""

from typing import Annotated

from cyclopts import App, Parameter

from cli.options import UNSAID, ActingOptions, Flag
from cli.output import show, table, write_json
from cli.setup import open_desk
from cli.wording import Words
from storage import standing

Process = Annotated[str | None, Parameter(help="Only of this process, by its key.")]
Term = Annotated[str | None, Parameter(help='Only of this term, such as "2026-27 summer 1".')]


def register(app: App) -> None:
    """Add the commands."""
    app.command(dashboard)
    app.command(outcomes)


async def dashboard(
    *,
    process: Process = None,
    term: Term = None,
    ended: Annotated[Flag, Parameter(help="Cycles that have ended, too.")] = False,
    options: ActingOptions = UNSAID,
) -> None:
    """How each school stands over all cycles that run: what is open and late, and what was done in time.

    Example: termwise report dashboard --as "Priya Raman"
    """
    async with open_desk(options.as_) as desk:
        rows = await standing.dashboard(desk.records.pool, desk.records.queries, term, process, ended=ended)
        words = Words.of(desk.trust)
    if options.json:
        write_json({"schools": rows})
        return
    made = table("School*", "Open", "Late", "Done", "Set aside*", "Next due")
    for row in rows:
        done = f"{row.on_time + row.late}" + (f", {row.late} late" if row.late else "")
        due = f"{words.local(row.next_due):%d %b}" if row.next_due else ""
        made.add_row(
            words.school(row.school), str(row.open or ""), str(row.overdue or ""), done, _aside(row), due
        )
    show(made if rows else _nothing(ended=ended))


async def outcomes(
    *,
    process: Process = None,
    term: Term = None,
    steps: Annotated[Flag, Parameter(help="The answers to each step instead.")] = False,
    options: ActingOptions = UNSAID,
) -> None:
    """How cycles ended and how many run; with --steps, how their tasks were answered, or why they were not.

    Example: termwise report outcomes --process moderation --steps
    """
    async with open_desk(options.as_) as desk:
        rows = await standing.outcomes(desk.records.pool, desk.records.queries, term, process, steps=steps)
    if options.json:
        write_json({"outcomes": rows})
        return
    made = table("Process", "Step*" if steps else "Title*", "How often*", *([] if steps else ["Days"]))
    for row in rows:
        often = ", ".join(f"{count} {outcome}" for outcome, count in row.outcomes.items())
        days = "" if row.median_days is None else f"{row.median_days:.0f}"
        made.add_row(row.process, row.title, often, *([] if steps else [days]))
    show(made if rows else "There is nothing that you may see.")


def _nothing(*, ended: bool) -> str:
    return (
        "There is nothing that you may see."
        if ended
        else "Nothing that you may see runs; --ended has the rest."
    )


def _aside(row: standing.SchoolStanding) -> str:
    """Each by what it is: a deferral is an outcome, and nobody's answer is not one."""
    said = {
        "sent back": row.returned,
        "put off": row.deferred,
        "skipped": row.skipped,
        "not answered": row.lapsed,
    }
    return ", ".join(f"{count} {what}" for what, count in said.items() if count)
