"""The inbox: what people are asked to do, and what they answer.

Without a further word it lists the open tasks, the soonest due first: those of the person who acts, if one is
named by --as or TERMWISE_AS, else everybody's. A task's id may be shortened to the beginning that is its alone.

Example: termwise tasks --school glenfield --late
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli import (
    task_answers,
    task_delegating,
    task_drafts,
    task_moves,
    task_nudging,
    task_setting_aside,
    task_show,
    task_talk,
    task_time,
)
from cli.finding import find_cycle
from cli.looking_back import days, looking_back, tell_day
from cli.options import NOW, UNSAID, ActingOptions, Flag, Then
from cli.output import show, write_json
from cli.setup import Desk, acting_person, open_desk
from cli.task_show import asked_for
from cli.wording import Words, counted
from engine.acting import standing_for
from storage.projections.task_changes import Status
from storage.views import TaskFilter, TaskRow

app = App(name="tasks")
_MOST = 200


@app.default
@app.command(name="list")
async def list_tasks(  # noqa: PLR0913 - one for each way to narrow the list
    *,
    mine: Annotated[
        Flag, Parameter(help="Mine, those I may claim, and those of whom I stand in for.")
    ] = False,
    late: Annotated[Flag, Parameter(help="Only those past their date.")] = False,
    school: Annotated[str | None, Parameter(help="Only this school's.")] = None,
    cycle: Annotated[str | None, Parameter(help="Only those of this cycle.")] = None,
    step: Annotated[str | None, Parameter(help="Only those of this step.")] = None,
    requests: Annotated[
        Flag, Parameter(help="Only those for which more time is asked; of you, where somebody acts.")
    ] = False,
    state: Annotated[Status, Parameter(help="What became of them.")] = "open",
    everybody: Annotated[Flag, Parameter(name="--all", help="Everybody's, whoever acts.")] = False,
    then: Then = NOW,
    options: ActingOptions = UNSAID,
) -> None:
    """List tasks, the soonest due first.

    Example: termwise tasks list --mine --as "Claire Whitmore"
    """
    async with open_desk(options.as_) as desk:
        asks = mine or (options.as_ and not everybody)
        person = acting_person(desk.trust.directory, options.as_) if asks else None
        which = TaskFilter(
            mine=person.id if person and not requests else None,
            step=step,
            requests=requests,
            decider=person.id if person and requests else None,
            standing_for=standing_for(desk.trust.directory, person.id, desk.now.date()) if person else (),
            late=late,
            school=desk.trust.directory.school(school).key if school else None,
            root=await find_cycle(desk.records, cycle) if cycle else None,
            status=state,
            limit=_MOST,
        )
        past = await looking_back(desk, then)
        rows = await past.records.queries.tasks(which)
        aside = which.model_copy(update={"status": "deferred"})
        # What is put off is nobody's work today, but nobody should think that it is gone.
        later = (
            await past.records.queries.tasks(aside) if state == "open" and not late and not requests else ()
        )
    if options.json:
        write_json(days(then) | {"tasks": rows})
    else:
        tell_day(then)
        _tell(past, rows, person.name if person else None, "undecided" if requests else state)
        if later:
            show(Text(f"{counted(len(later), 'task')} put off; `--state deferred` says until when", "dim"))


app.command(task_show.show_task, name="show")
app.command(task_moves.claim)
app.command(task_moves.release)
app.command(task_drafts.draft)
app.command(task_answers.complete)
app.command(task_answers.return_task, name="return")
app.command(task_moves.reassign)
app.command(task_moves.recuse)
app.command(task_setting_aside.skip)
app.command(task_setting_aside.defer)
app.command(task_setting_aside.resume)
app.command(task_delegating.delegate)
app.command(task_delegating.hand_back)
app.command(task_time.ask_for_time)
app.command(task_time.grant)
app.command(task_time.refuse)
app.command(task_talk.comment)
app.command(task_talk.attach)
app.command(task_nudging.nudge)


def _tell(desk: Desk, rows: Sequence[TaskRow], person: str | None, state: str) -> None:
    whose = f"for {person}" if person else "for anybody"
    if not rows:
        show(f"No {state} tasks {whose}.")
        return
    words = Words.of(desk.trust)
    for day, due in groupby(rows, lambda row: row.due_on):
        show(Text(words.day(day) if day else "No deadline", "bold"))
        show(*(_row(row, words) for row in due))
    first = f"The first {_MOST} " if len(rows) == _MOST else f"{len(rows)} "
    show(Text(f"{first}{state} {whose}; `termwise tasks show TASK` has all of one", "dim"))


def _row(row: TaskRow, words: Words) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column()
    late = Text("! late ", "bold red") if row.overdue and row.status == "open" else Text()
    back = f", back on {words.day(row.deferred_until)}" if row.deferred_until else ""
    place = f"{words.school(row.school)}: {_with(row, words)}{back}"
    asks = ("\n" + asked_for(row.request, words), "bold") if row.request else ""
    grid.add_row(row.task, Text.assemble(row.title, "\n", late, (place, "dim"), asks))
    return Padding(grid, (0, 0, 0, 2))


def _with(row: TaskRow, words: Words) -> str:
    if row.deputy and row.assignee:
        return f"{words.person(row.deputy)} for {words.person(row.assignee)}"
    if row.assignee:
        owner = f", delegated by {words.person(row.delegated_by)}" if row.delegated_by else ""
        return f"{words.person(row.assignee)}{owner}"
    return f"{words.people(row.candidates)}, unclaimed" if row.candidates else f"NOBODY ({row.role})"
