"""Expressions behind one small interface: CEL, compiled and checked at load, with no clock and no randomness.

Source: the Common Expression Language (cel-spec). The library's maps iterate in a random order per process,
so a comprehension over a map, or over a value whose type is unknown, is refused when the file is loaded.

The library is told only the plain types of names, so that values are computed as they are: what was not answered is
null, never 0 or "". The fields of records are checked beside it, see `engine/inference.py`.
"""

import ctypes
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import isfinite
from typing import Protocol, cast

from cel_expr_python import cel
from pydantic import JsonValue

from engine.cel_tree import Tree, parse
from engine.cost import MAX_COST, MAX_WEIGHT, TooCostlyError, cost_of, is_cheap, weight_of
from engine.errors import TermwiseError, UnknownNameError
from engine.expression_functions import FUNCTIONS
from engine.inference import Inference
from engine.portions import portioned, portions
from engine.value_types import ANY, INTEGER, LIST, NUMBER, TEXT, YES_NO, Type, certain, completed, maybe

#: The kinds of value that the library is told, each with its CEL type.
_TYPES: dict[str, object] = {
    "text": cel.Type.STRING,
    "integer": cel.Type.INT,
    "number": cel.Type.DOUBLE,
    "yes-no": cel.Type.BOOL,
    "list": cel.Type.List(cel.Type.DYN),
    "any": cel.Type.DYN,
}
_PLAIN = {"STRING": TEXT, "INT": INTEGER, "DOUBLE": NUMBER, "BOOL": YES_NO}
_WHERE = re.compile(r"<input>:(-?\d+):(-?\d+): (.*?)(?:\n|$)")
_WORD = re.compile(r"[A-Za-z_]\w*")
MAX_LENGTH = 2_000
_MAX_SHOWN = 200
_count = ctypes.pythonapi.Py_IncRef
_count.argtypes = [ctypes.py_object]
_count.restype = None


class ExpressionError(TermwiseError):
    """An expression that cannot be read, or failed on its values. `offset` counts characters from 0."""

    def __init__(self, message: str, offset: int = 0) -> None:
        self.offset = offset
        super().__init__(message)


class _Value(Protocol):
    def type(self) -> object: ...
    def value(self) -> object: ...
    def plain_value(self) -> object: ...


class _Compiled(Protocol):
    def eval(self, *, data: Mapping[str, object]) -> _Value: ...
    def return_type(self) -> object: ...
    def serialize(self) -> bytes: ...


class Expression:
    """One checked expression, over names with these types.

    Raises ExpressionError where it reads a name or a field that is not there, or where types can never agree.
    With `stored` the types are not held against it: it was checked when its definition was loaded from a file.
    """

    def __init__(self, text: str, names: Mapping[str, Type], *, stored: bool = False) -> None:
        self.text = text
        self.names = frozenset(_WORD.findall(text)) & names.keys()
        """The names it may read: never too few."""
        self._compiled, self._tree = _compiled(text, names, self.names)
        found = Inference(text, self._tree, names)
        if found.unordered:
            raise ExpressionError(
                f"{_cut(text)!r} walks over a {found.unordered}, whose order is not fixed; walk over a list instead, "
                "or name the list with `set` first"
            )
        if found.faults and not stored:
            raise ExpressionError(found.faults[0].message, found.faults[0].offset)
        self._types = {name: names[name] for name in self.names}
        self.type = _agreed(str(self._compiled.return_type()), found.type)
        """What it gives."""
        self.is_cheap = is_cheap(self._tree)
        """Whether it costs little whatever it is given."""
        self._list = portioned(self._tree)

    def evaluate(self, values: Mapping[str, JsonValue]) -> JsonValue:
        """The result over these values. A name without a value is null, and so is a declared field not there yet.

        Raises ExpressionError when it fails, for instance on a missing field, and before it would take too long.
        """
        data = {name: values.get(name) for name in self.names}
        try:
            return self._over(data)
        except ExpressionError:
            # Looked for only now, so that it costs nothing where nothing is missing.
            whole = {name: completed(value, self._types[name]) for name, value in data.items()}
            if all(whole[name] is data[name] for name in data):
                raise
            return self._over(whole)

    def _over(self, data: Mapping[str, JsonValue]) -> JsonValue:
        if self.is_cheap or self._affordable([data]):
            return self._result(data)
        parts = list(portions(data, self._list)) if self._list else []
        if not parts or not self._affordable(parts):
            raise ExpressionError(
                f"{_cut(self.text)!r} would take too long on these values; walk over shorter lists, or in several steps"
            )
        return [each for part in parts for each in self._rows(part)]

    def _affordable(self, parts: Sequence[Mapping[str, JsonValue]]) -> bool:
        try:
            return sum(cost_of(self._tree, part) for part in parts) <= MAX_COST
        except TooCostlyError:
            return False

    def _rows(self, data: Mapping[str, JsonValue]) -> list[JsonValue]:
        found = self._result(data)
        return found if isinstance(found, list) else []

    def _result(self, data: Mapping[str, JsonValue]) -> JsonValue:
        try:
            result = self._compiled.eval(data=data)
        except RuntimeError as error:
            raise ExpressionError(f"{_cut(self.text)!r} failed: {_first_line(str(error))}") from error
        # The library returns errors as values whose text is truthy: never let one through.
        if result.type() == cel.Type.ERROR:
            raise ExpressionError(f"{_cut(self.text)!r} failed: {_first_line(str(result.value()))}")
        try:
            found = canonical(_repaid(result.plain_value()))
        except ValueError as error:
            raise ExpressionError(f"{_cut(self.text)!r} gives {error}") from error
        if weight_of(found) > MAX_WEIGHT:
            raise ExpressionError(
                f"{_cut(self.text)!r} gives more than may be kept: at most {MAX_WEIGHT:,} parts"
            )
        return found


