"""Answers as people write them: texts become the types that the form declares.

What cannot be read as its type is passed on as it was written: `engine.forms` then says what is wrong with it,
together with all else that is wrong.
"""

from collections.abc import Callable, Mapping

from pydantic import JsonValue

from engine.definition.model import TaskStep
from engine.definition.values import Column, FormField, Table
from engine.people import Directory

_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


def typed_answers(
    spec: TaskStep, values: Mapping[str, JsonValue], directory: Directory
) -> dict[str, JsonValue]:
    """The values of a form, each as its question's type; people by their ids. Raises RefusedError for a stranger."""
    return _given({name: _field(spec.form.get(name), value, directory) for name, value in values.items()})


def _field(field: FormField | None, value: JsonValue, directory: Directory) -> JsonValue:
    if isinstance(field, Table) and isinstance(value, list):
        return [_row(field.table, row, directory) if isinstance(row, dict) else row for row in value]
    return _typed(field, value, directory) if isinstance(field, Column) else value


def _row(columns: Mapping[str, Column], row: Mapping[str, JsonValue], directory: Directory) -> JsonValue:
    return _given({name: _typed(columns.get(name), value, directory) for name, value in row.items()})


def _given(values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Without what was left empty: an empty cell is a question not answered."""
    return {name: value for name, value in values.items() if value is not None and value != ""}


def _typed(column: Column | None, value: JsonValue, directory: Directory) -> JsonValue:
    if column is None or isinstance(value, list | dict | bool) or value is None or value == "":
        return value
    text = str(value).strip()
    match column.type:
        case "integer":
            return _read(int, text)
        case "number":
            return _read(float, text)
        case "yes-no":
            return _YES_NO.get(text.lower(), text)
        case "person":
            return directory.by_name_or_id(text).id
        case _:
            return text


def _read(kind: Callable[[str], JsonValue], text: str) -> JsonValue:
    try:
        return kind(text)
    except ValueError:
        return text
