"""`termwise tasks draft`: half an answer, kept until one goes on with it."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import RenderableType
from rich.text import Text

from cli.answers import written
from cli.finding import pinned_program, task_step
from cli.options import UNSAID, ActingOptions, Flag, Pairs
from cli.output import facts, show, write_json
from cli.questions import blanks
from cli.setup import acting_person, open_desk
from cli.task_moves import Task
from cli.wording import Words
from engine.definition.model import TaskStep
from engine.drafts import draft_of
from engine.errors import NotAllowedError
from engine.staff import Person
from engine.world import World
from storage.drafts import Draft
from storage.views import TaskRow


async def draft(
    task: Task,
    /,
    *,
    values: Pairs = (),
    form: Annotated[
        Path | None, Parameter(help="A file of answers: .yaml, .json, or .csv for a table.")
    ] = None,
    clear: Annotated[Flag, Parameter(help="Throw the draft away.")] = False,
    options: ActingOptions = UNSAID,
) -> None:
    """Keep answers without sending them; without any, show what is kept. `complete` starts from them.

    A value left empty (`--set note=`) is taken out again. Nobody else sees the draft, and it goes with the task.

    Example: termwise tasks draft k3fq --set note="Two pupils to see" --as "Aisha Siddiqi"
    """
    async with open_desk(options.as_) as desk:
        row = await desk.records.queries.task(task)
        person = acting_person(desk.trust.directory, options.as_)
        _may_answer(row, person, Words.of(desk.trust))
        if clear:
            await desk.records.drafts.clear(row.task, person.id)
        program = await pinned_program(desk.records, row.definition)
        spec = task_step(program, row)
        given = written(spec.form, values, form)
        if given:
            old = await desk.records.drafts.read(row.task, person.id)
            whole = {**(old.answers if old else {}), **given}
            world = World(program, desk.trust.calendar, desk.trust.directory)
            kept = draft_of(
                world, spec.form, {name: each for name, each in whole.items() if each is not None}
            )
            await desk.records.drafts.save(row.task, person.id, kept)
        found = await desk.records.drafts.read(row.task, person.id)
        words = Words.of(desk.trust)
    if options.json:
        write_json({"task": row.task, "draft": found.answers if found else None})
    else:
        _tell(row, spec, found, words)


def _may_answer(row: TaskRow, person: Person, words: Words) -> None:
    asked = (row.assignee,) if row.assignee else row.candidates
    if person.id not in asked:
        raise NotAllowedError(
            f"{person.name} is not asked to do {row.title!r}; it is for {words.people(asked) or 'nobody yet'}"
        )


def _tell(row: TaskRow, spec: TaskStep, found: Draft | None, words: Words) -> None:
    if found is None:
        show(f"No draft of yours: {row.title}.")
        return
    show(f"Draft kept, not sent: {row.title}.", drafted(spec, found, words))
    rest = " ".join([f"termwise tasks complete {row.task}", *dict.fromkeys(blanks(spec, found.answers))])
    show(Text(f"To send it: {rest}", "dim"))


def drafted(spec: TaskStep, found: Draft, words: Words) -> RenderableType:
    """What a draft holds, by the names of the questions."""
    return facts({name: words.answer(spec.form.get(name), each) for name, each in found.answers.items()})
