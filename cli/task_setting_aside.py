"""`termwise tasks skip`, `defer` and `resume`: what is not done now, each with a reason from the definition."""

from datetime import date
from typing import Annotated

from cyclopts import Parameter

from cli.options import UNSAID, ActingOptions
from cli.sending import NOT_YET, sender
from cli.task_moves import Task
from cli.wording import Words
from engine.commands import DeferTask, ResumeTask, SkipTask

Code = Annotated[str, Parameter(help="The reason in short: one of those that `termwise tasks show` names.")]
Comment = Annotated[str | None, Parameter(help="What to add to the reason; it is kept.")]


async def skip(
    task: Task, /, *, code: Code, comment: Comment = None, options: ActingOptions = UNSAID
) -> None:
    """Go on without a task: for whoever is asked, the school's headteacher, or the owner of the process.

    Example: termwise tasks skip k3fq --code no-pupils --as "Aisha Siddiqi"
    """
    async with sender(options) as here:
        row = await here.office.records.queries.task(task)
        command = SkipTask(id=NOT_YET, by=here.person.id, task=row.task, code=code, comment=comment)
        await here.about(row, command, "Skipped")


async def defer(
    task: Task,
    /,
    *,
    until: Annotated[date, Parameter(help="The day it comes back, such as 2027-05-26.")],
    code: Code,
    comment: Comment = None,
    options: ActingOptions = UNSAID,
) -> None:
    """Put a task off: it comes back on that morning, and its deadline moves by as many school days.

    A statutory deadline never moves. Those may do it who may skip it.

    Example: termwise tasks defer k3fq --until 2027-05-26 --code absent --as "Aisha Siddiqi"
    """
    async with sender(options) as here:
        row = await here.office.records.queries.task(task)
        command = DeferTask(
            id=NOT_YET, by=here.person.id, task=row.task, code=code, until=until, comment=comment
        )
        await here.about(row, command, f"Put off until {Words.of(here.office.trust).day(until)}")


async def resume(task: Task, /, *, options: ActingOptions = UNSAID) -> None:
    """Bring a task back before the day that it was put off to.

    Example: termwise tasks resume k3fq --as "Aisha Siddiqi"
    """
    async with sender(options) as here:
        row = await here.office.records.queries.task(task)
        await here.about(row, ResumeTask(id=NOT_YET, by=here.person.id, task=row.task), "Back")
