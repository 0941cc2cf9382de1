"""Personal data where it may not stand: in ids, names and subjects, which Temporal, lists and mailboxes show."""

import re
from collections.abc import Iterator

from engine.definition.checks.examined import Examined
from engine.definition.model import ForEachStep, NotifyStep, SetStep, TaskStep
from engine.definition.problems import Path, Problem
from engine.definition.program import Node
from engine.definition.values import Column, Declared, FormField, Table

RULE = "personal-data-shown"
_FIELD = re.compile(r"\.\s*([A-Za-z_]\w*)|\[\s*['\"](\w+)['\"]\s*\]")
_WORD = re.compile(r"(?<![\w.'\"])([A-Za-z_]\w*)")
_SIZE = re.compile(r"\bsize\(")


def check(seen: Examined) -> Iterator[Problem]:
    """Every place that is shown to people who are not asked, and reads what is marked as personal."""
    marked = _Marked(seen)
    for part, text, what in (
        ("key", seen.definition.key, "the id of a cycle"),
        ("name", seen.definition.name, "the name of a cycle"),
    ):
        yield from marked.problems((part,), text, what)
    for node in seen.steps.values():
        yield from _of_step(node, marked)


def _of_step(node: Node, marked: "_Marked") -> Iterator[Problem]:
    spec = node.spec
    if isinstance(spec, NotifyStep):
        yield from marked.problems((*node.path, "subject"), spec.subject, "the subject of a message")
    if isinstance(spec, TaskStep):
        yield from marked.problems((*node.path, "title"), spec.title, "the title of a task", warning=True)
    if isinstance(spec, ForEachStep) and spec.key:
        yield from marked.problems((*node.path, "key"), f"{{{{ {spec.key} }}}}", "an address", shift=-3)
    elif isinstance(spec, ForEachStep):
        for name, text in spec.over.items():
            yield from marked.problems(
                (*node.path, "over", name), f"{{{{ {text} }}}}", "an address: give a `key`", shift=-3
            )


class _Marked:
    """What is marked as personal: names, and the names of columns."""

    def __init__(self, seen: Examined) -> None:
        definition = seen.definition
        self._fields = {
            name
            for node in seen.steps.values()
            if isinstance(node.spec, TaskStep)
            for name in _personal_columns(node.spec.form)
        }
        self._names = {name for name, given in definition.inputs.items() if getattr(given, "personal", False)}
        for name, value in definition.values.items():
            if isinstance(value, Declared):
                self._names |= {name} if value.personal else set()
                self._fields |= set(_personal_columns(value.table or {}))
        self._follow([node for node in seen.steps.values() if isinstance(node.spec, SetStep)])

    def problems(
        self, path: Path, template: str, what: str, *, shift: int = 0, warning: bool = False
    ) -> Iterator[Problem]:
        """One for each thing that this text shows and is personal."""
        for hole in re.finditer(r"\{\{(.*?)\}\}", template, re.DOTALL):
            for found, at in self._personal_in(hole[1]):
                message = f"{found!r} is personal and would be shown in {what}"
                yield Problem(
                    path, message, offset=max(hole.start(1) + at + shift, 0), rule=RULE, warning=warning
                )

    def _personal_in(self, text: str) -> Iterator[tuple[str, int]]:
        plain = _without_counts(text)
        for word in _WORD.finditer(plain):
            if word[1] in self._names:
                yield word[1], word.start(1)
        for field in _FIELD.finditer(plain):
            name = field[1] or field[2]
            if name in self._fields:
                yield name, field.start(1 if field[1] else 2)

    def _follow(self, steps: list[Node]) -> None:
        """A plain value computed from personal ones is personal, too."""
        while True:
            found = {name for node in steps for name in self._taken_over(node)} - self._names
            if not found:
                return
            self._names |= found

    def _taken_over(self, node: Node) -> Iterator[str]:
        spec = node.spec
        for name, value in spec.set.items() if isinstance(spec, SetStep) else ():
            expression = node.expressions.get(f"set.{name}")
            plain = expression is not None and expression.type.kind in {"text", "any"}
            if isinstance(value, str) and plain and any(self._personal_in(value)):
                yield name


def _without_counts(text: str) -> str:
    """The text with `size(...)` blanked out: how many there are says nothing about any of them."""
    while found := _SIZE.search(text):
        depth, at = 1, found.end()
        while depth and at < len(text):
            depth += {"(": 1, ")": -1}.get(text[at], 0)
            at += 1
        text = text[: found.start()] + " " * (at - found.start()) + text[at:]
    return text


def _personal_columns(form: "dict[str, FormField] | dict[str, Column]") -> Iterator[str]:
    for name, field in form.items():
        if isinstance(field, Table):
            yield from _personal_columns(field.table)
        elif field.personal:
            yield name
