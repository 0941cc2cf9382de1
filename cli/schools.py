"""The schools of the trust: what the public register says of them, and when they joined or left.

Example: termwise schools import edubasealldata20261124.csv --dry-run
"""

from datetime import date
from pathlib import Path
from typing import Annotated
from uuid import UUID

from cyclopts import App, Parameter
from rich.text import Text

from cli.looking_back import book_as_known, days, tell_day
from cli.options import PLAIN, UNSAID, ActingOptions, Known, Options, Then, UsageError
from cli.output import facts, show, table, write_json
from cli.people_show import On
from cli.register_change import Change, Correct, DryRun, change
from cli.setup import open_desk
from definitions.imports.gias import is_gias, read_gias
from definitions.imports.trust_yaml import read_schools
from engine.dates import say_day
from engine.people import Directory
from engine.register.merging import Merging
from engine.register.people import ChangeSchools
from engine.register.register import Register
from engine.schools import Membership, School
from engine.timezone import local_date
from engine.year_groups import YEAR_GROUPS

app = App(name="schools")
Key = Annotated[str, Parameter(help="The key of the school, such as brook-lane.")]
_UNSENT = UUID(int=0)
_YAML = {".yaml", ".yml"}


@app.default
@app.command(name="list")
async def list_schools(*, on: On = None, known_on: Known = None, options: Options = PLAIN) -> None:
    """List the schools, and whether each is in the trust on a day.

    Example: termwise schools list --on 2027-09-01
    """
    directory, day = await _directory(on, known_on)
    members = directory.members(day)
    if options.json:
        schools = [_plain(each) | {"in_trust": each.key in members} for each in directory.schools]
        write_json(days(Then(known_on)) | {"on": day, "schools": schools})
        return
    tell_day(Then(known_on))
    shown = table("Key", "Name*", "URN", "Type", "In the trust")
    for each in directory.schools:
        kind = each.type.name if each.type else each.kind
        shown.add_row(each.key, Text(each.name), each.urn, Text(kind), "yes" if each.key in members else "no")
    show(shown)


@app.command(name="show")
async def show_school(
    key: Key, /, *, on: On = None, known_on: Known = None, options: Options = PLAIN
) -> None:
    """Show a school: its numbers, its time in the trust, its classes with their teachers on a day.

    Example: termwise schools show hollins
    """
    directory, day = await _directory(on, known_on)
    school = directory.school(key)
    spells = [each for each in directory.memberships if each.school == key]
    classes = [each for each in directory.classes if each.school == key and each.covers(day)]
    teachers = {each.name: directory.holders("class-teacher", day, key, class_=each.name) for each in classes}
    if options.json:
        write_json(
            _plain(school)
            | days(Then(known_on))
            | {
                "on": day,
                "in_trust": directory.in_trust(key, day),
                "memberships": [each.model_dump(mode="json", by_alias=True) for each in spells],
                "classes": {
                    each.name: {"year_groups": each.year_groups, "teachers": teachers[each.name]}
                    for each in classes
                },
            }
        )
        return
    tell_day(Then(known_on))
    coded = {"Type": school.type, "Phase": school.phase, "Status": school.status}
    show(
        Text(school.name, "bold"),
        facts(
            {
                "Key": school.key,
                "URN": school.urn,
                "Was URN": school.predecessor,
                "LAESTAB": school.laestab,
                "UKPRN": school.ukprn,
                **{name: f"{each.name} ({each.code})" if each else None for name, each in coded.items()},
                "Pupils": str(school.pupils) if school.pupils is not None else None,
                "In the trust": "; ".join(map(_span, spells)) or "always",
            }
        ),
    )
    if classes:
        shown = table("Class", "Year groups", "Teachers*")
        for each in classes:
            names = ", ".join(directory.person(one).name for one in teachers[each.name])
            shown.add_row(Text(each.name), ", ".join(YEAR_GROUPS[g] for g in each.year_groups), Text(names))
        show(shown)


