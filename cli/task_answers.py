"""`termwise tasks complete` and `return`: answering a task."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number
from pydantic import JsonValue

from cli.answers import written
from cli.exit_codes import ExitCode
from cli.finding import pinned_program, task_step
from cli.options import UNSAID, ActingOptions, Pairs, UsageError
from cli.sending import NOT_YET, Sender, sender
from cli.task_choosing import NAMED, Tasks, Which, choose, each
from cli.task_moves import Task
from cli.wording import Words
from engine.commands import CompleteTask, PersonCommand
from engine.definition.model import TaskStep
from storage.drafts import Draft
from storage.views import TaskFilter, TaskRow

Code = Annotated[str | None, Parameter(help="The reason in short: one of those that the outcome lists.")]
Minutes = Annotated[
    int | None, Parameter(help="How many minutes the work took.", validator=Number(gte=0, lte=10_000))
]
OutcomeName = Annotated[str | None, Parameter(help="One of those that `termwise tasks show` names.")]


async def complete(  # noqa: PLR0913 - one for each thing that people may say
    *tasks: Tasks,
    outcome: OutcomeName = None,
    values: Pairs = (),
    form: Annotated[
        Path | None, Parameter(help="A file of answers: .yaml, .json, or .csv for a table.")
    ] = None,
    reason: Annotated[str | None, Parameter(help="Why; it is kept.")] = None,
    code: Code = None,
    minutes: Minutes = None,
    which: Which = NAMED,
    options: ActingOptions = UNSAID,
) -> ExitCode:
    """Answer a task, or several alike. One that several people are asked to do need not be claimed first.

    It starts from the draft, if there is one: what is given here comes before what was kept. By --cycle, --school,
    --step or --late all of yours are meant that have this in common.

    Example: termwise tasks complete k3fq --form year-6.csv --as "Aisha Siddiqi"
    """
    from_drafts: list[str] = []
    async with sender(options) as here:

        async def make(row: TaskRow) -> PersonCommand:
            draft, given = await _answers(here, row, outcome, values, form)
            begun = (
                f", from the draft of {Words.of(here.office.trust).moment(draft.saved_at)}" if draft else ""
            )
            from_drafts.append(begun)
            return CompleteTask(
                id=NOT_YET,
                by=here.person.id,
                task=row.task,
                outcome=outcome,
                values=given,
                reason=reason,
                code=code,
                minutes=minutes,
            )

        rows = await choose(here, tasks, which, TaskFilter(mine=here.person.id))
        said = f"Done{f' ({outcome})' if outcome else ''}"
        return await each(
            here, rows, which, make, lambda _: said + (from_drafts[0] if len(rows) == 1 else "")
        )


async def _answers(
    here: Sender, row: TaskRow, outcome: str | None, values: Sequence[str], form: Path | None
) -> tuple[Draft | None, dict[str, JsonValue]]:
    """The draft that the answers start from, and the answers."""
    spec = task_step(await pinned_program(here.office.records, row.definition), row)
    drafts = here.office.records.drafts
    draft = None if _is_back(spec, outcome) else await drafts.read(row.task, here.person.id)
    given = {**(draft.answers if draft else {}), **written(spec.form, values, form)}
    return draft, {name: each for name, each in given.items() if each is not None}


async def return_task(  # noqa: PLR0913 - one for each thing that people may say
    task: Task,
    /,
    *,
    reason: Annotated[
        str | None, Parameter(help="What is wrong; whoever does it again reads it. With a code: what to add.")
    ] = None,
    code: Code = None,
    outcome: OutcomeName = None,
    minutes: Minutes = None,
    options: ActingOptions = UNSAID,
) -> None:
    """Send work back to be done again, by the task's outcome that does so.

    Example: termwise tasks return k3fq --code pupil-missing --reason "Two joined in May" --as "Claire Whitmore"
    """
    async with sender(options) as here:
        row = await here.office.records.queries.task(task)
        spec = task_step(await pinned_program(here.office.records, row.definition), row)
        back = _way_back(row, spec, outcome)
        command = CompleteTask(
            id=NOT_YET,
            by=here.person.id,
            task=row.task,
            outcome=back,
            reason=reason,
            code=code,
            minutes=minutes,
        )
        await here.about(row, command, f"Sent back ({back})")


def _is_back(spec: TaskStep, given: str | None) -> bool:
    found = spec.outcomes.get(given or "")
    return found is not None and found.return_to is not None


def _way_back(row: TaskRow, spec: TaskStep, given: str | None) -> str:
    ways = [name for name, outcome in spec.outcomes.items() if outcome and outcome.return_to]
    if given in ways:
        return given
    if given is None and len(ways) == 1:
        return ways[0]
    if not ways:
        raise UsageError(
            f"{row.title!r} has no outcome that sends work back; see `termwise tasks show {row.task}`"
        )
    raise UsageError(f"say how {row.title!r} is sent back: --outcome {' or --outcome '.join(ways)}")
