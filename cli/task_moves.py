"""`termwise tasks claim`, `release`, `recuse` and `reassign`: who does a task."""

from typing import Annotated

from cyclopts import Parameter

from cli.options import UNSAID, ActingOptions
from cli.sending import NOT_YET, sender
from engine.commands import ClaimTask, ReassignTask, RecuseFromTask, ReleaseTask

Task = Annotated[str, Parameter(help="Its id, or the beginning of it.")]


async def claim(task: Task, /, *, options: ActingOptions = UNSAID) -> None:
    """Take on a task that several people are asked to do.

    Example: termwise tasks claim k3fq --as "Aisha Siddiqi"
    """
    async with sender(options) as here:
        row = await here.office.records.queries.task(task)
        await here.about(row, ClaimTask(id=NOT_YET, by=here.person.id, task=row.task), "Yours now")


async def release(task: Task, /, *, options: ActingOptions = UNSAID) -> None:
    """Give a claimed task back to the others who are asked.

    Example: termwise tasks release k3fq --as "Aisha Siddiqi"
    """
    async with sender(options) as here:
        row = await here.office.records.queries.task(task)
        await here.about(row, ReleaseTask(id=NOT_YET, by=here.person.id, task=row.task), "Given back")


async def recuse(task: Task, /, *, options: ActingOptions = UNSAID) -> None:
    """Step back from a task in which you have an interest. You need not say which; others are asked, now and later.

    Example: termwise tasks recuse k3fq --as "Aisha Siddiqi"
    """
    async with sender(options) as here:
        row = await here.office.records.queries.task(task)
        command = RecuseFromTask(id=NOT_YET, by=here.person.id, task=row.task)
        await here.about(row, command, "You have stepped back")


async def reassign(
    task: Task,
    /,
    *,
    to: Annotated[str, Parameter(help="Who does it instead: an id, a name or an e-mail address.")],
    reason: Annotated[str, Parameter(help="Why; it is kept.")],
    options: ActingOptions = UNSAID,
) -> None:
    """Ask somebody else: for whoever has the task, the school's headteacher, or the owner of the process.

    Example: termwise tasks reassign k3fq --to "Rebecca Stanyon" --reason "Aisha is away"
    """
    async with sender(options) as here:
        row = await here.office.records.queries.task(task)
        person = here.office.trust.directory.by_name_or_id(to)
        command = ReassignTask(id=NOT_YET, by=here.person.id, task=row.task, to=person.id, reason=reason)
        await here.about(row, command, f"Now with {person.name}")
