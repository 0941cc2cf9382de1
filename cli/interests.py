"""The register of interests: declare one, withdraw one, list them.

Whoever has declared an interest is not asked to judge what it is about. What it is, only they themselves, their line
manager, the head of their school and the administrators of the trust can read.

Example: termwise interests declare --type own-child --school hollins --year-group Y2 --as "Claire Whitmore"
"""

from datetime import date
from typing import Annotated

from cyclopts import App, Parameter
from rich.text import Text

from cli.options import UNSAID, ActingOptions
from cli.output import show, table, write_json
from cli.setup import acting_person, open_desk
from cli.standing_change import NOT_YET, DryRun, change
from cli.wording import Words
from engine.interests import Interest, InterestType
from engine.register.answering import may_read
from engine.register.interests import DeclareInterest, WithdrawInterest
from engine.register.register import Register
from engine.timezone import local_date
from engine.year_groups import YearGroup

app = App(name="interests")


@app.command
async def declare(  # noqa: PLR0913 - whose, in what, from when
    *,
    type_: Annotated[InterestType, Parameter(name="--type", help="What kind of interest.")],
    about: Annotated[str | None, Parameter(help="The person it is about, where they work here.")] = None,
    school: Annotated[str | None, Parameter(help="The school it is about.")] = None,
    year_group: Annotated[YearGroup | None, Parameter(help="Only this year group of the school.")] = None,
    class_: Annotated[str | None, Parameter(name="--class", help="Only this class of the school.")] = None,
    of: Annotated[str | None, Parameter(help="Whose interest; yours when left out.")] = None,
    from_: Annotated[
        date | None, Parameter(name="--from", help="The first day; today when left out.")
    ] = None,
    to: Annotated[date | None, Parameter(help="The last day.")] = None,
    note: Annotated[str, Parameter(help="What there is to add; read by those who may read it.")] = "",
    dry_run: DryRun = False,
    options: ActingOptions = UNSAID,
) -> None:
    """Declare an interest, and see which open tasks are looked at anew.

    Example: termwise interests declare --type relative --about "Tariq Mahmood" --as "Claire Whitmore"
    """
    async with open_desk() as desk:
        today = local_date(desk.now)

    def make(register: Register, acting: str) -> DeclareInterest:
        known = register.directory
        return DeclareInterest(
            id=NOT_YET,
            by=acting,
            person=known.by_name_or_id(of).id if of else acting,
            type=type_,
            about=known.by_name_or_id(about).id if about else None,
            school=known.school(school).key if school else None,
            year_group=year_group,
            class_name=class_,
            note=note,
            since=from_ or today,
            last=to,
        )

    def whom(register: Register) -> tuple[str, ...]:
        person = of or options.as_
        return (register.directory.by_name_or_id(person).id,) if person else ()

    await change(make, whom, options, dry_run=dry_run)


@app.command
async def withdraw(
    interest: Annotated[str, Parameter(help="Its id; `termwise interests list` has it.")],
    /,
    *,
    last: Annotated[date | None, Parameter(help="The last day it holds; yesterday when left out.")] = None,
    dry_run: DryRun = False,
    options: ActingOptions = UNSAID,
) -> None:
    """Say that an interest holds no more. That it was declared stays on record.

    Example: termwise interests withdraw i-215 --as "Claire Whitmore"
    """

    def make(register: Register, acting: str) -> WithdrawInterest:
        del register
        return WithdrawInterest(id=NOT_YET, by=acting, interest=interest, last=last)

    await change(make, lambda _: (), options, dry_run=dry_run)


@app.command(name="list")
async def list_interests(
    *,
    on: Annotated[date | None, Parameter(help="In force on this day; today when left out.")] = None,
    options: ActingOptions = UNSAID,
) -> None:
    """List one's own interests, and those of whom one answers for.

    Example: termwise interests list --as "Claire Whitmore"
    """
    async with open_desk() as desk:
        known, today = desk.trust.directory, local_date(desk.now)
        reader = acting_person(known, options.as_).id
        found = [
            each
            for each in known.interests
            if each.in_force(on or today) and may_read(known, reader, each.person, today)
        ]
        words = Words.of(desk.trust)
    if options.json:
        write_json({"interests": found})
    elif not found:
        show("No interest is declared that you may read.")
    else:
        shown = table("Interest", "Whose*", "Type", "In*", "From")
        for each in sorted(found, key=lambda interest: (interest.person, interest.id)):
            whose, what = Text(words.person(each.person)), Text(_in(each, words))
            shown.add_row(each.id, whose, each.type, what, words.day(each.since))
        show(shown)


def _in(interest: Interest, words: Words) -> str:
    where = [words.school(interest.school)] if interest.school else []
    parts = [words.person(interest.about)] if interest.about else []
    parts += [*where, *filter(None, (interest.year_group, interest.class_name, interest.note))]
    return ", ".join(parts)
