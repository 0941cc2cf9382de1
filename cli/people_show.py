"""`termwise people list`, `show`, `who` and `history`: who works where, on a day, and as it was known on another."""

from datetime import date
from itertools import groupby
from typing import Annotated

from cyclopts import Parameter
from rich.padding import Padding
from rich.text import Text

from cli.looking_back import book_as_known, days, tell_day
from cli.options import PLAIN, UNSAID, ActingOptions, Known, Options, Then
from cli.output import facts, show, table, write_json
from cli.register_book import read_book
from cli.register_change import as_json
from cli.setup import open_desk
from engine.dates import say_day
from engine.errors import UnknownNameError
from engine.people import Directory
from engine.personal import ERASED
from engine.register.fact import RegisterFact
from engine.register.people_authority import may_see_employment
from engine.register.plainly import without_employment
from engine.staff import Contract, Managed, Post
from engine.timezone import local_date
from reports.names import school
from reports.register_sentences import post_in_words
from reports.register_story import tell

On = Annotated[date | None, Parameter(name="--on", help="On this day; else today.")]
Who = Annotated[str, Parameter(help="The person: an id, a name or an e-mail address.")]
At = Annotated[str | None, Parameter(name="--school", help="At this school.")]


async def _directory(on: date | None, known: date | None) -> tuple[Directory, date]:
    """What is known, or was; and the day that is asked about."""
    async with open_desk() as desk:
        return (await book_as_known(desk, known)).register.directory, on or local_date(desk.now)


async def list_people(
    *,
    school_: At = None,
    role: Annotated[str | None, Parameter(help="Who holds this role.")] = None,
    on: On = None,
    known_on: Known = None,
    options: Options = PLAIN,
) -> None:
    """List who is at work on a day, with the posts they hold then.

    Example: termwise people list --school hollins --role class-teacher
    """
    directory, day = await _directory(on, known_on)
    if school_:
        directory.school(school_)
    _check_role(directory, role)
    rows = []
    for person in directory.people:
        posts = [
            post
            for post in directory.posts_on(person.id, day)
            if school_ in {None, post.school} and role in {None, post.role}
        ]
        if posts:
            rows.append((person, posts))
    if options.json:
        people = [
            {"id": p.id, "name": p.name, "posts": [_plain(post) for post in posts]} for p, posts in rows
        ]
        write_json(days(Then(known_on)) | {"on": day, "people": people})
    elif not rows:
        show(f"Nobody on {say_day(day)}.")
    else:
        shown = table("Id", "Name", "Posts*")
        for person, posts in rows:
            shown.add_row(
                person.id,
                Text(person.name),
                Text("; ".join(post_in_words(post, directory) for post in posts)),
            )
        show(shown)


async def show_person(
    who: Who, /, *, on: On = None, known_on: Known = None, options: ActingOptions = UNSAID
) -> None:
    """Show a person: posts, contracts, line manager. Times that have passed or are to come are shown dimmed.

    Contracts and numbers are shown to themselves, their heads and administrators of the trust.

    Example: termwise people show "Lucy Fenwick" --on 2027-01-04
    """
    directory, day = await _directory(on, known_on)
    person = directory.by_name_or_id(who)
    if not await _sees_employment(options.as_, person.id):
        person = person.model_copy(update={"trn": None, "employer_reference": None, "contracts": ()})
    manager = directory.line_manager(person.id, day)
    if options.json:
        write_json(
            person.model_dump(mode="json", by_alias=True)
            | days(Then(known_on))
            | {
                "on": day,
                "line_manager_then": manager,
                "posts_then": [_plain(p) for p in directory.posts_on(person.id, day)],
            }
        )
        return
    # "erased on Monday" would say when.
    called = f"{person.id} ({ERASED})," if person.name == ERASED else person.name
    heading = f"{called} on {say_day(day)}" + (f", as known on {say_day(known_on)}" if known_on else "")
    show(
        Text(heading, "bold"),
        facts(
            {
                "Id": person.id,
                "E-mail": person.email,
                "TRN": person.trn,
                "Employer": person.employer_reference,
                "Line manager": directory.person(manager).name if manager else "nobody",
            }
        ),
    )
    then = directory.posts_on(person.id, day)
    _spells("Posts", [(post, post_in_words(post, directory), post in then) for post in person.posts])
    _spells(
        "Contracts",
        [
            (
                c,
                f"{c.type}, {c.fte:g} of full time, {school(directory, c.school) if c.school else 'the trust'}",
                c.covers(day),
            )
            for c in person.contracts
        ],
    )
    _spells(
        "Line managers",
        [
            (m, directory.person(m.manager).name if m.manager else "nobody", m.covers(day))
            for m in person.managed
        ],
    )


