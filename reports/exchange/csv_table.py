"""Tables as CSV, in which every text stays a text, whoever wrote it."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime

from engine.formulas import harmless
from reports.exchange.tables import Cell


def csv_lines(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Each row as one record, as RFC 4180 has it. Times are UTC."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_word(cell) for cell in row])
        yield text.getvalue()
        text.seek(0)
        text.truncate()


def _word(cell: Cell) -> str | int:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.astimezone(UTC).isoformat(timespec="seconds")
        case date():
            return cell.isoformat()
        case str():
            return harmless(cell)
        case _:
            return cell
