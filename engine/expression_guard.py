"""Finds comprehensions whose order is not fixed, in the checked form of a CEL expression.

Reads the few protobuf fields it needs (cel-spec, `checked.proto` and `syntax.proto`): the type map and the
ranges of comprehensions.
"""

from collections.abc import Iterator

_LIST_TYPE = 6
_TYPE_NAMES = {7: "map", 1: "value of unknown type"}
#: syntax.proto, Expr: select, call, list, struct, comprehension, each with the fields that hold expressions.
_OPERANDS = {5: (1,), 6: (1, 3), 7: (1,), 8: (), 9: (2, 4, 5, 6, 7)}
#: checked.proto, CheckedExpr.
_TYPE_MAP, _EXPRESSION = 3, 4
_STRUCT, _ENTRIES, _ENTRY_SIDES, _COMPREHENSION = 8, 2, (3, 4), 9
_VARINT, _I64, _BYTES, _I32 = 0, 1, 2, 5


def unordered_ranges(checked: bytes) -> Iterator[str]:
    """The kinds of range, other than lists, that the serialised CheckedExpr walks over."""
    body = dict(_fields(checked))[2]
    types: dict[object, int] = {}
    root = b""
    for field, value in _fields(_bytes(body)):
        if field == _TYPE_MAP:
            entry = dict(_fields(_bytes(value)))
            types[entry[1]] = next(_fields(_bytes(entry[2])))[0]
        elif field == _EXPRESSION:
            root = _bytes(value)
    yield from _walk(root, types)


def _walk(root: bytes, types: dict[object, int]) -> Iterator[str]:
    # A stack, not recursion: a long sum is as deep as it is long.
    waiting = [root]
    while waiting:
        for field, value in _fields(waiting.pop()):
            if field == _COMPREHENSION:
                kind = _range_type(_bytes(value), types)
                if kind != _LIST_TYPE:
                    yield _TYPE_NAMES.get(kind, "value that is not a list")
            waiting += _inside(field, _bytes(value))


def _inside(field: int, body: bytes) -> Iterator[bytes]:
    for part, operand in _fields(body) if field in _OPERANDS else ():
        if part in _OPERANDS[field]:
            yield _bytes(operand)
        elif field == _STRUCT and part == _ENTRIES:
            yield from (_bytes(side) for number, side in _fields(_bytes(operand)) if number in _ENTRY_SIDES)


def _range_type(comprehension: bytes, types: dict[object, int]) -> int:
    over = dict(_fields(_bytes(dict(_fields(comprehension))[2])))
    return types.get(over.get(2), 0)


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
        result |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return result, at
        shift += 7
