"""Several tasks at once: which are meant, and what became of each. Each has a command of its own.

One that is refused stops none of the others, and undoes none.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from cyclopts import Parameter
from rich.table import Table
from rich.text import Text

from cli.exit_codes import ExitCode, exit_code
from cli.finding import find_cycle
from cli.options import Flag, UsageError
from cli.output import show, write_json
from cli.sending import Sender, Sent
from cli.wording import Words, counted
from engine.commands import PersonCommand
from engine.errors import TermwiseError
from storage.views import TaskFilter, TaskRow
from workers.rehearsing import rehearse

#: How many may be meant at once by what they have in common.
MOST = 500

Tasks = Annotated[str, Parameter(help="Their ids, or the beginnings of them.")]


@Parameter(name="*")
@dataclass(frozen=True)
class Which:
    """Instead of naming tasks: those that have this in common."""

    cycle: Annotated[str | None, Parameter(help="Instead of ids: the tasks of this cycle.")] = None
    school: Annotated[str | None, Parameter(help="Instead of ids: the tasks of this school.")] = None
    step: Annotated[str | None, Parameter(help="Instead of ids: the tasks of this step.")] = None
    late: Annotated[Flag, Parameter(help="Instead of ids: those past their date.")] = False
    dry_run: Annotated[Flag, Parameter(help="Only say what would become of each.")] = False

    @property
    def narrows(self) -> bool:
        """Whether it says which tasks."""
        return bool(self.cycle or self.school or self.step or self.late)


NAMED = Which()


@dataclass(frozen=True, slots=True)
class _Outcome:
    row: TaskRow
    sent: Sent | None = None
    error: TermwiseError | None = None
    tried: bool = True


async def choose(here: Sender, typed: Sequence[str], which: Which, wanted: TaskFilter) -> list[TaskRow]:
    """The tasks that are meant: those typed, or of those wanted all that `which` says. Raises UsageError for both."""
    queries = here.office.records.queries
    if typed and which.narrows:
        raise UsageError(
            "name tasks by their ids, or say which with --cycle, --school, --step or --late; not both"
        )
    if typed:
        rows = [await queries.task(each) for each in typed]
        return list({row.task: row for row in rows}.values())
    if not which.narrows:
        raise UsageError("say which tasks: their ids, or --cycle, --school, --step or --late")
    directory = here.office.trust.directory
    narrowed = wanted.model_copy(
        update={
            "root": await find_cycle(here.office.records, which.cycle) if which.cycle else None,
            "school": directory.school(which.school).key if which.school else None,
            "step": which.step,
            "late": which.late or wanted.late,
            "limit": MOST + 1,
        }
    )
    rows = await queries.tasks(narrowed)
    if len(rows) > MOST:
        raise UsageError(f"these are more than {MOST} tasks; narrow them with --cycle, --school or --step")
    return rows


async def each(
    here: Sender,
    rows: Sequence[TaskRow],
    which: Which,
    make: Callable[[TaskRow], Awaitable[PersonCommand]],
    said: Callable[[Sent], str],
) -> ExitCode:
    """Send the command of each task, or with `dry_run` only say what would come of it. `said`: what came of one."""
    if len(rows) == 1 and not which.narrows and not which.dry_run:
        row = rows[0]
        sent = await here.deliver(row.instance, await make(row), row.task, row.revision)
        here.tell(sent, f"{said(sent)}: {row.title}.")
        return ExitCode.OK
    found: list[_Outcome] = []
    for row in rows:
        away = bool(found) and found[-1].error and exit_code(found[-1].error) is ExitCode.SERVER_AWAY
        tried = bool(found) and not found[-1].tried
        found.append(_Outcome(row, tried=False) if away or tried else await _one(here, row, which, make))
    if here.json:
        write_json({"dry_run": which.dry_run, "tasks": [_plain(each) for each in found]})
    else:
        _tell(found, which, said, Words.of(here.office.trust))
    return _code(found)


async def _one(
    here: Sender, row: TaskRow, which: Which, make: Callable[[TaskRow], Awaitable[PersonCommand]]
) -> _Outcome:
    try:
        command = await make(row)
        if which.dry_run:
            await rehearse(here.office.records, row.instance, command, datetime.now(UTC))
            return _Outcome(row)
        sent = await here.deliver(row.instance, command, row.task, row.revision)
    except TermwiseError as error:
        return _Outcome(row, error=error)
    return _Outcome(row, sent)


def _code(found: Sequence[_Outcome]) -> ExitCode:
    failed = [each for each in found if each.error or not each.tried]
    if not failed:
        return ExitCode.OK
    if len(failed) < len(found):
        return ExitCode.PARTIAL
    return exit_code(failed[0].error) if failed[0].error else ExitCode.WRONG


def _plain(found: _Outcome) -> dict[str, Any]:
    error = found.error
    return {
        "task": found.row.task,
        "instance": found.row.instance,
        "done": found.tried and error is None,
        "version": found.sent.answer.version if found.sent else None,
        "error": {"code": error.code, "message": str(error)} if error else None,
    }


def _tell(found: Sequence[_Outcome], which: Which, said: Callable[[Sent], str], words: Words) -> None:
    if not found:
        show("No task is meant by that.")
        return
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column()
    done = 0
    for one in found:
        done += one.tried and one.error is None
        grid.add_row(Text(one.row.task), _line(one, which, said, words))
    show(grid)
    if which.dry_run:
        show(Text(f"{done} of {counted(len(found), 'task')} would be done. Nothing was changed.", "dim"))
    else:
        rest = (
            "; the others are as they were"
            if 0 < done < len(found)
            else "; nothing was changed"
            if not done
            else ""
        )
        show(Text(f"{done} of {counted(len(found), 'task')} done{rest}.", "dim"))


def _line(one: _Outcome, which: Which, said: Callable[[Sent], str], words: Words) -> Text:
    title = f"{one.row.title} ({words.school(one.row.school)})"
    if not one.tried:
        return Text.assemble(title, "\n", ("not tried", "bold"))
    if one.error is None:
        return Text.assemble(title, "\n", (said(one.sent) if one.sent else "would be done", "dim"))
    how = "would be refused" if which.dry_run else "refused"
    return Text.assemble(title, "\n", (f"{how}: {one.error}", "red"))
