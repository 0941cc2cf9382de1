"""`termwise tasks comment` and `attach`: what people say about a task, and where something about it is kept."""

from typing import Annotated

from cyclopts import Parameter

from cli.options import UNSAID, ActingOptions
from cli.sending import NOT_YET, sender
from cli.task_moves import Task
from cli.wording import Words
from engine.talk_commands import AttachToTask, CommentOnTask
from engine.talk_events import TaskCommented


async def comment(
    task: Task,
    text: Annotated[str, Parameter(help="What you want to say, up to 2,000 characters; it is kept.")],
    /,
    *,
    options: ActingOptions = UNSAID,
) -> None:
    """Say something about a task. Whoever has it, whose it is, and who has said something before are told.

    Example: termwise tasks comment k3fq "Has anybody seen pack 7?" --as "Aisha Siddiqi"
    """
    async with sender(options) as here:
        row = await here.office.records.queries.task(task)
        command = CommentOnTask(id=NOT_YET, by=here.person.id, task=row.task, text=text)
        sent = await here.deliver(row.instance, command, row.task, row.revision)
        words = Words.of(here.office.trust)
        told = [each.event.to for each in sent.recorded if isinstance(each.event, TaskCommented)]
        names = ", ".join(words.person(person) for to in told for person in to)
        here.tell(sent, f"Said: {row.title}. {f'Told: {names}' if names else 'Nobody else is told'}.")


async def attach(
    task: Task,
    /,
    *,
    label: Annotated[str, Parameter(help="What it is, in a few words.")],
    link: Annotated[
        str, Parameter(help="A link that begins with https://, or the number in a store of documents.")
    ],
    options: ActingOptions = UNSAID,
) -> None:
    """Say where something about a task is kept. The thing itself stays where it is.

    Example: termwise tasks attach k3fq --label "Photographs" --link https://files.example/y6 --as "Aisha Siddiqi"
    """
    async with sender(options) as here:
        row = await here.office.records.queries.task(task)
        command = AttachToTask(id=NOT_YET, by=here.person.id, task=row.task, label=label, link=link)
        await here.about(row, command, "Attached")
