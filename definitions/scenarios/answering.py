"""What somebody answers in a scenario: values as they are, expressions, and rows of files."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import JsonValue

from definitions.scenarios.grammar import Answer, Rows
from definitions.scenarios.stopping import StopError, at_place
from engine import addresses
from engine.definition.model import TaskStep
from engine.definition.program import Node
from engine.definition.values import Table
from engine.errors import UnknownNameError
from engine.expressions import Expression
from engine.scope import Scope
from engine.typed_answers import typed_answers
from engine.value_types import INTEGER

EXPRESSION = "="
#: What an answer may read beside the values of its task.
ROUND = "round"
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, and the folder from which its files are named."""

    answer: Answer
    folder: Path


@dataclass(frozen=True, slots=True)
class Asked:
    """A task as its answer may read it: the step, and the values it sees."""

    node: Node
    scope: Scope

    def value(self, text: str) -> JsonValue:
        """The value of an expression; `round` is that of the task or of the repeat around. Raises ExpressionError."""
        names = {ROUND: INTEGER, **self.node.names}
        expression = Expression(text, names)
        own = {} if ROUND in self.node.names else {ROUND: addresses.times_of(self.scope.address)}
        return expression.evaluate({name: self.scope.value(name) for name in expression.names} | own)

    def given(self, value: JsonValue) -> JsonValue:
        """A value as a scenario gives it: a text that begins with `=` is an expression."""
        if isinstance(value, str) and value.startswith(EXPRESSION):
            return self.value(value.removeprefix(EXPRESSION).strip())
        return value


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer with all that it read from files and values."""

    outcome: str | None
    reason: str | None
    values: dict[str, JsonValue]


def answered(asked: Asked, said: Said) -> Answered:
    """The answer to a task, ready to be read by the form's types. Raises StopError, with the place below the answer."""
    spec, answer = asked.node.spec, said.answer
    if not isinstance(spec, TaskStep):
        raise TypeError(asked.node.kind)
    with at_place("row"):
        row = _one_row(asked, answer.row, said.folder) if answer.row else {}
    with at_place("outcome"):
        outcome = asked.given(answer.outcome) or row.get("outcome")
    form = {name: value for name, value in row.items() if name in spec.form}
    for name, value in answer.form.items():
        with at_place("form", name):
            form[name] = _given(asked, spec, name, value, said.folder)
    reason = answer.reason or row.get("reason")
    return Answered(
        outcome=None if outcome is None else str(outcome),
        reason=None if reason is None else str(reason),
        values=typed_answers(form),
    )


def _given(asked: Asked, spec: TaskStep, name: str, value: Rows | JsonValue, folder: Path) -> JsonValue:
    return _table(asked, spec, name, value, folder) if isinstance(value, Rows) else asked.given(value)


def _one_row(asked: Asked, rows: Rows, folder: Path) -> dict[str, JsonValue]:
    """What the row says, by the names of questions; outcome and reason only where `columns` names them."""
    found = list(_chosen(asked, rows, folder))
    if len(found) != 1:
        fit = f"{len(found) or 'no'} rows of {rows.csv} fit {_conditions(asked, rows)}"
        raise StopError(f"{fit}; one is needed")
    plain = {name: cell for name, cell in found[0].items() if name not in {"outcome", "reason"}}
    return {**plain, **{name: found[0][column] for name, column in rows.columns.items()}}


def _table(asked: Asked, spec: TaskStep, name: str, rows: Rows, folder: Path) -> JsonValue:
    field = spec.form.get(name)
    if not isinstance(field, Table):
        raise StopError(f"{name!r} is no table of this form; use `row` for the one row that answers it")
    named = {column: rows.columns.get(column, column) for column in field.table}
    return [
        {column: row[there] for column, there in named.items() if there in row}
        for row in _chosen(asked, rows, folder)
    ]


def _chosen(asked: Asked, rows: Rows, folder: Path) -> Iterator[Row]:
    header, everything = read_rows(folder / rows.csv)
    for column in (*rows.where, *rows.columns.values()):
        if column not in header:
            raise StopError(f"{rows.csv}: {UnknownNameError('column', column, header)}")
    wanted = {column: _text(asked.value(text)) for column, text in rows.where.items()}
    yield from (row for row in everything if all(row[name] == value for name, value in wanted.items()))


def _conditions(asked: Asked, rows: Rows) -> str:
    return " and ".join(f"{name} {_text(asked.value(text))!r}" for name, text in rows.where.items())


def _text(value: JsonValue) -> str:
    return "" if value is None else str(value)


@lru_cache(maxsize=64)
def read_rows(file: Path) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """The columns and the rows of a CSV file. Raises StopError."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, restkey="", restval="")
            rows = tuple(reader)
            return tuple(reader.fieldnames or ()), rows
    except OSError as error:
        raise StopError(f"{file} cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise StopError(f"{file} is no CSV file in UTF-8: {error}") from error
