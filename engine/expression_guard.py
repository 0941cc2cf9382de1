"""Finds comprehensions whose order is not fixed, in the checked form of a CEL expression.

Reads the few protobuf fields it needs (cel-spec, `checked.proto` and `syntax.proto`): the type map and the
ranges of comprehensions.
"""

from collections.abc import Iterator

_LIST_TYPE = 6
_TYPE_NAMES = {7: "map", 1: "value of unknown type"}
_VARINT, _I64, _BYTES, _I32 = 0, 1, 2, 5


def unordered_ranges(checked: bytes) -> Iterator[str]:
    """The kinds of range, other than lists, that the serialised CheckedExpr walks over."""
    body = dict(_fields(checked))[2]
    types: dict[object, int] = {}
    root = b""
    for field, value in _fields(_bytes(body)):
        if field == 3:
            entry = dict(_fields(_bytes(value)))
            types[entry[1]] = next(_fields(_bytes(entry[2])))[0]
        elif field == 4:
            root = _bytes(value)
    yield from _walk(root, types)


def _walk(expression: bytes, types: dict[object, int]) -> Iterator[str]:
    # syntax.proto Expr: 5 select, 6 call, 7 list, 8 struct, 9 comprehension; each with its own operands.
    inside = {5: (1,), 6: (1, 3), 7: (1,)}
    for field, value in _fields(expression):
        if field in inside:
            for part, operand in _fields(_bytes(value)):
                if part in inside[field]:
                    yield from _walk(_bytes(operand), types)
        elif field == 8:
            yield from _entries(_bytes(value), types)
        elif field == 9:
            yield from _comprehension(_bytes(value), types)


def _entries(struct: bytes, types: dict[object, int]) -> Iterator[str]:
    for field, entry in _fields(struct):
        if field == 2:
            for part, operand in _fields(_bytes(entry)):
                if part in (3, 4):
                    yield from _walk(_bytes(operand), types)


def _comprehension(body: bytes, types: dict[object, int]) -> Iterator[str]:
    parts = dict(_fields(body))
    over = dict(_fields(_bytes(parts[2])))
    kind = types.get(over.get(2), 0)
    if kind != _LIST_TYPE:
        yield _TYPE_NAMES.get(kind, "value that is not a list")
    for part in (2, 4, 5, 6, 7):
        if part in parts:
            yield from _walk(_bytes(parts[part]), types)


def _bytes(value: int | bytes) -> bytes:
    return value if isinstance(value, bytes) else b""


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
        result |= (byte & 127) << shift
        if byte < 128:
            return result, at
        shift += 7
