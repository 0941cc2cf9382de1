"""Walks that may be done in portions: the library's time and memory grow with the square of a list's length.

`x.filter(...).map(...)` gives the same for a list as for its portions, one after the other, where `x` is read
only once.
"""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from engine.cel_tree import Ident, ListOf, Select, Tree, Walk
from engine.cost import parts_of

PORTION = 250
Path = tuple[str, ...]


def portioned(tree: Tree) -> Path | None:
    """The name, and its fields, of the list that this walks over from beginning to end; none if it does more."""
    over = tree
    while isinstance(over, Walk):
        if over.start != ListOf(over.start.offset, ()) or not isinstance(over.result, Ident):
            return None
        over = over.over
    path: Path = ()
    while isinstance(over, Select) and not over.tested:
        path, over = (over.field, *path), over.of
    if over is tree or not isinstance(over, Ident) or _times_read(tree, over.name) > 1:
        return None
    return (over.name, *path)


def portions(values: Mapping[str, JsonValue], path: Path) -> Iterator[dict[str, JsonValue]]:
    """The values again and again, with the next portion of the list in its place; nothing where it is short."""
    found: JsonValue = dict(values)
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    if isinstance(found, list) and len(found) > PORTION:
        for at in range(0, len(found), PORTION):
            yield _with(values, path, found[at : at + PORTION])


def _with(values: Mapping[str, JsonValue], path: Path, portion: JsonValue) -> dict[str, JsonValue]:
    name, *fields = path
    inside = values[name]
    replaced = _with(inside, tuple(fields), portion) if fields and isinstance(inside, dict) else portion
    return {**values, name: replaced}


def _times_read(tree: Tree, name: str) -> int:
    waiting, read = [tree], 0
    while waiting:
        part = waiting.pop()
        read += isinstance(part, Ident) and part.name == name
        waiting += parts_of(part)
    return read
