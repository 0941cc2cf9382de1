"""Forms in files: YAML or JSON with a value for each question, or CSV with the rows of the form's table."""

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import JsonValue

from definitions import yaml_source
from definitions.yaml_source import Mark, SourceError
from engine.definition.values import Given, Rows
from engine.errors import UnknownNameError


def read_form(file: Path, fields: Mapping[str, Given | Rows]) -> dict[str, JsonValue]:
    """The answers a file gives; a bare list of rows is the form's only table. Raises SourceError."""
    match file.suffix.lower():
        case ".csv":
            name, table = _only_table(file, fields)
            return {name: _rows(file, table)}
        case ".json":
            found = _json(file)
        case ".yaml" | ".yml":
            found = yaml_source.read(file).data
        case _:
            raise _wrong(file, "is not a form; write one as .yaml, .json, or .csv for a table")
    if isinstance(found, list):
        return {_only_table(file, fields)[0]: found}
    if not isinstance(found, dict):
        raise _wrong(file, "must have a value for each question, such as `note: all seen`")
    return found


def _only_table(file: Path, fields: Mapping[str, Given | Rows]) -> tuple[str, Rows]:
    tables = [(name, field) for name, field in fields.items() if isinstance(field, Rows)]
    if len(tables) != 1:
        raise _wrong(
            file, f"has rows, but {len(tables) or 'no'} tables are asked for; write the answers as .yaml"
        )
    return tables[0]


def _rows(file: Path, table: Rows) -> list[JsonValue]:
    reader = csv.DictReader(_text(file).splitlines(), restkey="", strict=True)
    try:
        _check_header(file, reader.fieldnames or (), table)
        return [_row(file, reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise _wrong(file, f"is not CSV here: {error}", reader.line_num) from error


def _check_header(file: Path, header: Iterable[str], table: Rows) -> None:
    for name in header:
        if name not in table.table:
            raise _wrong(file, str(UnknownNameError("column", name, table.table)))


def _row(file: Path, line: int, row: Mapping[str, str | list[str] | None]) -> dict[str, JsonValue]:
    if "" in row:
        raise _wrong(file, "has more cells than the first line has columns", line)
    return {name: cell for name, cell in row.items() if isinstance(cell, str)}


def _json(file: Path) -> JsonValue:
    try:
        found: JsonValue = json.loads(_text(file))
    except json.JSONDecodeError as error:
        raise _wrong(file, f"is not JSON here: {error.msg}", error.lineno, error.colno) from error
    return found


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        raise _wrong(file, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _wrong(file, "is not UTF-8 text; save it as UTF-8") from error


def _wrong(file: Path, problem: str, line: int = 1, column: int = 1) -> SourceError:
    return SourceError(str(file), [(Mark(line, column), problem)])
