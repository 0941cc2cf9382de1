"""The board of one cycle: how far each school is in each stage. 80 columns, readable without colour."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Self

from pydantic import NonNegativeInt, model_validator
from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from engine.model import Model
from reports.wording import day, moment

_COLUMNS = 4  # beside the row names, in 80 columns
_LEGEND = """✓ done   … under way   ! late   ↩ sent back
  » deferred   - skipped   ? not answered   · nothing yet"""


class BoardCell(Model):
    """One school in one stage, counted in tasks."""

    school: str
    stage: str
    open: NonNegativeInt = 0
    """Not finished, whether or not started."""
    done: NonNegativeInt = 0
    overdue: NonNegativeInt = 0
    """Of the open: past their date."""
    returned: NonNegativeInt = 0
    """Of the open: sent back to be done again."""
    deferred: NonNegativeInt = 0
    """Put off for a reason: neither open nor done."""
    skipped: NonNegativeInt = 0
    """Not needed, for a reason: neither open nor done."""
    unanswered: NonNegativeInt = 0
    """Closed by their deadline: neither open nor done."""
    waiting_for: tuple[str, ...] = ()
    """Roles, never people."""
    due: date | None = None
    """The next date among the open."""


class Board(Model):
    """One cycle at one moment. A school and stage without a cell has nothing to do yet.

    Refused when two cells stand in one place, or one stands in none: it would not be seen.
    """

    title: str
    cycle: str
    state: str
    stages: tuple[str, ...]
    """In the order they happen."""
    schools: tuple[str, ...]
    unseen: NonNegativeInt = 0
    """Schools that take part, of which the reader may not know how far they are."""
    cells: tuple[BoardCell, ...]
    updated: datetime

    @model_validator(mode="after")
    def _every_cell_has_its_place(self) -> Self:
        places = Counter((cell.school, cell.stage) for cell in self.cells)
        for (school, stage), n in places.items():
            if n > 1 or school not in self.schools or stage not in self.stages:
                msg = f"{school}, {stage}: {n} cells; expected one for each school and stage on the board"
                raise ValueError(msg)
        return self


def render(board: Board) -> RenderableType:
    """Lay the board out for 80 columns or more.

    The longer of schools and stages runs down the page; what does not fit across follows in a further table.
    """
    cells = {(cell.school, cell.stage): cell for cell in board.cells}
    down, across = (board.schools, board.stages), (board.stages, board.schools)
    rows, columns = max(down, across, key=lambda sides: len(sides[0]))
    by_row = cells if rows is board.schools else {(stage, school): c for (school, stage), c in cells.items()}
    bands = [columns[at : at + _COLUMNS] for at in range(0, len(columns), _COLUMNS)]
    return Group(
        Text.assemble((board.title, "bold"), f"  {board.state}: {_summary(board.cells)}"),
        Text(f"{board.cycle}, at {moment(board.updated)}", "dim"),
        *(_table(rows, band, by_row) for band in bands),
        *([Text(f"  Not for you to see: {_schools(board.unseen)}.", "dim")] if board.unseen else []),
        Text(f"  {_LEGEND}", "dim"),
    )


def _schools(number: int) -> str:
    return f"{number} more school{'' if number == 1 else 's'}"


def _summary(cells: tuple[BoardCell, ...]) -> str:
    done, total = sum(cell.done for cell in cells), sum(map(_all, cells))
    parts = {
        "late": sum(cell.overdue for cell in cells),
        "sent back": sum(cell.returned for cell in cells),
        "deferred": sum(cell.deferred for cell in cells),
        "skipped": sum(cell.skipped for cell in cells),
        "not answered": sum(cell.unanswered for cell in cells),
    }
    return ", ".join([f"{done} of {total} done", *(f"{n} {what}" for what, n in parts.items() if n)])


def _all(cell: BoardCell) -> int:
    return cell.open + cell.done + cell.deferred + cell.skipped + cell.unanswered


def _table(rows: tuple[str, ...], columns: tuple[str, ...], cells: dict[tuple[str, str], BoardCell]) -> Table:
    table = Table(box=SIMPLE_HEAD, width=80)
    table.add_column("", ratio=1)
    for name in columns:
        table.add_column(Text(name), ratio=1)
    for row in rows:
        table.add_row(Text(row), *(_cell(cells.get((row, column))) for column in columns))
    return table


def _cell(cell: BoardCell | None) -> Text:
    lines = list(_lines(cell)) if cell else []
    return Text("\n").join(lines) if lines else Text("·", "dim")


def _lines(cell: BoardCell) -> Iterator[Text]:
    if cell.open:
        yield Text(f"… {cell.done} of {_all(cell)}")
    elif cell.done:
        yield Text(f"✓ done {cell.done}", "green")
    if cell.overdue:
        yield Text(f"! late {cell.overdue}", "bold red")
    if cell.returned:
        yield Text(f"↩ sent back {cell.returned}", "yellow")
    if cell.deferred:
        yield Text(f"» deferred {cell.deferred}", "cyan")
    if cell.skipped:
        yield Text(f"- skipped {cell.skipped}", "dim")
    if cell.unanswered:
        yield Text(f"? not answered {cell.unanswered}", "yellow")
    if cell.open and cell.waiting_for:
        yield Text(f"for {', '.join(cell.waiting_for)}", "dim")
    if cell.open and cell.due:
        yield Text(f"by {day(cell.due)}", "dim")
