"""Changing cover, absences and interests: what would come of it is shown, and done unless it is only to be shown."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Annotated

from cyclopts import Parameter
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from cli.options import ActingOptions, Flag
from cli.output import show, write_json
from cli.register_book import ending, read_book, rehearsed
from cli.sending import NOT_YET
from cli.setup import Desk, acting_person, open_desk, settings
from cli.wording import Words, counted
from engine.acting import stand_ins
from engine.commands import command_id
from engine.people import Directory
from engine.register.cover_facts import AbsenceStarted, CoverSet
from engine.register.fact import REGISTER, RegisterFact
from engine.register.orders import RegisterCommand
from engine.register.register import Register
from reports.register_story import say
from storage.views import TaskFilter, TaskRow
from workers.wiring import open_office

DryRun = Annotated[Flag, Parameter(help="Show what would come of it; change nothing.")]
Reason = Annotated[str | None, Parameter(help="Why; it is kept.")]
_MOST = 40
#: An order without its id, made for the register as it is and for who acts.
Make = Callable[[Register, str], RegisterCommand]


async def change(
    make: Make, whom: Callable[[Register], Sequence[str]], options: ActingOptions, *, dry_run: bool
) -> None:
    """Say what the order changes, with the open tasks of those it concerns; and send it unless it is a dry run.

    Raises RefusedError, before anything is sent, where the register would refuse it.
    """
    async with open_desk(options.as_) as desk:
        register = (await read_book(desk)).register
        person = acting_person(register.directory, options.as_)
        order = identified(make(register, person.id), register)
        facts, after = rehearsed(register, order, desk.now)
        tasks = [each for name in whom(register) for each in await _tasks(desk, name)]
        words = Words.of(desk.trust)
    if facts and not dry_run:
        async with open_office(settings()) as office:
            await office.client.register(order)
    come = [(each, _to(after.directory, each, _first_day(facts, desk), words)) for each in tasks]
    if options.json:
        write_json(
            {
                "changed": bool(facts) and not dry_run,
                "facts": [
                    fact.model_dump(mode="json", by_alias=True, exclude_defaults=True) for fact in facts
                ],
                "open_tasks": [{"task": row.task, "title": row.title, "stands_in": to} for row, to in come],
            }
        )
        return
    show(*_told(facts, after.directory, come))
    show(Text(ending(facts, dry_run=dry_run), "bold"))


def identified(order: RegisterCommand, register: Register) -> RegisterCommand:
    """The order under the id of its meaning: typed again before anything changed, it is the same."""
    meant = order.model_dump_json(exclude={"id"})
    return order.model_copy(update={"id": command_id(REGISTER, order.kind, meant, register.version)})


async def _tasks(desk: Desk, person: str) -> list[TaskRow]:
    return await desk.records.queries.tasks(TaskFilter(mine=person, limit=_MOST))


def _first_day(facts: Sequence[RegisterFact], desk: Desk) -> date:
    """The day on which what is said comes into force: today, or a later one."""
    today = desk.now.date()
    begun = [each.cover.since for each in facts if isinstance(each, CoverSet)]
    begun += [each.absence.since for each in facts if isinstance(each, AbsenceStarted)]
    return max([today, *begun])


def _to(directory: Directory, row: TaskRow, on: date, words: Words) -> str | None:
    """Who stands in for whoever has the task on that day; none where nobody does."""
    asked = (row.assignee,) if row.assignee else row.candidates
    found = (stand_ins(directory, person, on, row.process) for person in asked)
    names = dict.fromkeys(words.person(each) for some in found for each in some)
    return " or ".join(names) or None


def _told(
    facts: Sequence[RegisterFact], directory: Directory, come: Sequence[tuple[TaskRow, str | None]]
) -> Iterator[RenderableType]:
    for fact in facts:
        text = say(fact, directory)
        yield Text(f"{text[:1].upper()}{text[1:]}.")
    if come:
        yield Text(f"{counted(len(come), 'open task')}:", "bold")
    for row, to in come[:_MOST]:
        yield Padding(Text(f"{row.title}: {to or 'nobody'} stands in"), (0, 0, 0, 2))
    if len(come) > _MOST:
        yield Padding(Text(f"... and {len(come) - _MOST} more"), (0, 0, 0, 2))


__all__ = ["NOT_YET", "DryRun", "Reason", "change"]
