"""Who covers for whom: say it, end it, list it.

While a cover is in force, its deputies may do what is asked of the person; both names are kept.

Example: termwise cover set "Claire Whitmore" --by "Tariq Mahmood" --from 2027-05-03 --to 2027-05-14 --dry-run
"""

from datetime import date
from typing import Annotated

from cyclopts import App, Parameter
from rich.text import Text

from cli.options import PLAIN, UNSAID, ActingOptions, Flag, Options, UsageError
from cli.output import show, table, write_json
from cli.setup import open_desk
from cli.standing_change import NOT_YET, DryRun, Reason, change
from cli.wording import Words
from engine.covering import Cover
from engine.register.cover import EndCover, SetCover
from engine.register.register import Register
from reports.cover_sentences import covered

app = App(name="cover")
Last = Annotated[date | None, Parameter(help="The last day it is in force; yesterday when left out.")]


@app.command(name="set")
async def set_cover(  # noqa: PLR0913 - for whom, by whom, when and in what
    person: Annotated[str | None, Parameter(help="For whom: an id, a name or an e-mail address.")] = None,
    /,
    *,
    by: Annotated[tuple[str, ...], Parameter(help="A deputy; as often as needed, the first comes first.")],
    from_: Annotated[date, Parameter(name="--from", help="The first day.")],
    to: Annotated[date | None, Parameter(help="The last day.")] = None,
    role: Annotated[str | None, Parameter(help="Instead of a person: for whoever holds this role.")] = None,
    school: Annotated[str | None, Parameter(help="Where the role is held.")] = None,
    together: Annotated[
        Flag, Parameter(help="All deputies may act, not only the first who is here.")
    ] = False,
    process: Annotated[tuple[str, ...], Parameter(help="Only in this process; as often as needed.")] = (),
    reason: Reason = None,
    dry_run: DryRun = False,
    options: ActingOptions = UNSAID,
) -> None:
    """Let deputies stand in for a person, or for whoever holds a role.

    Example: termwise cover set --role headteacher --school glenfield --by "Tariq Mahmood" --from 2027-05-03
    """

    def make(register: Register, acting: str) -> SetCover:
        known = register.directory
        return SetCover(
            id=NOT_YET,
            by=acting,
            person=known.by_name_or_id(person).id if person else None,
            role=role,
            school=known.school(school).key if school else None,
            deputies=tuple(known.by_name_or_id(each).id for each in by),
            since=from_,
            last=to,
            together=together,
            processes=process,
            reason=reason,
        )

    def whom(register: Register) -> tuple[str, ...]:
        known = register.directory
        if person:
            return (known.by_name_or_id(person).id,)
        return known.holders(role or "", from_, school)

    if not by:
        raise UsageError("say who covers: --by PERSON, as often as needed")
    await change(make, whom, options, dry_run=dry_run)


@app.command
async def end(
    cover: Annotated[str, Parameter(help="Its id; `termwise cover list` has it.")],
    /,
    *,
    last: Last = None,
    reason: Reason = None,
    dry_run: DryRun = False,
    options: ActingOptions = UNSAID,
) -> None:
    """End a cover before its last day.

    Example: termwise cover end c-212 --reason "Claire is back"
    """

    def make(register: Register, acting: str) -> EndCover:
        del register
        return EndCover(id=NOT_YET, by=acting, cover=cover, last=last, reason=reason)

    def whom(register: Register) -> tuple[str, ...]:
        found = register.covers.get(cover)
        return (found.person,) if found and found.person else ()

    await change(make, whom, options, dry_run=dry_run)


@app.command(name="list")
async def list_covers(
    *,
    on: Annotated[date | None, Parameter(help="In force on this day; else today and later.")] = None,
    options: Options = PLAIN,
) -> None:
    """List who covers for whom.

    Example: termwise cover list --on 2027-05-04
    """
    async with open_desk() as desk:
        known, today = desk.trust.directory, desk.now.date()
        found = [
            each
            for each in known.covers
            if (each.in_force(on) if on else each.until is None or each.until >= today)
        ]
        words = Words.of(desk.trust)
    if options.json:
        write_json({"covers": found})
    elif not found:
        show("Nobody covers for anybody.")
    else:
        shown = table("Cover", "For*", "By*", "From", "To")
        for each in sorted(found, key=lambda cover: (cover.since, cover.id)):
            shown.add_row(
                each.id,
                Text(covered(each, known)),
                Text(_by(each, words)),
                words.day(each.since),
                words.day(each.until) if each.until else "",
            )
        show(shown)


def _by(cover: Cover, words: Words) -> str:
    joined = (" and " if cover.together else ", then ").join(map(words.person, cover.deputies))
    return f"{joined} ({', '.join(cover.processes)})" if cover.processes else joined
