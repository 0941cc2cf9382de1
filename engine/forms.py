"""Forms: what is given becomes an answer, read from top to bottom; or plain sentences say all that is wrong with it.

A question whose condition does not hold is not asked. A computed one is never asked. An expression that fails
because something it reads was not answered gives nothing: it asks nothing, computes nothing, and breaks no rule.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from pydantic import JsonValue

from engine.definition.model import TaskStep
from engine.definition.program import Node
from engine.definition.values import Check, Column, FormField, Rows, Table
from engine.errors import InvalidInputError, TermwiseError
from engine.expressions import Expression, ExpressionError
from engine.labels import said
from engine.plain_values import nearest, quoted, wrong
from engine.readers import Reader, is_list, reader
from engine.run import rules_of
from engine.scope import Scope
from engine.world import World

MAX_ROWS = 5_000
_FEW = 12
Lookup = Callable[[str], JsonValue]


def validate_answer(
    world: World, node: Node, given: Mapping[str, JsonValue], scope: Scope
) -> dict[str, JsonValue]:
    """The answer as it will be kept: every question, null where nothing was given.

    Raises InvalidInputError with every problem, one sentence each; BrokenRuleError where the form itself is wrong.
    """
    if not isinstance(node.spec, TaskStep):
        raise TypeError(node.kind)
    form, desk = node.spec.form, _Desk(world, node.expressions)
    sheet = _Sheet(desk, "form", "", cache(scope.value))
    with rules_of(node, scope.address):
        sheet.fill(form, desk.readers(form), given)
        sheet.check(node.spec.rules, form)
    if desk.problems:
        raise InvalidInputError(desk.problems)
    return sheet.kept


def read_rows(world: World, name: str, table: Rows, given: JsonValue, around: Lookup) -> list[JsonValue]:
    """The rows of an input. Raises InvalidInputError with every problem, each naming its row."""
    desk = _Desk(world, world.program.given)
    rows = _Sheet(desk, "inputs", "", around).rows(name, table, given)
    if desk.problems:
        raise InvalidInputError(desk.problems)
    return rows


class _UnsureError(Exception):
    """An expression reads something that was answered wrongly: what it gives means nothing yet."""


@dataclass(slots=True)
class _Desk:
    """What the sheets of one form share."""

    world: World
    expressions: Mapping[str, Expression]
    problems: list[str] = field(default_factory=list)

    def readers(self, fields: Mapping[str, FormField]) -> dict[str, Reader]:
        """How each question is read; made once for all rows of a table."""
        return {name: reader(each, self.world) for name, each in fields.items() if isinstance(each, Column)}


@dataclass(slots=True)
class _Sheet:
    """A form, or one row of a table, while it is filled in from top to bottom."""

    desk: _Desk
    part: str
    """Where its expressions stand."""
    place: str
    """How every message about it begins."""
    around: Lookup
    """What its expressions read besides its own questions."""
    kept: dict[str, JsonValue] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)

    def fill(
        self, fields: Mapping[str, FormField], readers: Mapping[str, Reader], given: Mapping[str, JsonValue]
    ) -> None:
        """Read every question in turn."""
        for name in given:
            if name not in fields:
                hint = _meant(name, fields)
                self.desk.problems.append(f"{self.place}{name}: is not a question of this form{hint}")
        for name, each in fields.items():
            if isinstance(each, Table) or is_list(each.type):
                self.lists.add(name)
            before = len(self.desk.problems)
            try:
                self.kept[name] = self._answer(name, each, readers.get(name), given)
            except _UnsureError:
                self.unsure.add(name)
            except TermwiseError as error:
                if isinstance(error, ExpressionError):
                    raise
                self._wrong(name, each, error)
            if len(self.desk.problems) > before:
                self.unsure.add(name)

    def _wrong(self, name: str, question: FormField | Rows, error: TermwiseError) -> None:
        problems = error.problems if isinstance(error, InvalidInputError) else (str(error),)
        self.desk.problems += [f"{self.place}{said(name, question)}: {each}" for each in problems]

    def _answer(
        self, name: str, question: FormField, read: Reader | None, answers: Mapping[str, JsonValue]
    ) -> JsonValue:
        if question.when is not None and self._evaluate(f"{name}.when") is not True:
            if name in answers and answers[name] is not None:
                raise wrong(f"is asked only where {question.when!r} holds; leave it empty")
            return None
        if isinstance(question, Column) and question.value is not None:
            return self._computed(name, answers, read)
        given = answers.get(name)
        if given is None:
            if question.required:
                raise wrong("is missing; it must be answered")
            return None
        return (
            self.rows(name, question, given)
            if isinstance(question, Table)
            else read(given)
            if read
            else given
        )

    def _computed(self, name: str, answers: Mapping[str, JsonValue], read: Reader | None) -> JsonValue:
        if name in answers and answers[name] is not None:
            raise wrong("is computed from the other answers; leave it empty")
        found = self._evaluate(f"{name}.value")
        if found is None or read is None:
            return None
        try:
            kept = read.kind(found)
        except TermwiseError as error:
            raise ExpressionError(f"the value of {name!r} {error}") from error
        read.limits(kept)
        return kept

    # ---- tables

    def rows(self, name: str, table: Rows, given: JsonValue) -> list[JsonValue]:
        """Every row as it will be kept; what is wrong with one is added under its number."""
        if not isinstance(given, list):
            raise wrong(f"{quoted(given)} is not a list of rows; give a row for each")
        most = min(MAX_ROWS, table.at_most if table.at_most is not None else MAX_ROWS)
        if len(given) > most:
            raise wrong(f"has {_count(len(given))}; at most {_count(most)} may be given")
        readers = self.desk.readers(table.table)
        kept: list[JsonValue] = [
            self._row(name, table, number, row, readers) for number, row in enumerate(given, 1)
        ]
        if len(kept) < table.at_least:
            raise wrong(f"has {_count(len(kept))}; at least {_count(table.at_least)} must be given")
        self._unique(name, table, kept)
        return kept

    def _row(
        self, name: str, table: Rows, number: int, row: JsonValue, readers: Mapping[str, Reader]
    ) -> JsonValue:
        place = f"{self.place}{said(name, table)}, row {number}"
        if not isinstance(row, Mapping):
            self.desk.problems.append(f"{place}: {quoted(row)} is not a row; give a value for each column")
            return None
        sheet = _Sheet(self.desk, f"{self.part}.{name}", f"{place}, ", self._value)
        sheet.fill(table.table, readers, row)
        sheet.check(table.rules, table.table)
        return sheet.kept

    def _unique(self, name: str, table: Rows, rows: list[JsonValue]) -> None:
        columns = (table.unique,) if isinstance(table.unique, str) else table.unique or ()
        seen: dict[tuple[str, ...], int] = {}
        for number, row in enumerate(rows, 1):
            values = [row.get(column) if isinstance(row, dict) else None for column in columns]
            if not columns or None in values:
                continue
            first = seen.setdefault(tuple(map(str, values)), number)
            if first != number:
                what = " and ".join(
                    f"{said(c, table.table[c])} {str(v)!r}" for c, v in zip(columns, values, strict=True)
                )
                self.desk.problems.append(
                    f"{self.place}{said(name, table)}, row {number}: {what} stands already in row {first}"
                )

    # ---- rules and what they read

    def check(self, rules: tuple[Check, ...], fields: Mapping[str, FormField] | Mapping[str, Column]) -> None:
        """Add the message of every rule that does not hold."""
        for number, rule in enumerate(rules):
            try:
                holds = self._evaluate(f"rules.{number}")
            except _UnsureError:
                continue
            if holds is False:
                about = f"{said(rule.at, fields[rule.at])}: " if rule.at else ""
                place = (
                    self.place if rule.at else self.place.removesuffix(", ") + (": " if self.place else "")
                )
                self.desk.problems.append(f"{place}{about}{rule.message}")

    def _evaluate(self, part: str) -> JsonValue:
        """What the expression gives; null when it fails for want of an answer."""
        expression = self.desk.expressions[f"{self.part}.{part}"]
        values = {name: self._value(name) for name in expression.names}
        try:
            return expression.evaluate(values)
        except ExpressionError:
            if any(_gap(value) for value in values.values()):
                return None
            raise

    def _value(self, name: str) -> JsonValue:
        if name in self.unsure:
            raise _UnsureError
        if name not in self.kept:
            return self.around(name)
        found = self.kept[name]
        return [] if found is None and name in self.lists else found


def _meant(name: str, fields: Mapping[str, FormField]) -> str:
    near = nearest(name, fields)
    some = ", ".join(list(fields)[:_FEW]) + (" and more" if len(fields) > _FEW else "")
    return f"; did you mean {near!r}?" if near else f"; there are {some}" if fields else ""


def _gap(value: JsonValue) -> bool:
    if isinstance(value, list):
        return any(map(_gap, value))
    return any(map(_gap, value.values())) if isinstance(value, dict) else value is None


def _count(rows: int) -> str:
    return f"{rows:,} row{'' if rows == 1 else 's'}"
