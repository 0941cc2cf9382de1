"""Start a process, which asks the first people at once.

With --dry-run nothing is started: it shows which tasks would open, for whom, by when and why, what may follow,
and how much work that is. A process is not started while nobody holds a role that it is sure to need.

Example: termwise start moderation --set "half_term=2026-27 summer 1" --set submission=2027-06-25 --dry-run
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from cli.answers import answers
from cli.expected_work import expected_work, warnings
from cli.options import UNSAID, ActingOptions, Flag, Pairs
from cli.output import facts, show, write_json
from cli.preview import FirstTask, LaterTask, Preview, preview
from cli.setup import acting_person, settings
from cli.wording import Words, counted, effort
from engine.errors import RefusedError
from engine.world import World
from reports.ledger import Overload, overloads
from workers.reporting import person_weeks
from workers.temporal import register_search_attributes
from workers.wiring import Office, open_office

app = App(name="start")


@app.default
async def start(
    process: Annotated[str, Parameter(help="Its key; `termwise define list` has them.")],
    /,
    *,
    inputs: Pairs = (),
    form: Annotated[
        Path | None, Parameter(help="A file of inputs: .yaml, .json, or .csv for a table.")
    ] = None,
    dry_run: Annotated[Flag, Parameter(help="Show what would happen; start nothing.")] = False,
    options: ActingOptions = UNSAID,
) -> None:
    async with open_office(settings()) as office:
        world = office.world(process)
        given = answers(world.program.definition.inputs, inputs, form)
        person = acting_person(office.trust.directory, options.as_)
        plan = await office.client.plan(world, given, person.id)
        words = Words.of(office.trust)
        seen = preview(world, plan, words.local(plan.events[0].at).date())
        if dry_run:
            limit = office.settings.workload_limit
            seen = seen.model_copy(update={"overloads": await _overloads(office, world, seen)})
            told = words.answers(world.program.definition.inputs, seen.inputs)
            _tell(seen, told, words, limit, json=options.json)
        elif seen.problems:
            raise RefusedError("\n".join([f"{seen.name} cannot start:", *seen.problems]))
        if dry_run or seen.problems:
            return
        await register_search_attributes(
            office.temporal
        )  # The worker does so too, but may not have come to it.
        instance = await office.client.start(world, given, person.id)
    if options.json:
        write_json({"instance": instance, "name": seen.name, "tasks": len(seen.first)})
    else:
        show(f"Started: {seen.name}.", _next(instance, len(seen.first)))


async def _overloads(office: Office, world: World, seen: Preview) -> tuple[Overload, ...]:
    """The weeks that this cycle would make too full, for people who have work from other processes already."""
    limit = office.settings.workload_limit
    if seen.problems or not limit:
        return ()
    today = office.trust.calendar.local_date(datetime.now(UTC))
    try:
        work = expected_work(world, seen.instance, seen.inputs, today)
    except RefusedError:
        return ()  # The inputs are of a time that cannot be played, as last year's.
    mondays = [monday for _, monday in work]
    if not mondays:
        return ()
    known = await person_weeks(office.records, min(mondays), max(mondays) + timedelta(weeks=1))
    return overloads(known, work, limit)


def _next(instance: str, tasks: int) -> RenderableType:
    rows = {
        "Cycle": instance,
        "Asked": f"{counted(tasks, 'task')} {'is' if tasks == 1 else 'are'} open",
        "See": f"termwise board {instance}",
    }
    return facts(rows)


def _tell(seen: Preview, inputs: Mapping[str, str | None], words: Words, limit: int, *, json: bool) -> None:
    if json:
        write_json(seen)
    else:
        show(*_rendered(seen, inputs, words, limit))


def _rendered(
    seen: Preview, inputs: Mapping[str, str | None], words: Words, limit: int
) -> Iterator[RenderableType]:
    yield Text(seen.name, "bold")
    yield facts({"cycle": seen.instance, **inputs})
    yield Text("\nOpens at once", "bold")
    for school, tasks in groupby(seen.first, lambda each: each.school):
        yield Text(f"\n{words.school(school)}")
        for task in tasks:
            yield from _first(task, words)
    yield Text("\nMay follow\n", "bold")
    for later in seen.later:
        yield from _later(later, words)
    yield Text("\nWork asked at once", "bold")
    yield facts({role: effort(minutes) for role, minutes in seen.minutes.items()})
    if seen.overloads:
        yield Text("\nToo much in one week\n", "bold")
        yield from (_inset(each, 2) for each in warnings(seen.overloads, limit, words))
    yield Text("\nCannot start" if seen.problems else "\nNothing was started. It can be.", "bold")
    yield from (_inset(problem, 2) for problem in seen.problems)


def _first(task: FirstTask, words: Words) -> Iterator[RenderableType]:
    asked = ", ".join(map(words.person, task.people)) or "NOBODY"
    yield _inset(task.title, 2)
    yield _inset(f"{task.role}: {asked}; {effort(task.minutes)}", 4)
    yield _inset(f"due {words.day(task.due)}: {task.why}" if task.due else "no deadline", 4, "dim")


def _later(task: LaterTask, words: Words) -> Iterator[RenderableType]:
    times = "each" if task.times is None else f"x {task.times}" if task.times > 1 else ""
    yield _inset(task.title, 2)
    yield _inset(f"{task.who}; {effort(task.minutes)} {times}".strip(), 4)
    day = f"{words.day(task.due)}: " if task.due else ""
    yield _inset(f"due {day}{task.rule}" if task.rule else "no deadline", 4, "dim")


def _inset(text: str, by: int, style: str = "") -> RenderableType:
    return Padding(Text(text, style), (0, 0, 0, by))
