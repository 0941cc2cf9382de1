"""What an expression gives, and which fields it reads that are not there: checked against declared types.

Only what is certain to be wrong is refused. A value whose type is not known may be anything, and so may what is
read from it. Null is never held against a value: whether it is there yet is known only when it is read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.cel_tree import LIST_TYPE, MAP_TYPE, Call, Constant, Ident, ListOf, MapOf, Select, Tree, Walk
from engine.errors import UnknownNameError
from engine.value_types import (
    ANY,
    INTEGER,
    LIST,
    NUMBER,
    TEXT,
    YES_NO,
    Type,
    certain,
    join_all,
    joined,
    list_of,
    record,
)

#: What a list literal without members is a list of, until something is added to it.
_NOTHING = Type("any", may_be_null=True)
_NUMBERS = frozenset({"integer", "number"})
_SIGNS = {"_==_": "==", "_!=_": "!=", "_<_": "<", "_<=_": "<=", "_>_": ">", "_>=_": ">="}
_SUMS = {"_+_": "+", "_-_": "-", "_*_": "*", "_/_": "/", "_%_": "%"}
_LOGIC = {"_&&_": "&&", "_||_": "||", "!_": "!"}
_PLAIN_WORDS = re.compile(r"[A-Za-z_][\w.]*(?:\[\d+\][\w.]*)*")
_TEXT_TESTS = frozenset({"startsWith", "endsWith", "contains", "matches"})
_GIVES = {"size": INTEGER, "int": INTEGER, "double": NUMBER, "string": TEXT, "bool": YES_NO, "pounds": TEXT}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that cannot be right, and where."""

    message: str
    offset: int


