"""Writes `docs/language-reference.md` from the grammar: `python -m tests.docs.reference_page`."""

import ast
import inspect
import json
import sys
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import get_args

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from engine.definition.model import KINDS, Definition
from engine.model import Model
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "language-reference.md"
HEAD = """\
# The language, key by key

This page is written by `python -m tests.docs.reference_page` from the grammar, `engine/definition/model.py`. A test
fails when it is not what the grammar says. [Writing a definition](language.md) explains the same with examples; begin
there.

A key that shows nothing under *left out* must be given.
"""
#: What stands in the column *value* for a name of the grammar; the others are said by their own names.
WORDS = {
    "str": "text", "int": "whole number", "float": "number", "bool": "yes or no", "JsonValue": "any value",
    "StepName": "name", "Stage": "text", "Expr": "expression", "Join": "how many", "Quorum": "how many",
}  # fmt: skip
_EXPLAINED = ("Text", "Key", "Name", "Code", "Expr", "Template", "Phrase", "Activity")
_LIMITS = {
    "ge": "at least {}",
    "le": "at most {}",
    "min_length": "at least {} of them",
    "max_length": "at most {} of them",
}


def parts_of(part: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """The model and all that may stand in it, in the order in which one meets them."""
    found: dict[str, type[BaseModel]] = {}
    waiting: list[object] = [part]
    while waiting:
        each = waiting.pop(0)
        if not isinstance(each, type) or not issubclass(each, BaseModel):
            waiting = [*get_args(each), *waiting]
        elif each.__name__ not in found:
            found[each.__name__] = each
            waiting += [field.annotation for field in each.model_fields.values()]
    return found


PARTS = parts_of(Definition)
MODULES = [sys.modules[name] for name in dict.fromkeys(part.__module__ for part in PARTS.values())]


def text() -> str:
    """The whole page."""
    steps = [name for kind in KINDS for name, part in PARTS.items() if next(iter(part.model_fields)) == kind]
    others = sorted(PARTS.keys() - {"Definition", *steps})
    shown = [HEAD, *_section("The file", ["Definition"]), *_section("Steps", steps)]
    shown += [*_section("Parts", others), *_kinds_of_text()]
    return "\n".join(shown).rstrip() + "\n"


def _section(title: str, names: list[str]) -> Iterator[str]:
    yield f"## {title}\n"
    for name in names:
        yield f"### {_heading(name)}\n"
        yield f"{inspect.cleandoc(PARTS[name].__doc__ or '')}\n"
        rows = [_row(PARTS[name], field) for field in PARTS[name].model_fields]
        yield "\n".join(["| key | value | left out | what it says |", "|---|---|---|---|", *rows, ""])


def _heading(name: str) -> str:
    """`TaskStep` is called by its key, `task`; a part by its name in words."""
    kind = next((kind for kind in KINDS if kind.replace("_", "") == name.removesuffix("Step").lower()), None)
    if kind and name.endswith("Step"):
        return kind
    return (
        "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip().capitalize()
    )


def _row(part: type[BaseModel], name: str) -> str:
    field = part.model_fields[name]
    said = " ".join((field.description or "").split()).replace("|", "\\|")
    left_out = "" if field.default is PydanticUndefined else _default(field.default)
    return f"| `{field.alias or name}` | {_value(_annotations(part)[name])} | {left_out} | {said} |"


def _annotations(part: type[BaseModel]) -> Mapping[str, ast.expr]:
    """As they stand in the source, where a template is not just a text."""
    found: dict[str, ast.expr] = {}
    for each in reversed(part.__mro__[: part.__mro__.index(Model)]):
        [written] = ast.parse(inspect.getsource(each)).body
        assert isinstance(written, ast.ClassDef)
        fields = [field for field in written.body if isinstance(field, ast.AnnAssign)]
        found |= {ast.unparse(field.target): field.annotation for field in fields}
    return found


def _default(value: object) -> str:
    if value is None or value in ({}, ()):
        return "nothing"
    if isinstance(value, BaseModel):
        return "as below"
    return f"`{json.dumps(value)}`" if not isinstance(value, str) else f"`{value}`"


def _value(written: ast.expr) -> str:
    match written:
        case ast.Constant(value=str() as quoted):
            return _value(ast.parse(quoted, mode="eval").body)
        case ast.Name(id=name):
            return _named(name)
        case ast.BinOp(left=left, right=ast.Constant(value=None)):
            return _value(left)
        case ast.BinOp(left=left, right=right):
            return f"{_value(left)}, or {_value(right)}"
        case ast.Subscript(value=ast.Name(id=container), slice=inside):
            return _container(container, inside.elts if isinstance(inside, ast.Tuple) else [inside])
    raise AssertionError(ast.dump(written))


def _container(name: str, inside: list[ast.expr]) -> str:
    if name == "dict":
        return f"map: {_value(inside[0])} → {_value(inside[1])}"
    if name == "tuple":
        return f"list: {_value(inside[0])}"
    if name == "Literal":
        return " ".join(dict.fromkeys(word for each in inside for word in _words(each)))
    assert name == "Annotated", name
    return ", ".join([_value(inside[0]), *(limit for each in inside[1:] for limit in _limits(each))])


def _words(each: ast.expr) -> Iterator[str]:
    if isinstance(each, ast.Name):  # The words of another list.
        yield from _value(_alias(each.id)).replace("` `", "`\n`").split("\n")
    else:
        yield f"`{ast.literal_eval(each)}`"


def _limits(note: ast.expr) -> Iterator[str]:
    for keyword in note.keywords if isinstance(note, ast.Call) else ():
        if keyword.arg in _LIMITS:
            yield _LIMITS[keyword.arg].format(f"{ast.literal_eval(keyword.value):,}")


def _named(name: str) -> str:
    found = next((vars(module)[name] for module in MODULES if name in vars(module)), None)
    if name in {"Steps", "Step"}:
        return "[steps](#steps)" if name == "Steps" else "[step](#steps)"
    if isinstance(found, type) and issubclass(found, BaseModel):
        heading = _heading(name)
        return f"[{heading.lower()}](#{heading.lower().replace(' ', '-')})"
    if name in WORDS or name in _EXPLAINED:
        return WORDS.get(name, name.lower())
    return _value(_alias(name))


def _alias(name: str) -> ast.expr:
    for module in MODULES:
        for each in ast.parse(inspect.getsource(module)).body:
            if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == name:
                return each.value
    raise AssertionError(name)


def _kinds_of_text() -> Iterator[str]:
    """The docstrings of the names for kinds of text."""
    yield "## Kinds of text\n"
    rows = [f"| {WORDS.get(name, name.lower())} | {said} |" for name, said in _docs() if name in _EXPLAINED]
    yield "\n".join(["| | |", "|---|---|", *rows, ""])


def _docs() -> Iterator[tuple[str, str]]:
    for module in MODULES:
        body = ast.parse(inspect.getsource(module)).body
        for each, after in pairwise(body):
            if isinstance(each, ast.Assign) and isinstance(after, ast.Expr):
                yield ast.unparse(each.targets[0]), " ".join(str(ast.literal_eval(after.value)).split())


if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8")
