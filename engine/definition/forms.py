"""Checks the questions of a task's form when the definition is loaded."""

from collections.abc import Mapping

from engine.definition.model import TaskStep
from engine.definition.names import RESULT_NAMES
from engine.definition.problems import Path, Problems
from engine.definition.values import Column, Table

_COUNTED = frozenset({"integer", "number"})
_CHOSEN = frozenset({"choice", "scale"})


def check(step: TaskStep, scales: Mapping[str, object], path: Path, problems: Problems) -> None:
    """Add a problem for each question that could never be answered as it is meant."""
    for name, field in step.form.items():
        where: Path = (*path, "form", name)
        if name in RESULT_NAMES:
            problems.add_name(where, f"{name!r} is kept for the answer itself; choose another name")
        if isinstance(field, Column):
            _column(field, scales, where, problems)
        else:
            _table(field, scales, where, problems)


def _table(table: Table, scales: Mapping[str, object], path: Path, problems: Problems) -> None:
    for name, column in table.table.items():
        _column(column, scales, (*path, "table", name), problems)
    if table.unique and table.unique not in table.table:
        problems.unknown((*path, "unique"), "column", table.unique, table.table)


def _column(column: Column, scales: Mapping[str, object], path: Path, problems: Problems) -> None:
    if column.type == "choice" and (not column.of or isinstance(column.of, str)):
        problems.add(path, "a choice needs its choices: add `of: [...]`")
    if column.type == "scale" and not (isinstance(column.of, str) and column.of in scales):
        problems.unknown((*path, "of"), "scale", str(column.of or ""), scales)
    if column.type not in _CHOSEN and (column.of or column.also):
        problems.add(path, f"only a choice or a scale has `of` and `also`, and this is {column.type}")
    bounds = [bound for bound in (column.at_least, column.at_most) if bound is not None]
    if bounds and column.type not in _COUNTED:
        problems.add(
            path, f"only an integer or a number has `at_least` and `at_most`, and this is {column.type}"
        )
    if bounds != sorted(bounds):
        problems.add(path, "no answer can be both at least and at most what stands here")