class Inference:
    """The type of an expression, and its faults in the order of the text."""

    def __init__(self, text: str, tree: Tree, names: Mapping[str, Type]) -> None:
        self._text = text
        self._faults: list[Fault] = []
        self.unordered: str | None = None
        """What it walks over that has no fixed order."""
        self.type = _settled(self._type(tree, names))

    @property
    def faults(self) -> list[Fault]:
        """Those found, the first in the text first."""
        return sorted(self._faults, key=lambda each: each.offset)

    def _type(self, tree: Tree, names: Mapping[str, Type]) -> Type:
        match tree:
            case Constant():
                found = tree.type
            case Ident():
                found = names.get(tree.name, ANY)
            case Select():
                found = self._field(tree, self._type(tree.of, names), tree.field, tree.offset)
                found = YES_NO if tree.tested else found
            case ListOf():
                found = list_of(join_all((self._type(each, names) for each in tree.members), _NOTHING))
            case MapOf():
                found = self._map(tree, names)
            case Walk():
                found = self._walk(tree, names)
            case Call():
                found = self._call(tree, [self._type(each, names) for each in tree.given])
        return found

    def _field(self, tree: Select | Call, kind: Type, name: str, offset: int) -> Type:
        found = kind.field(name)
        if found is not None:
            return found
        place = max(self._text.find(name, offset), 0)
        said = self._said(tree.of if isinstance(tree, Select) else tree.given[0], tree.offset)
        if kind.kind == "record":
            self._fault(place, str(UnknownNameError("field", name, dict(kind.fields), said)))
        else:
            self._fault(place, f"there is no field {name!r} in {said}, which is {_a(kind)}")
        return ANY

    def _map(self, tree: MapOf, names: Mapping[str, Type]) -> Type:
        kinds = [(key, self._type(key, names), self._type(value, names)) for key, value in tree.entries]
        if kinds and all(isinstance(key, Constant) and kind.kind == "text" for key, kind, _ in kinds):
            return record(**{key.text: kind for key, _, kind in kinds if isinstance(key, Constant)})
        return ANY

    def _walk(self, tree: Walk, names: Mapping[str, Type]) -> Type:
        over = self._type(tree.over, names)
        if tree.over_type != LIST_TYPE and over.kind != "list":
            known = "map" if tree.over_type == MAP_TYPE or over.kind == "record" else "value of unknown type"
            self.unordered = self.unordered or known
        inner = {**names, tree.name: _settled(over.member)}
        start = self._type(tree.start, inner)
        step = self._type(tree.step, {**inner, tree.result_name: start})
        return self._type(tree.result, {**inner, tree.result_name: _grown(start, step)})

    def _call(self, tree: Call, given: list[Type]) -> Type:
        name = tree.function
        if name in _SIGNS:
            self._compare(tree, given)
            return YES_NO
        if name in _SUMS:
            return self._sum(tree, given)
        if name in _LOGIC:
            for kind, part in zip(given, tree.given, strict=True):
                self._expect(part, kind, {"yes-no"}, "true or false")
            return YES_NO
        return self._other(tree, given)

    def _other(self, tree: Call, given: list[Type]) -> Type:
        match tree.function:
            case "_?_:_":
                self._expect(tree.given[0], given[0], {"yes-no"}, "true or false")
                return _grown(given[1], given[2])
            case "_[_]":
                return self._index(tree, *given)
            case "@in":
                self._member(tree, *given)
                return YES_NO
            case "-_" | "sum" as name:
                return given[0] if name == "-_" else self._total(tree, *given)
            case name if name in _TEXT_TESTS:
                for kind, part in zip(given, tree.given, strict=True):
                    self._expect(part, kind, {"text"}, "a text")
                return YES_NO
            case name:
                return _GIVES.get(name, ANY)

    def _compare(self, tree: Call, given: list[Type]) -> None:
        kinds = {"number" if kind.kind == "integer" else kind.kind for kind in given}
        ordered = tree.function not in {"_==_", "_!=_"}
        if "any" not in kinds and (len(kinds) > 1 or (ordered and kinds & {"list", "record"})):
            self._clash(tree, _SIGNS[tree.function], given)

    def _sum(self, tree: Call, given: list[Type]) -> Type:
        one, other = given
        allowed = _NUMBERS | ({"text", "list"} if tree.function == "_+_" else set())
        if any(kind.kind not in {*allowed, "any"} for kind in given):
            self._clash(tree, _SUMS[tree.function], given)
            return ANY
        if one.kind == other.kind:
            return _grown(one, other)
        if "any" in {one.kind, other.kind}:
            return LIST if "list" in {one.kind, other.kind} else ANY
        self._clash(tree, _SUMS[tree.function], given)
        return ANY

    def _total(self, tree: Call, of: Type) -> Type:
        member = certain(_settled(of.member))
        if of.kind == "list" and member.kind not in {*_NUMBERS, "any"}:
            # The place of a call is its bracket.
            self._fault(
                max(tree.offset - len(tree.function), 0),
                f"sum() adds numbers, but it is given a {_settled(of)}",
            )
        return member if member.kind in _NUMBERS else ANY

    def _index(self, tree: Call, of: Type, at: Type) -> Type:
        key = tree.given[1]
        if of.kind == "list":
            self._expect(key, at, _NUMBERS, "a number")
            return _settled(of.member)
        if isinstance(key, Constant) and at.kind == "text":
            return self._field(tree, of, key.text, key.offset)
        return ANY

    def _member(self, tree: Call, one: Type, of: Type) -> None:
        member = _settled(of.member) if of.kind == "list" else ANY
        kinds = {"number" if kind.kind == "integer" else kind.kind for kind in (one, member)}
        if "any" not in kinds and len(kinds) > 1:
            self._clash(tree, "in", [one, of])
        elif of.kind not in {"list", "record", "any"}:
            self._expect(tree.given[1], of, {"list"}, "a list")

    def _expect(self, tree: Tree, kind: Type, allowed: set[str] | frozenset[str], words: str) -> None:
        if kind.kind not in {*allowed, "any"}:
            self._fault(_begins(tree), f"expected {words}, but {self._said(tree)} is {_a(kind)}")

    def _clash(self, tree: Call, sign: str, given: list[Type]) -> None:
        one, other = map(_settled, given)
        hint = ""
        if {one.kind, other.kind} == _NUMBERS:
            hint = "; write a whole number as 1.0, or convert one with int() or double()"
        self._fault(tree.offset, f"{sign!r} cannot stand between {_a(one)} and {_a(other)}{hint}")

    def _said(self, tree: Tree, end: int | None = None) -> str:
        """The value in the words of the expression, where they are few."""
        words = self._text[_begins(tree) : self._ends(tree) if end is None else end].strip()
        return words if _PLAIN_WORDS.fullmatch(words) else "it"

    def _ends(self, tree: Tree) -> int:
        if isinstance(tree, Select):
            return self._text.find(tree.field, tree.offset) + len(tree.field)
        return tree.offset + len(tree.name) if isinstance(tree, Ident) else tree.offset

    def _fault(self, offset: int, message: str) -> None:
        self._faults.append(Fault(message, offset))


def _grown(one: Type, other: Type) -> Type:
    """What is one or the other, where a list that has nothing yet takes what the other has."""
    if one.kind == other.kind == "list":
        members = [kind.member for kind in (one, other) if kind.member != _NOTHING]
        return list_of(join_all(members, _NOTHING))
    return joined(one, other)


def _settled(kind: Type) -> Type:
    """Without the mark for a list that nothing was added to."""
    if kind == _NOTHING:
        return ANY
    if kind.kind == "list" and kind.member == _NOTHING:
        return LIST
    return kind


def _begins(tree: Tree) -> int:
    """Where its text begins."""
    match tree:
        case Select():
            return _begins(tree.of)
        case Call() if tree.given:
            return min(tree.offset, _begins(tree.given[0]))
        case Walk():
            return _begins(tree.over)
        case _:
            return tree.offset


def _a(kind: Type) -> str:
    word = {"record": "a record", "integer": "an integer", "yes-no": "true or false"}
    return word.get(kind.kind, f"a {certain(kind)}")
