"""`termwise tasks nudge`: remind whoever is asked, now."""

from typing import Annotated

from cyclopts import Parameter

from cli.exit_codes import ExitCode
from cli.options import UNSAID, ActingOptions, Flag
from cli.sending import NOT_YET, Sent, sender
from cli.task_choosing import NAMED, Tasks, Which, choose, each
from cli.wording import Words
from engine.commands import PersonCommand
from engine.talk_commands import NudgeTask
from engine.talk_events import NudgePlanned, TaskNudged
from storage.views import TaskFilter, TaskRow


async def nudge(
    *tasks: Tasks,
    which: Which = NAMED,
    early: Annotated[Flag, Parameter(help="Also those that are not late, where no ids are given.")] = False,
    options: ActingOptions = UNSAID,
) -> ExitCode:
    """Remind whoever is asked: these tasks, or all that are late in a cycle or at a school.

    For the school's headteacher and the owner of the process; once a school day for each task. At night and in the
    holidays it waits until the next school morning.

    Example: termwise tasks nudge --cycle moderation:2026-27:summer-1:writing --dry-run --as "Daniel Okafor"
    """
    async with sender(options) as here:

        async def make(row: TaskRow) -> PersonCommand:
            return NudgeTask(id=NOT_YET, by=here.person.id, task=row.task)

        words = Words.of(here.office.trust)
        rows = await choose(here, tasks, which, TaskFilter(late=not early))
        return await each(here, rows, which, make, lambda sent: _said(sent, words))


def _said(sent: Sent, words: Words) -> str:
    for recorded in sent.recorded:
        if isinstance(recorded.event, NudgePlanned):
            return f"A reminder goes out on {words.moment(recorded.event.until)}"
        if isinstance(recorded.event, TaskNudged):
            return f"Reminded: {words.people(recorded.event.to)}"
    return "Nothing to remind of"
