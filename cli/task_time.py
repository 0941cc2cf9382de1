"""`termwise tasks ask-for-time`, `grant` and `refuse`: a later deadline, and who decides about it."""

from datetime import date
from typing import Annotated

from cyclopts import Parameter

from cli.exit_codes import ExitCode
from cli.options import UNSAID, ActingOptions
from cli.sending import NOT_YET, sender
from cli.task_choosing import NAMED, Tasks, Which, choose, each
from cli.task_moves import Task
from cli.wording import Words
from engine.commands import PersonCommand
from engine.talk_commands import AskForTime, GrantTime, RefuseTime
from storage.views import TaskFilter, TaskRow


async def ask_for_time(
    task: Task,
    /,
    *,
    until: Annotated[date, Parameter(help="The day on which you can have done it, such as 2027-05-26.")],
    reason: Annotated[str, Parameter(help="Why; whoever decides reads it.")],
    options: ActingOptions = UNSAID,
) -> None:
    """Ask for a later deadline. The school's headteacher decides, else the owner of the process; never you yourself.

    Until they have, the deadline stays. A statutory one never moves.

    Example: termwise tasks ask-for-time k3fq --until 2027-05-26 --reason "Two pupils are away" --as "Aisha Siddiqi"
    """
    async with sender(options) as here:
        row = await here.office.records.queries.task(task)
        command = AskForTime(id=NOT_YET, by=here.person.id, task=row.task, until=until, reason=reason)
        await here.about(row, command, f"Asked for time until {Words.of(here.office.trust).day(until)}")


async def grant(
    *tasks: Tasks,
    until: Annotated[date | None, Parameter(help="Another day than was asked for.")] = None,
    reason: Annotated[str | None, Parameter(help="Why; it is kept.")] = None,
    which: Which = NAMED,
    options: ActingOptions = UNSAID,
) -> ExitCode:
    """Give the time that was asked for. `termwise tasks --requests` lists what is asked of you.

    Example: termwise tasks grant k3fq m2aa --reason "The school was closed on Monday" --as "Claire Whitmore"
    """
    async with sender(options) as here:

        async def make(row: TaskRow) -> PersonCommand:
            return GrantTime(id=NOT_YET, by=here.person.id, task=row.task, until=until, reason=reason)

        rows = await choose(here, tasks, which, TaskFilter(requests=True, decider=here.person.id))
        return await each(here, rows, which, make, lambda _: "More time given")


async def refuse(
    *tasks: Tasks,
    reason: Annotated[str, Parameter(help="Why; whoever asked reads it.")],
    which: Which = NAMED,
    options: ActingOptions = UNSAID,
) -> ExitCode:
    """Do not give the time that was asked for: the deadline stays.

    Example: termwise tasks refuse k3fq --reason "The session is on Monday" --as "Claire Whitmore"
    """
    async with sender(options) as here:

        async def make(row: TaskRow) -> PersonCommand:
            return RefuseTime(id=NOT_YET, by=here.person.id, task=row.task, reason=reason)

        rows = await choose(here, tasks, which, TaskFilter(requests=True, decider=here.person.id))
        return await each(here, rows, which, make, lambda _: "The deadline stays")