async def who(  # noqa: PLR0913 - a role, its scope, and two days
    role: Annotated[str, Parameter(help="The role, such as headteacher.")],
    /,
    *,
    school_: At = None,
    year_group: Annotated[str | None, Parameter(help="Of this year group, such as Y6.")] = None,
    subject: Annotated[str | None, Parameter(help="For this subject.")] = None,
    on: On = None,
    known_on: Known = None,
    options: Options = PLAIN,
) -> None:
    """Say who holds a role on a day; with --known-on, who was thought to.

    Example: termwise people who headteacher --school glenfield --on 2026-11-05
    """
    directory, day = await _directory(on, known_on)
    if school_:
        directory.school(school_)
    _check_role(directory, role)
    holders = [directory.person(each) for each in directory.holders(role, day, school_, year_group, subject)]
    if options.json:
        found = [{"id": p.id, "name": p.name} for p in holders]
        write_json(days(Then(known_on)) | {"on": day, "role": role, "holders": found})
    elif not holders:
        show(f"Nobody on {say_day(day)}.")
    else:
        for person in holders:
            show(Text(f"{person.id}  {person.name}"))


async def history(who_: Who, /, *, known_on: Known = None, options: ActingOptions = UNSAID) -> None:
    """Tell what became of a person in the register: what was said when, by whom and why. Nothing is ever erased.

    Example: termwise people history "Lucy Fenwick"
    """
    async with open_desk() as desk:
        book = await book_as_known(desk, known_on)
    directory = book.register.directory
    person = directory.by_name_or_id(who_)
    found = [fact for fact in book.facts if _about(fact) == person.id]
    if not await _sees_employment(options.as_, person.id):
        found = [plain for fact in found if (plain := without_employment(fact))]
    if options.json:
        write_json(
            days(Then(known_on))
            | {
                "person": person.id,
                "facts": [as_json(each, directory) for each in found],
            }
        )
        return
    tell_day(Then(known_on))
    for day, that_day in groupby(found, lambda fact: local_date(fact.at)):
        told = [Padding(Text(tell(fact, directory)), (0, 0, 0, 2)) for fact in that_day]
        show(Text(say_day(day), "bold"), *told)


async def _sees_employment(reader: str | None, person: str) -> bool:
    """Whoever reads in nobody's name operates the trust's computers, and sees all there is."""
    if reader is None:
        return True
    async with open_desk() as desk:
        register = (await read_book(desk)).register
        known = register.directory.by_name_or_id(reader)
        return may_see_employment(register, known.id, person, desk.now)


def _about(fact: RegisterFact) -> str | None:
    about = getattr(fact, "person", None)
    return about if isinstance(about, str) else getattr(about, "id", None)


def _check_role(directory: Directory, role: str | None) -> None:
    if role and role not in directory.role_names():
        raise UnknownNameError("role", role, directory.role_names())


def _plain(post: Post) -> dict[str, object]:
    return post.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _spells(title: str, spells: list[tuple[Post | Contract | Managed, str, bool]]) -> None:
    if not spells:
        return
    show(Text(f"\n{title}", "bold"))
    for spell, words, now in spells:
        until = f" to {say_day(spell.until)}" if spell.until else ""
        line = f"{words}, from {say_day(spell.since)}{until}"
        show(Padding(Text(line, "" if now else "dim"), (0, 0, 0, 2)))
