"""Who is away: say it, end it, list it. Never why somebody is ill.

While somebody is away, those who cover for them stand in; where nobody does, whoever else holds the role is asked.

Example: termwise absences start "Claire Whitmore" --from 2027-05-03 --expected 2027-05-14 --dry-run
"""

from datetime import date
from typing import Annotated

from cyclopts import App, Parameter
from rich.text import Text

from cli.options import UNSAID, ActingOptions, Flag
from cli.output import show, table, write_json
from cli.setup import acting_person, open_desk
from cli.standing_change import NOT_YET, DryRun, Reason, change
from cli.wording import Words
from engine.covering import AbsenceKind
from engine.register.absences import EndAbsence, StartAbsence
from engine.register.answering import may_read
from engine.register.register import Register

app = App(name="absences")


@app.command
async def start(  # noqa: PLR0913 - who, when, and what then
    person: Annotated[str, Parameter(help="Who: an id, a name or an e-mail address.")],
    /,
    *,
    from_: Annotated[date, Parameter(name="--from", help="The first day.")],
    expected: Annotated[date | None, Parameter(help="The last day, as it is expected.")] = None,
    kind: Annotated[
        AbsenceKind, Parameter(help="What the trust calls it; never a medical reason.")
    ] = "planned",
    keep: Annotated[Flag, Parameter(help="What others have got stays theirs afterwards.")] = False,
    reason: Reason = None,
    dry_run: DryRun = False,
    options: ActingOptions = UNSAID,
) -> None:
    """Say that somebody is away, and see what becomes of their open tasks.

    Example: termwise absences start "Claire Whitmore" --from 2027-05-03 --kind leave
    """

    def make(register: Register, acting: str) -> StartAbsence:
        away = register.directory.by_name_or_id(person).id
        return StartAbsence(
            id=NOT_YET,
            by=acting,
            person=away,
            absence=kind,
            since=from_,
            expected=expected,
            hand_back=not keep,
            reason=reason,
        )

    def whom(register: Register) -> tuple[str, ...]:
        return (register.directory.by_name_or_id(person).id,)

    await change(make, whom, options, dry_run=dry_run)


@app.command
async def end(
    absence: Annotated[str, Parameter(help="Its id; `termwise absences list` has it.")],
    /,
    *,
    last: Annotated[date | None, Parameter(help="The last day away; yesterday when left out.")] = None,
    reason: Reason = None,
    dry_run: DryRun = False,
    options: ActingOptions = UNSAID,
) -> None:
    """Say that somebody is back.

    Example: termwise absences end a-214
    """

    def make(register: Register, acting: str) -> EndAbsence:
        del register
        return EndAbsence(id=NOT_YET, by=acting, absence=absence, last=last, reason=reason)

    def whom(register: Register) -> tuple[str, ...]:
        return (register.absences[absence].person,) if absence in register.absences else ()

    await change(make, whom, options, dry_run=dry_run)


@app.command(name="list")
async def list_absences(
    *,
    on: Annotated[date | None, Parameter(help="Away on this day; else today and later.")] = None,
    options: ActingOptions = UNSAID,
) -> None:
    """List who is away: oneself, and those for whom one answers.

    Example: termwise absences list --as "Claire Whitmore"
    """
    async with open_desk() as desk:
        known, today = desk.trust.directory, desk.now.date()
        reader = acting_person(known, options.as_).id
        found = [
            each
            for each in known.absences
            if (each.in_force(on) if on else each.until is None or each.until >= today)
            and may_read(known, reader, each.person, today)
        ]
        words = Words.of(desk.trust)
    if options.json:
        write_json({"absences": found})
    elif not found:
        show("Nobody for whom you answer is away.")
    else:
        shown = table("Absence", "Who*", "Kind", "From", "Until")
        for each in sorted(found, key=lambda absence: (absence.since, absence.id)):
            until = each.until or each.expected
            mark = "" if each.until or not until else " (expected)"
            last = f"{words.day(until)}{mark}" if until else ""
            shown.add_row(each.id, Text(words.person(each.person)), each.kind, words.day(each.since), last)
        show(shown)
