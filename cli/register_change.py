"""Changing people and schools: what would change is shown first, and done unless it is only to be shown."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from cyclopts import Parameter
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from cli.options import ActingOptions, Flag, UsageError
from cli.output import show, write_json
from cli.register_book import ending, read_book, rehearsed
from cli.setup import acting_person, open_desk, settings
from cli.wording import Words, counted
from engine import library
from engine.commands import command_id
from engine.definition.compiler import digest
from engine.people import Directory
from engine.register.fact import REGISTER, RegisterFact
from engine.register.people import ChangePeople, ChangeSchools, ImportDirectory
from engine.register.register import Register
from engine.timezone import local_date
from reports.register_story import say, tell
from workers.consequences import Consequences, consequences
from workers.wiring import open_office

DryRun = Annotated[Flag, Parameter(help="Show what would change, and whose open tasks; change nothing.")]
Correct = Annotated[
    str | None,
    Parameter(
        name="--correct", help="Why what was said of days that have passed was wrong; both stay on record."
    ),
]
_MOST = 60
#: In words, what a pattern asks for.
_SHAPES = {
    "trn": "seven digits",
    "urn": "six digits",
    "laestab": "an authority and a number, such as 855/2001",
}
_Order = ImportDirectory | ChangePeople | ChangeSchools


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants: of people, of schools, or of a whole directory; and what else to tell about it."""

    wanted: Directory | ChangePeople | ChangeSchools
    told: tuple[str, ...] = ()


Make = Callable[[Register, date], Change]


async def change(
    make: Make, options: ActingOptions, *, dry_run: bool, correct: str | None, why: str | None = None
) -> None:
    """Say what would change, with the open tasks of whom it concerns; and do it unless it is a dry run."""
    async with open_desk(options.as_) as desk:
        book = await read_book(desk)
        person = acting_person(book.register.directory, options.as_)
        made = _made(make, book.register, local_date(desk.now))
        order, text = _order(made.wanted, book.register, person.id, correct, why)
        facts, after = rehearsed(book.register, order, desk.now)
        moved = await consequences(desk.records, book.register, after.directory)
        words = Words(after.directory, desk.trust.calendar)
    if facts and not dry_run:
        await _send(order, text)
    if options.json:
        write_json(
            {
                "changed": bool(facts) and not dry_run,
                "facts": [as_json(each, after.directory) for each in facts],
                "notes": list(made.told),
                "open_tasks": [each.model_dump(mode="json") for each in moved.seen],
                "unseen_tasks": moved.unseen,
            }
        )
        return
    end = Text(ending(facts, dry_run=dry_run), "bold")
    show(*_rendered(facts, after.directory, made.told, moved, words), end)


def as_json(fact: RegisterFact, directory: Directory) -> dict[str, object]:
    """A fact for programs, with its sentence."""
    plain = fact.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {"kind": getattr(fact, "kind", ""), **plain, "said": say(fact, directory)}


def _made(make: Make, register: Register, today: date) -> Change:
    try:
        return make(register, today)
    except ValidationError as error:
        raise UsageError("; ".join(_mistake(each) for each in error.errors())) from error


def _mistake(error: ErrorDetails) -> str:
    """What is not as it must be; what a whole says of itself needs no name."""
    message = error["msg"].removeprefix("Value error, ")
    if not error["loc"] or error["type"] == "value_error":
        return message
    what = str(error["loc"][-1])
    if error["type"] == "string_pattern_mismatch" and what in _SHAPES:
        message = f"must be {_SHAPES[what]}"
    return f"{what.replace('_', ' ')}: {message[:1].lower()}{message[1:]}; found {error['input']!r}"


def _order(
    wanted: Directory | ChangePeople | ChangeSchools,
    register: Register,
    by: str,
    correct: str | None,
    why: str | None,
) -> tuple[_Order, str | None]:
    """The order, under the id of its meaning; with the text of a directory, which is kept apart."""
    said = {"by": by, "correct": correct is not None, "reason": correct or why, "onto": register.version}
    if isinstance(wanted, Directory):
        text = library.text(wanted)
        name = digest(text)
        library.put("directory", name, text)
        meant = command_id(REGISTER, "import-directory", by, name, correct or why or "", register.version)
        return ImportDirectory.model_validate({"id": meant, "directory": name, **said}), text
    meant = command_id(
        REGISTER,
        wanted.kind,
        by,
        wanted.model_dump_json(exclude={"id"}),
        register.version,
        correct or why or "",
    )
    return wanted.model_copy(update={"id": meant, **said}), None


async def _send(order: _Order, text: str | None) -> None:
    async with open_office(settings()) as office:
        if text is not None:
            await office.records.documents.put("directory", text)
        await office.client.register(order)


def _rendered(
    facts: Sequence[RegisterFact],
    directory: Directory,
    told: Sequence[str],
    moved: Consequences,
    words: Words,
) -> Iterator[RenderableType]:
    for line in told:
        yield Text(line, "dim")
    for fact in facts[:_MOST]:
        yield Text(_sentence(tell(fact.model_copy(update={"by": "termwise"}), directory)))
    if len(facts) > _MOST:
        yield Text(f"... and {len(facts) - _MOST} more")
    if moved.seen or moved.unseen:
        yield Text(f"{counted(len(moved.seen) + moved.unseen, 'open task')} planned anew", "bold")
        for each in moved.seen[:_MOST]:
            yield Padding(Text(f"{each.title} ({words.person(each.person)}) {each.what}"), (0, 0, 0, 2))
        if moved.unseen:
            yield Padding(Text(f"{moved.unseen} of what you may not see", "dim"), (0, 0, 0, 2))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
