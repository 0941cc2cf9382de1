"""`termwise tasks skip`, `defer` and `resume`: what is not done now, each with a reason from the definition."""

from datetime import date
from typing import Annotated

from cyclopts import Parameter

from cli.exit_codes import ExitCode
from cli.options import UNSAID, ActingOptions
from cli.sending import NOT_YET, sender
from cli.task_choosing import NAMED, Tasks, Which, choose, each
from cli.task_moves import Task
from cli.wording import Words
from engine.commands import DeferTask, PersonCommand, ResumeTask, SkipTask
from storage.views import TaskFilter, TaskRow

Code = Annotated[str, Parameter(help="The reason in short: one of those that `termwise tasks show` names.")]
Comment = Annotated[str | None, Parameter(help="What to add to the reason; it is kept.")]


async def skip(
    *tasks: Tasks,
    code: Code,
    comment: Comment = None,
    which: Which = NAMED,
    options: ActingOptions = UNSAID,
) -> ExitCode:
    """Go on without a task, or several: for whoever is asked, the school's headteacher, or the owner of the process.

    Example: termwise tasks skip k3fq --code no-pupils --as "Aisha Siddiqi"
    """
    async with sender(options) as here:

        async def make(row: TaskRow) -> PersonCommand:
            return SkipTask(id=NOT_YET, by=here.person.id, task=row.task, code=code, comment=comment)

        rows = await choose(here, tasks, which, TaskFilter())
        return await each(here, rows, which, make, lambda _: "Skipped")


async def defer(
    *tasks: Tasks,
    until: Annotated[date, Parameter(help="The day it comes back, such as 2027-05-26.")],
    code: Code,
    comment: Comment = None,
    which: Which = NAMED,
    options: ActingOptions = UNSAID,
) -> ExitCode:
    """Put a task off, or several: it comes back on that morning, and its deadline moves by as many school days.

    A statutory deadline never moves. Those may do it who may skip it.

    Example: termwise tasks defer k3fq --until 2027-05-26 --code absent --as "Aisha Siddiqi"
    """
    async with sender(options) as here:

        async def make(row: TaskRow) -> PersonCommand:
            return DeferTask(
                id=NOT_YET, by=here.person.id, task=row.task, code=code, until=until, comment=comment
            )

        rows = await choose(here, tasks, which, TaskFilter())
        said = f"Put off until {Words.of(here.office.trust).day(until)}"
        return await each(here, rows, which, make, lambda _: said)


async def resume(task: Task, /, *, options: ActingOptions = UNSAID) -> None:
    """Bring a task back before the day that it was put off to.

    Example: termwise tasks resume k3fq --as "Aisha Siddiqi"
    """
    async with sender(options) as here:
        row = await here.office.records.queries.task(task)
        await here.about(row, ResumeTask(id=NOT_YET, by=here.person.id, task=row.task), "Back")
