"""Who did what, and what was refused: for administrators of the trust."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number

from cli.options import UNSAID, ActingOptions, Flag
from cli.output import show, table, write_json
from cli.setup import open_desk
from cli.since import midnight
from cli.wording import Words
from engine.errors import NotAllowedError
from engine.fact import TERMWISE
from engine.model import Model
from storage.activity import Deed
from storage.activity import audit as read_audit
from storage.refusals import PostgresRefusals, RefusalRow


def register(app: App) -> None:
    """Add the command."""
    app.command(audit)


class Line(Model):
    """One line of the audit."""

    at: datetime
    by: str
    """The person's id. Of what was refused, who it is said to be from."""
    what: str
    where: str
    """The cycle's id, or `register`; empty where that is not known."""
    cycle: str
    """What people call it."""
    refused: str | None = None
    """Why, where it was."""
    position: int | None = None
    """In the log; none of what was refused, which is not there."""


async def audit(  # noqa: PLR0913 - what is asked for, by name
    *,
    person: Annotated[str | None, Parameter(help="Only what this person did or tried.")] = None,
    instance: Annotated[str | None, Parameter(help="Only in this cycle and its parts.")] = None,
    since: Annotated[date | None, Parameter(help="Only from this day on.")] = None,
    refused: Annotated[Flag, Parameter(help="Only what was refused.")] = False,
    limit: Annotated[int, Parameter(help="At most so many, the latest.", validator=Number(gte=1))] = 100,
    options: ActingOptions = UNSAID,
) -> None:
    """Who did what, and what was refused, the latest first; for administrators, as far as they may see the cycles.

    Example: termwise report audit --since 2027-04-19 --as "Hannah Lister"
    """
    async with open_desk(options.as_) as desk:
        reader, pool = desk.records.reader, desk.records.pool
        if not (reader.is_operator or reader.is_administrator):
            raise NotAllowedError(
                "the audit is for administrators of the trust; `termwise people activity` has what you did"
            )
        whose = desk.trust.directory.by_name_or_id(person).id if person else None
        begin = midnight(desk, since)
        done: list[Deed] = []
        if not refused:
            done = await read_audit(
                pool, desk.records.queries, person=whose, instance=instance, since=begin, limit=limit
            )
        tried = await PostgresRefusals(pool).read(whose, instance, begin, limit)
        words = Words.of(desk.trust)
    lines = sorted((*map(_done, done), *map(_tried, tried)), key=lambda line: line.at, reverse=True)[:limit]
    if options.json:
        write_json({"audit": lines})
    else:
        _show(lines, words)


def _done(each: Deed) -> Line:
    what = ": ".join(part for part in (each.kind.replace("-", " "), each.title) if part)
    where = {"where": each.instance, "cycle": each.cycle}
    return Line(at=each.at, by=each.person, what=what, position=each.position, **where)


def _tried(each: RefusalRow) -> Line:
    what = " ".join(part for part in (each.kind, each.about) if part)
    times = f" ({each.times} times)" if each.times > 1 else ""
    where = each.instance or ""
    return Line(
        at=each.until,
        by=each.person or "somebody",
        what=what,
        where=where,
        cycle=where,
        refused=each.why + times,
    )


def _show(lines: Iterable[Line], words: Words) -> None:
    made = table("When", "Who", "What*", "Cycle*")
    for each in lines:
        who = each.by if each.by in {TERMWISE, "somebody"} else words.person(each.by)
        what = f"REFUSED {each.what}: {each.refused}" if each.refused else each.what
        made.add_row(f"{words.local(each.at):%d %b %Y, %H:%M}", who, what, each.cycle)
    show(made if made.row_count else "Nothing was done or refused.")
