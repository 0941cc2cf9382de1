"""Tables in CSV as offices save them: columns by name in any order, each cell with its place in the file."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from definitions.yaml_source import Mark, SourceError
from engine.errors import UnknownNameError
from engine.formulas import plain

MAX_BYTES = 20_000_000
_ENCODED = (
    "is not UTF-8; it was read as Windows-1252, as older office programs save: look at names with accents"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what stands in each column, trimmed; an empty cell is not in it."""

    number: int
    cells: Mapping[str, str]
    raw: str
    places: Mapping[str, int]
    delimiter: str

    def mark(self, column: str) -> Mark:
        """Where the cell stands; the line's beginning for a column that is not in the file."""
        place = self.places.get(column)
        return Mark(self.number, 1) if place is None else _mark(self.number, self.raw, place, self.delimiter)


@dataclass(slots=True)
class Table:
    """A file that was read, and what is wrong in it so far."""

    file: str
    rows: list[Row]
    columns: frozenset[str]
    notes: list[str] = field(default_factory=list)
    problems: list[tuple[Mark, str]] = field(default_factory=list)

    def wrong(self, row: Row, column: str, problem: str) -> None:
        """Note a mistake; all are told together by `finish`."""
        self.problems.append((row.mark(column), problem))

    def finish(self) -> None:
        """Raises SourceError with every mistake that was noted."""
        if self.problems:
            raise SourceError(self.file, self.problems)


def read_table(path: Path, columns: Mapping[str, tuple[str, ...]], required: tuple[str, ...]) -> Table:
    """Read a file. `columns` are the names that may stand in the first line, with other words for each.

    Case, order, spaces and hyphens do not matter. Raises SourceError with every problem of the first line.
    """
    file = str(path)
    text, notes = _text(path)
    lines = text.splitlines(keepends=True)
    if not lines:
        raise SourceError(file, [(Mark(1, 1), "the file is empty; its first line must name the columns")])
    delimiter = max(",;\t", key=lines[0].count)
    try:
        records = list(_records(lines, delimiter))
    except csv.Error as error:
        raise SourceError(file, [(Mark(1, 1), f"is not CSV: {error}")]) from error
    number, header, raw = records[0]
    names = _header(file, header, raw, delimiter, columns, required)
    table = Table(file, [], frozenset(names), notes)
    for number, cells, raw in records[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        row = _row(number, cells, raw, names, delimiter)
        table.rows.append(row)
        if len(cells) > len(names):
            mark = _mark(number, raw, len(names), delimiter)
            table.problems.append(
                (mark, f"there are only {len(names)} columns; a comma in a text needs quotes")
            )
    return table


def _text(path: Path) -> tuple[str, list[str]]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(
                str(path), [(Mark(1, 1), f"the file is larger than {MAX_BYTES // 1_000_000} MB")]
            )
        raw = path.read_bytes()
    except OSError as error:
        raise SourceError(str(path), [(Mark(1, 1), f"cannot be read: {error.strerror}")]) from error
    if b"\0" in raw:
        raise SourceError(str(path), [(Mark(1, 1), "is no text; save it as CSV UTF-8")])
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp1252"), [f"{path.name} {_ENCODED}"]
    except UnicodeDecodeError as error:
        problem = "is neither UTF-8 nor Windows-1252 text; save it as CSV UTF-8"
        raise SourceError(str(path), [(Mark(1, 1), problem)]) from error


def _records(lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """Each record with the line it begins in and its text; a quoted cell may have lines of its own."""
    reader = csv.reader(iter(lines), delimiter=delimiter, strict=True)
    begin = 0
    for cells in reader:
        yield begin + 1, cells, "".join(lines[begin : reader.line_num])
        begin = reader.line_num


def _header(  # noqa: PLR0913, PLR0917 - the first line, and what may stand in it
    file: str,
    header: list[str],
    raw: str,
    delimiter: str,
    columns: Mapping[str, tuple[str, ...]],
    required: tuple[str, ...],
) -> list[str]:
    meant = {_words(word): name for name, words in columns.items() for word in (name, *words)}
    names: list[str] = []
    problems: list[tuple[Mark, str]] = []
    for place, cell in enumerate(header):
        name = meant.get(_words(cell))
        if name is None and cell.strip():
            problems.append(
                (_mark(1, raw, place, delimiter), str(UnknownNameError("column", cell.strip(), columns)))
            )
        elif name and name in names:
            problems.append((_mark(1, raw, place, delimiter), f"the column {name!r} stands twice"))
        names.append(name or "")
    problems += [(Mark(1, 1), f"the column {name!r} is missing") for name in required if name not in names]
    if problems:
        raise SourceError(file, problems)
    return names


def _words(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _row(number: int, cells: list[str], raw: str, names: list[str], delimiter: str) -> Row:
    said = {name: plain(cell) for name, cell in zip(names, cells, strict=False) if name and cell.strip()}
    places = {name: place for place, name in enumerate(names) if name}
    return Row(number, said, raw, places, delimiter)


def _mark(number: int, raw: str, place: int, delimiter: str) -> Mark:
    """Where the cell at this place of a record begins."""
    quoted, cell, begin = False, 0, 0
    for offset, letter in enumerate(raw):
        if cell == place:
            begin = offset
            break
        if letter == '"':
            quoted = not quoted
        elif letter == delimiter and not quoted:
            cell += 1
            begin = offset + 1
    return Mark(number, 1).after(raw[:begin])
