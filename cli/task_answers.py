"""`termwise tasks complete` and `return`: answering a task."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cli.answers import written
from cli.finding import pinned_program, task_step
from cli.options import UNSAID, ActingOptions, Pairs, UsageError
from cli.sending import NOT_YET, sender
from cli.task_moves import Task
from cli.wording import Words
from engine.commands import CompleteTask
from engine.definition.model import TaskStep
from storage.views import TaskRow

Code = Annotated[str | None, Parameter(help="The reason in short: one of those that the outcome lists.")]
OutcomeName = Annotated[str | None, Parameter(help="One of those that `termwise tasks show` names.")]


async def complete(  # noqa: PLR0913 - one for each thing that people may say
    task: Task,
    /,
    *,
    outcome: OutcomeName = None,
    values: Pairs = (),
    form: Annotated[
        Path | None, Parameter(help="A file of answers: .yaml, .json, or .csv for a table.")
    ] = None,
    reason: Annotated[str | None, Parameter(help="Why; it is kept.")] = None,
    code: Code = None,
    options: ActingOptions = UNSAID,
) -> None:
    """Answer a task. One that several people are asked to do need not be claimed first.

    It starts from the draft, if there is one: what is given here comes before what was kept.

    Example: termwise tasks complete k3fq --form year-6.csv --as "Aisha Siddiqi"
    """
    async with sender(options) as here:
        row = await here.office.records.queries.task(task)
        spec = task_step(await pinned_program(here.office.records, row.definition), row)
        draft = (
            None
            if _is_back(spec, outcome)
            else await here.office.records.drafts.read(row.task, here.person.id)
        )
        given = {**(draft.answers if draft else {}), **written(spec.form, values, form)}
        command = CompleteTask(
            id=NOT_YET,
            by=here.person.id,
            task=row.task,
            outcome=outcome,
            values={name: each for name, each in given.items() if each is not None},
            reason=reason,
            code=code,
        )
        begun = f", from the draft of {Words.of(here.office.trust).moment(draft.saved_at)}" if draft else ""
        await here.about(row, command, f"Done{f' ({outcome})' if outcome else ''}{begun}")


async def return_task(
    task: Task,
    /,
    *,
    reason: Annotated[
        str | None, Parameter(help="What is wrong; whoever does it again reads it. With a code: what to add.")
    ] = None,
    code: Code = None,
    outcome: OutcomeName = None,
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
            id=NOT_YET, by=here.person.id, task=row.task, outcome=back, reason=reason, code=code
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