def _repaid(value: object) -> object:
    """The same value, after the library's debt for each null in it is paid.

    Version 0.1.3 hands out None without counting it. After some ten thousand nulls Python 3.11 would end the whole
    process ("deallocating None"). To count once too often, should a later version do it right, does no harm.
    """
    if value is None:
        _count(None)
    elif isinstance(value, list | dict):
        for each in value if isinstance(value, list) else value.values():
            if each is None or isinstance(each, list | dict):
                _repaid(each)
    return value


def _agreed(told: str, inferred: Type) -> Type:
    """The inferred type, as far as the library is as sure of its kind."""
    sure = LIST if told.startswith("LIST") else _PLAIN.get(told, ANY)
    if sure == ANY:
        return inferred if inferred.declared == "any" else maybe(inferred)
    return certain(inferred) if inferred.kind == sure.kind else sure


def _compiled(text: str, names: Mapping[str, Type], read: frozenset[str]) -> tuple[_Compiled, Tree]:
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"the expression has {len(text)} characters; at most {MAX_LENGTH} are allowed")
    # The library is told only the names that occur: what it takes grows with them, and few are always the same.
    try:
        return _compile(text, tuple(sorted((name, names[name].declared) for name in read)))
    except RuntimeError as error:
        raise _readable(text, str(error), names) from error


@lru_cache(maxsize=4096)
def _compile(text: str, names: tuple[tuple[str, str], ...]) -> tuple[_Compiled, Tree]:
    compiled = cast("_Compiled", _environment(names).compile(text))
    return compiled, parse(compiled.serialize())


@lru_cache(maxsize=128)
def _environment(names: tuple[tuple[str, str], ...]) -> cel.Env:
    return cel.NewEnv(variables={name: _TYPES[kind] for name, kind in names}, functions=FUNCTIONS)


def _readable(text: str, message: str, names: Iterable[str]) -> ExpressionError:
    found = _WHERE.search(message)
    if not found:
        return ExpressionError(f"{_cut(text)!r} cannot be read: {_first_line(message)}")
    line, column, what = int(found[1]), int(found[2]), found[3]
    offset = sum(len(row) + 1 for row in text.split("\n")[: line - 1]) + column - 1
    undeclared = re.search(r"undeclared reference to '([\w.]+)'", what)
    if undeclared:
        root = undeclared[1].split(".")[0]
        return ExpressionError(str(UnknownNameError("name", root, names)), max(text.find(root), 0))
    return ExpressionError(f"cannot read {_cut(text)!r}: {what.split(' expecting ')[0]}", max(offset, 0))


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}..."


def _first_line(message: str) -> str:
    return message.strip().splitlines()[0].removeprefix("INVALID_ARGUMENT: ").removeprefix("ERROR: ")


def canonical(value: object) -> JsonValue:
    """The same value with the keys of every map sorted, so that equal values are written alike.

    Raises ValueError for what the log could not keep: anything that JSON has no words for.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str) and "\0" not in value:
        return value
    if isinstance(value, float) and isfinite(value):
        return value
    if isinstance(value, list | tuple):
        return [canonical(each) for each in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: canonical(value[key]) for key in sorted(value)}
    raise ValueError(
        f"{value!r}, which cannot be kept; keep texts, numbers, yes or no, lists, or maps with text keys"
    )
