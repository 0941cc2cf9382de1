"""What stands in a cell of a table about people: dates as people write them, year groups, yes and no."""

import re
from datetime import date

from definitions.imports.csv_tables import Row, Table
from engine.year_groups import YEAR_GROUPS

_BRITISH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def dates(table: Table, row: Row) -> dict[str, object]:
    return {"since": day(table, row, "from"), "until": day(table, row, "to")}


def day(table: Table, row: Row, column: str) -> date | None:
    text = row.cells.get(column)
    if text is None:
        return None
    british = _BRITISH.fullmatch(text)
    try:
        if british:
            day, month, year = (int(part) for part in british.groups())
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        table.wrong(row, column, f"{text!r} is not a date; write 2026-09-01 or 01/09/2026")
        return date(1900, 1, 1)  # Told already; not told again as missing.


def yes(table: Table, row: Row, column: str) -> bool:
    text = row.cells.get(column, "no").casefold()
    if text not in {"yes", "y", "true", "1", "no", "n", "false", "0"}:
        table.wrong(row, column, f"{text!r} is neither yes nor no")
    return text in {"yes", "y", "true", "1"}


def year_group(text: str | None) -> str | None:
    """`Y6` for `Year 6`, `6` or `y6`; what is none of them stands, and is told."""
    if text is None:
        return None
    names = {key.casefold(): key for key in YEAR_GROUPS}
    names |= {name.casefold(): key for key, name in YEAR_GROUPS.items()}
    names |= {key.removeprefix("Y"): key for key in YEAR_GROUPS if key.startswith("Y")}
    return names.get(text.casefold(), text)


def why(kind: str, message: str, found: str | None) -> str:
    if not found:
        return "is missing"
    if kind == "string_pattern_mismatch":
        return f"{found!r} is not written as it must be"
    return f"{found!r}: {message[:1].lower()}{message[1:]}"
