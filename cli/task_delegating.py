"""`termwise tasks delegate` and `hand-back`: another does it, and it stays one's own."""

from typing import Annotated

from cyclopts import Parameter

from cli.options import UNSAID, ActingOptions
from cli.sending import NOT_YET, sender
from cli.task_moves import Task
from engine.talk_commands import DelegateTask, HandBackTask


async def delegate(
    task: Task,
    /,
    *,
    to: Annotated[str, Parameter(help="Who does it for you: an id, a name or an e-mail address.")],
    reason: Annotated[str, Parameter(help="Why; it is kept.")],
    options: ActingOptions = UNSAID,
) -> None:
    """Ask somebody to do a task of yours for you. It stays yours: late, it goes to your line manager, not theirs.

    They do it in your name, or hand it back; they cannot pass it on. To be rid of a task, reassign it.

    Example: termwise tasks delegate k3fq --to "Rebecca Stanyon" --reason "She has the books" --as "Aisha Siddiqi"
    """
    async with sender(options) as here:
        row = await here.office.records.queries.task(task)
        person = here.office.trust.directory.by_name_or_id(to)
        command = DelegateTask(id=NOT_YET, by=here.person.id, task=row.task, to=person.id, reason=reason)
        await here.about(row, command, f"{person.name} is asked to do it for you")


async def hand_back(
    task: Task,
    /,
    *,
    reason: Annotated[str | None, Parameter(help="Why; it is kept.")] = None,
    options: ActingOptions = UNSAID,
) -> None:
    """Return a task to whoever delegated it to you; or take back one that you delegated.

    Example: termwise tasks hand-back k3fq --reason "I am away on Friday" --as "Rebecca Stanyon"
    """
    async with sender(options) as here:
        row = await here.office.records.queries.task(task)
        command = HandBackTask(id=NOT_YET, by=here.person.id, task=row.task, reason=reason)
        owner = here.office.trust.directory.person(row.delegated_by).name if row.delegated_by else ""
        await here.about(
            row, command, "Yours again" if row.delegated_by == here.person.id else f"With {owner} again"
        )
