"""The tree of a checked CEL expression, read from its serialised form.

Reads the few protobuf fields it needs (cel-spec, `checked.proto` and `syntax.proto`). Macros are expanded: what
is written `x.map(v, e)` is a walk over `x`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.value_types import ANY, INTEGER, NUMBER, TEXT, YES_NO, Type

_VARINT, _I64, _BYTES, _I32 = 0, 1, 2, 5
#: checked.proto, CheckedExpr.
_TYPES, _EXPRESSION, _SOURCE, _POSITIONS = 3, 4, 5, 4
#: checked.proto, Type.
LIST_TYPE, MAP_TYPE = 6, 7
#: syntax.proto, Constant: the kinds that a definition's values can have.
_CONSTANTS: dict[int, Type] = {2: YES_NO, 3: INTEGER, 5: NUMBER, 6: TEXT}
_TEXT_CONSTANT = 6
#: The number of an expression, by which places and types are kept.
_ID = 2
#: syntax.proto, Select: only whether the field is there is asked for.
_TESTED = 3
_Parts = dict[int, list[int | bytes]]


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal."""

    offset: int
    type: Type
    text: str
    """What stands there, for a text; else nothing."""


@dataclass(frozen=True, slots=True)
class Ident:
    """A name."""

    offset: int
    name: str


@dataclass(frozen=True, slots=True)
class Select:
    """A field of a value; `tested` when only its presence is asked for."""

    offset: int
    of: "Tree"
    field: str
    tested: bool


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or a function. What a method is called on comes first."""

    offset: int
    function: str
    given: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list literal."""

    offset: int
    members: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class MapOf:
    """A map literal."""

    offset: int
    entries: tuple[tuple["Tree", "Tree"], ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk over a list: the result starts as `start`, and is replaced by `step` for each member."""

    offset: int
    name: str
    over: "Tree"
    over_type: int
    """What the checker knows of it: `LIST_TYPE`, `MAP_TYPE`, or anything else."""
    result_name: str
    start: "Tree"
    step: "Tree"
    result: "Tree"


Tree = Constant | Ident | Select | Call | ListOf | MapOf | Walk


def parse(checked: bytes) -> Tree:
    """The tree of a serialised CheckedExpr, with the places of its parts in the text."""
    parts = _parts(_bytes(_parts(checked)[2][0]))
    source = _parts(_bytes(parts[_SOURCE][0]))
    places = {_int(key): _int(place) for key, place in _entries(source.get(_POSITIONS))}
    types = {_int(key): next(iter(_parts(_bytes(kind))), 0) for key, kind in _entries(parts.get(_TYPES))}
    return _Reader(places, types).tree(_bytes(parts[_EXPRESSION][0]))


class _Reader:
    def __init__(self, places: dict[int, int], types: dict[int, int]) -> None:
        self._places = places
        self._types = types

    def tree(self, data: bytes) -> Tree:  # noqa: PLR0911 - one line for each kind of node
        parts = _parts(data)
        offset = self._places.get(_number(parts), 0)
        kind = next((field for field in parts if field != _ID), 0)
        body = _parts(_bytes(parts[kind][0])) if kind else {}
        match kind:
            case 4:
                return Ident(offset, _text(body, 1))
            case 5:
                return Select(offset, self._one(body, 1), _text(body, 2), tested=_TESTED in body)
            case 6:
                return Call(offset, _text(body, 2), (*self._all(body, 1), *self._all(body, 3)))
            case 7:
                return ListOf(offset, self._all(body, 1))
            case 8:
                entries = [_parts(_bytes(each)) for each in body.get(2, ())]
                return MapOf(offset, tuple((self._one(each, 3), self._one(each, 4)) for each in entries))
            case 9:
                return self._walk(offset, body)
            case _:
                return _constant(offset, body)

    def _walk(self, offset: int, body: _Parts) -> Walk:
        over, start, step, result = (self._one(body, field) for field in (2, 4, 6, 7))
        type_of_range = self._types.get(_number(_parts(_bytes(body[2][0]))), 0)
        return Walk(offset, _text(body, 1), over, type_of_range, _text(body, 3), start, step, result)

    def _all(self, body: _Parts, field: int) -> tuple[Tree, ...]:
        return tuple(self.tree(_bytes(each)) for each in body.get(field, ()))

    def _one(self, body: _Parts, field: int) -> Tree:
        return self.tree(_bytes(body[field][0]))


def _constant(offset: int, body: _Parts) -> Constant:
    field = next(iter(body), 0)
    return Constant(offset, _CONSTANTS.get(field, ANY), _text(body, field) if field == _TEXT_CONSTANT else "")


def _entries(found: list[int | bytes] | None) -> Iterator[tuple[int | bytes, int | bytes]]:
    """The entries of a protobuf map; a value left out is zero."""
    for each in found or ():
        entry = _parts(_bytes(each))
        yield entry.get(1, [0])[0], entry.get(2, [0])[0]


def _number(parts: _Parts) -> int:
    return _int(parts.get(_ID, [0])[0])


def _int(value: int | bytes) -> int:
    return value if isinstance(value, int) else 0


def _text(parts: _Parts, field: int) -> str:
    return _bytes(parts[field][0]).decode() if field in parts else ""


def _bytes(value: int | bytes) -> bytes:
    return value if isinstance(value, bytes) else b""


def _parts(data: bytes) -> _Parts:
    found: _Parts = {}
    for field, value in _fields(data):
        found.setdefault(field, []).append(value)
    return found


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        field, wire = key >> 3, key & 7
        if wire == _VARINT:
            value, at = _varint(data, at)
            yield field, value
        else:
            size, at = _varint(data, at) if wire == _BYTES else ({_I64: 8, _I32: 4}[wire], at)
            yield field, data[at : at + size]
            at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    shift = result = 0
    while True:
        byte = data[at]
        at += 1
        result |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return result, at
        shift += 7
