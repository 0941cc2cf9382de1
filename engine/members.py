"""Who the members of a for-each are: every combination of its lists, each with a key of its own."""

import itertools
from collections.abc import Iterator, Mapping
from math import prod

from pydantic import JsonValue

from engine import addresses
from engine.definition.model import ForEachStep
from engine.definition.program import Node
from engine.errors import RefusedError
from engine.events import Item
from engine.scope import Scope

#: All open in one command, and Temporal gives a workflow two seconds for one; more belong into children of children.
MAX_MEMBERS = 2_000


def members(node: Node, spec: ForEachStep, scope: Scope) -> tuple[Item, ...]:
    """The members in the order of the lists. Refused when there are too many."""
    lists = [_list(node, name, scope) for name in spec.over]
    # Counted before any is made: three lists of ten thousand would not fit in memory.
    if (count := prod(map(len, lists))) > MAX_MEMBERS:
        raise RefusedError(f"there would be {count} members; at most {MAX_MEMBERS} are allowed")
    found: dict[str, Item] = {}
    for number, combination in enumerate(itertools.product(*lists), 1):
        values: dict[str, JsonValue] = dict(zip(spec.over, combination, strict=True))
        new = member(node, scope, values, number)
        key = next(key for key in _variants(new.key, number) if key not in found)
        found[key] = new if key == new.key else new.model_copy(update={"key": key})
    return tuple(found.values())


def member(node: Node, scope: Scope, values: dict[str, JsonValue], number: int) -> Item:
    """One member: its key, its values, and the school its work belongs to."""
    return Item(key=_key(node, scope, values, number), values=values, school=_school(node, scope, values))


def _variants(key: str, number: int) -> Iterator[str]:
    yield key
    yield from (f"{key}+{free}" for free in itertools.count(number))


def _list(node: Node, name: str, scope: Scope) -> list[JsonValue]:
    found = scope.evaluate(node.expressions[f"over.{name}"])
    if not isinstance(found, list):
        raise RefusedError(f"it runs over {name}, which is not a list here")
    return found


def _key(node: Node, scope: Scope, values: Mapping[str, JsonValue], number: int) -> str:
    if "key" in node.expressions:
        return addresses.safe_key(str(_in_member(node, "key", scope, values)))
    plain = all(isinstance(value, str | int) for value in values.values())
    return addresses.safe_key(",".join(map(str, values.values()))) if plain else str(number)


def _school(node: Node, scope: Scope, values: Mapping[str, JsonValue]) -> str | None:
    expressed = "school" in node.expressions
    found = _in_member(node, "school", scope, values) if expressed else values.get("school")
    return found if isinstance(found, str) else None


def _in_member(node: Node, part: str, scope: Scope, values: Mapping[str, JsonValue]) -> JsonValue:
    expression = node.expressions[part]
    known = {name: values[name] if name in values else scope.value(name) for name in expression.names}
    return expression.evaluate(known)