@app.command(name="import")
async def import_schools(
    file: Annotated[Path, Parameter(help="The daily CSV of the public register (GIAS), or a trust.yaml.")],
    /,
    *,
    urn: Annotated[tuple[str, ...], Parameter(help="A school to take besides those of the trust.")] = (),
    correct: Correct = None,
    dry_run: DryRun = False,
    options: ActingOptions = UNSAID,
) -> None:
    """Take over what a file says of schools. Of the public register only the schools of the trust are taken.

    Example: termwise schools import edubasealldata20261124.csv --dry-run
    """

    def make(register: Register, today: date) -> Change:
        known = register.directory
        yaml = file.suffix.lower() in _YAML
        if not yaml and not (file.is_file() and is_gias(file)):
            raise UsageError(
                f"{file} is neither a .yaml file of schools nor the daily CSV of the public register"
            )
        incoming = read_schools(file) if yaml else read_gias(file, known, urn)
        found = Merging(known, today).merge(incoming)
        told = (f"{len(incoming.schools)} schools of the trust are in the file.",) if not yaml else ()
        return Change(found.directory, told)

    await change(make, options, dry_run=dry_run, correct=correct)


@app.command(name="set")
async def set_school(  # noqa: PLR0913 - each is one thing that may change
    key: Key,
    /,
    *,
    joins: Annotated[date | None, Parameter(help="The first day in the trust.")] = None,
    leaves: Annotated[
        date | None, Parameter(help="The last day in the trust; posts there end with it.")
    ] = None,
    name: Annotated[str | None, Parameter(help="What the school is called.")] = None,
    urn: Annotated[
        str | None, Parameter(help="Its number after it converted; the one it had becomes its predecessor.")
    ] = None,
    correct: Correct = None,
    reason: Annotated[str | None, Parameter(help="Why; it is kept.")] = None,
    dry_run: DryRun = False,
    options: ActingOptions = UNSAID,
) -> None:
    """Change a school: when it joins or leaves the trust, its name, its number after it converted.

    A school that is not known yet is added with --name, --urn and --joins.

    Example: termwise schools set hollins --leaves 2027-08-31 --dry-run
    """

    def make(register: Register, today: date) -> Change:
        del today
        known = register.schools.get(key)
        if known is None and not (name and urn and joins):
            known = register.directory.school(key)  # Refused, with the nearest.
        said: dict[str, object] = {"name": name} if name else {}
        if urn and (known is None or urn != known.urn):
            said |= {"urn": urn} | ({"predecessor": known.urn} if known else {})
        before = known.model_dump() if known else {"key": key}
        schools = (School.model_validate(before | said),) if said else ()
        spells = _memberships(register.memberships, key, joins, leaves) if joins or leaves else ()
        if not schools and not spells:
            raise UsageError(f"say what is to change about {key}; `termwise schools set --help` has all")
        return Change(ChangeSchools(id=_UNSENT, by="termwise", schools=schools, memberships=spells))

    await change(make, options, dry_run=dry_run, correct=correct, why=reason)


def _memberships(
    known: tuple[Membership, ...], key: str, joins: date | None, leaves: date | None
) -> tuple[Membership, ...]:
    """All times of the school in the trust, with this one."""
    spells = [each for each in known if each.school == key]
    if joins:
        return (*spells, Membership(school=key, since=joins, until=leaves))
    last = spells.pop() if spells else Membership(school=key)
    return (*spells, last.model_copy(update={"until": leaves}))


async def _directory(on: date | None, known: date | None) -> tuple[Directory, date]:
    async with open_desk() as desk:
        return (await book_as_known(desk, known)).register.directory, on or local_date(desk.now)


def _plain(school: School) -> dict[str, object]:
    return school.model_dump(mode="json", exclude_none=True)


def _span(spell: Membership) -> str:
    since = f"from {say_day(spell.since)}" if spell.since else "always"
    return f"{since} to {say_day(spell.until)}" if spell.until else since
