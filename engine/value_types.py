"""The types of values, as far as a definition declares them: a small closed set.

Who adds a kind of step says what its name reads as afterwards, for instance
`{**names, node.id: record(happened=YES_NO, reason=maybe(TEXT), rows=list_of(record(code=TEXT)))}`.
`ANY` is right wherever nothing is declared: every field of it may be read. A record is closed: reading a field
that it does not have is refused when the file is loaded.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import JsonValue

Kind = Literal["any", "text", "integer", "number", "yes-no", "list", "record"]
#: How deep the type of a literal is told; below it, everything is any.
_DEEPEST = 8
#: How many fields of a record are told; of one that has more, nothing is.
_WIDEST = 1_000
#: How many members of a list are looked at; of a longer one it is not told what it is a list of.
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Type:
    """What a value is: equal types are equal values."""

    kind: Kind
    of: "Type | None" = None
    """For a list: what its members are."""
    fields: tuple[tuple[str, "Type"], ...] = ()
    """For a record: its fields, by name, in order."""
    may_be_null: bool = False

    def __str__(self) -> str:
        """In words, for a person."""
        if self.kind == "list" and self.of and self.of.kind != "any":
            return "list of records" if self.of.kind == "record" else f"list of {self.of}"
        return self.kind

    @property
    def declared(self) -> str:
        """What the expression language is told: a plain kind, or any where it may be null or has fields."""
        return "any" if self.may_be_null or self.kind == "record" else self.kind

    @property
    def member(self) -> "Type":
        """What the members of this list are; any for what is no list."""
        return self.of or ANY

    def field(self, name: str) -> "Type | None":
        """The type of a field; none when there is no such field."""
        if self.kind != "record":
            return ANY if self.kind == "any" else None
        return next((kind for known, kind in self.fields if known == name), None)


ANY, TEXT, INTEGER, NUMBER, YES_NO = (
    Type("any"),
    Type("text"),
    Type("integer"),
    Type("number"),
    Type("yes-no"),
)
LIST = Type("list", ANY)


def list_of(member: Type) -> Type:
    """A list of these."""
    return Type("list", member)


def record(**fields: Type) -> Type:
    """A map with these fields and no others."""
    return Type("record", fields=tuple(sorted(fields.items())))


def maybe(kind: Type) -> Type:
    """The same, or null."""
    return kind if kind.may_be_null or kind == ANY else replace(kind, may_be_null=True)


def certain(kind: Type) -> Type:
    """The same without null."""
    return replace(kind, may_be_null=False) if kind.may_be_null else kind


def joined(one: Type, other: Type) -> Type:
    """What a value is that is one of the two, nobody knows which. A field that only one has may be null."""
    if one == other:
        return one
    if one.may_be_null or other.may_be_null:
        return maybe(joined(certain(one), certain(other)))
    if one.kind != other.kind:
        return ANY
    if one.kind == "list":
        return list_of(joined(one.member, other.member))
    ours, theirs = dict(one.fields), dict(other.fields)
    both = {
        name: joined(ours[name], theirs[name])
        if name in ours and name in theirs
        else maybe(ours.get(name) or theirs[name])
        for name in {**ours, **theirs}
    }
    return record(**both) if len(both) <= _WIDEST else ANY


def join_all(kinds: Iterable[Type], otherwise: Type = ANY) -> Type:
    """What a value is that is one of all these."""
    found = list(kinds)
    while len(found) > 1:
        # In pairs: records that have little in common grow with every join.
        found = [
            joined(*found[at : at + 2]) if found[at + 1 :] else found[at] for at in range(0, len(found), 2)
        ]
    return found[0] if found else otherwise


def of_value(value: JsonValue, depth: int = 0) -> Type:
    """The type of a value that stands in a file. Null, and a map without fields, may become anything."""
    if depth > _DEEPEST:
        return ANY
    if isinstance(value, list):
        few = value if len(value) <= _LONGEST else ()
        return list_of(join_all(of_value(each, depth + 1) for each in few))
    if isinstance(value, dict):
        told = 0 < len(value) <= _WIDEST
        return record(**{name: of_value(each, depth + 1) for name, each in value.items()}) if told else ANY
    plain: dict[type, Type] = {str: TEXT, bool: YES_NO, int: INTEGER, float: NUMBER}
    return plain.get(type(value), ANY)


def as_declared(value: JsonValue, kind: Type) -> JsonValue:
    """The value, if it is of this type or null; a whole number becomes a number where one is declared.

    Raises ValueError in words for a person.
    """
    if value is None or kind.kind == "any":
        return value
    if kind.kind == "number" and type(value) is int:
        return float(value)
    if isinstance(value, list) and kind.kind == "list":
        return [as_declared(each, kind.member) for each in value]
    if isinstance(value, dict) and kind.kind == "record":
        unknown = next((name for name in value if kind.field(name) is None), None)
        if unknown is not None:
            raise ValueError(
                f"there is no column {unknown!r}; known: {', '.join(name for name, _ in kind.fields)}"
            )
        return {name: as_declared(each, kind.field(name) or ANY) for name, each in value.items()}
    if of_value(value).kind != kind.kind:
        raise ValueError(f"expected {kind}, but it is {value!r}"[:200])
    return value


def completed(value: JsonValue, kind: Type) -> JsonValue:
    """The value with null for every declared field that it has not come to. The same object where none is missing."""
    if isinstance(value, list) and kind.kind == "list":
        members = [completed(each, kind.member) for each in value]
        return members if any(new is not old for new, old in zip(members, value, strict=True)) else value
    if isinstance(value, dict) and kind.kind == "record":
        absent = {name: None for name, field in kind.fields if name not in value and field.may_be_null}
        fields = {name: completed(each, kind.field(name) or ANY) for name, each in value.items()}
        if absent or any(fields[name] is not value[name] for name in value):
            return {**fields, **absent}
    return value


def loosened(kind: Type) -> Type:
    """As much as still holds after the value was set again: the kind, and nothing of what is inside."""
    if kind.declared == "list":
        return LIST
    return ANY if kind.declared == "any" else kind
