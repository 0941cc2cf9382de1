"""Tables as a workbook, in which every text stays a text, whoever wrote it."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Self

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from engine.formulas import harmless
from engine.timezone import LONDON
from reports.exchange.tables import Cell, Row

#: Lines and letters that a sheet and a cell can hold.
MOST_ROWS, MOST_LETTERS = 1_048_576, 32_767
_WIDTH = 18


class WorkbookWriter:
    """A workbook that is written row by row; what was written is not kept in memory.

    Texts are written as texts: none becomes a formula or a link. Times are those of English clocks, for a workbook
    knows no zones. The file is there after the `with` block.
    """

    def __init__(self, path: Path) -> None:
        self._book = Workbook(
            str(path),
            {
                "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )  # fmt: skip
        self._heading = self._book.add_format({"bold": True})
        # Else a cell that is opened and left again becomes what it looks like.
        self._quoted = self._book.add_format({"quote_prefix": True})
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def sheet(self, name: str, columns: Sequence[str]) -> "SheetWriter":
        """A table; the one before it is finished."""
        return SheetWriter(self, name, columns)

    def page(self, name: str, columns: Sequence[str]) -> Worksheet:
        """A sheet with its headings."""
        page = self._book.add_worksheet(name)
        page.set_column(0, len(columns) - 1, _WIDTH)
        page.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            page.write_string(0, place, column, self._heading)
        return page

    def write(self, page: Worksheet, line: int, place: int, cell: Cell) -> None:
        match cell:
            case None:
                return
            case datetime():
                page.write_datetime(line, place, cell.astimezone(LONDON).replace(tzinfo=None), self._time)
            case str():
                risky = self._quoted if harmless(cell) != cell else None
                page.write_string(line, place, cell[:MOST_LETTERS], risky)
            case date():
                page.write_string(line, place, cell.isoformat())
            case _:
                page.write_number(line, place, cell)


class SheetWriter:
    """One table, on further sheets where it is too long for one."""

    def __init__(self, book: WorkbookWriter, name: str, columns: Sequence[str]) -> None:
        self._book, self._name, self._columns = book, name, columns
        self._page = book.page(name, columns)
        self.count = 0
        """How many rows it has."""

    def add(self, row: Row) -> None:
        """The next row."""
        line = self.count % (MOST_ROWS - 1)
        if self.count and line == 0:
            self._page = self._book.page(f"{self._name} {self.count // (MOST_ROWS - 1) + 1}", self._columns)
        for place, cell in enumerate(row):
            self._book.write(self._page, line + 1, place, cell)
        self.count += 1
