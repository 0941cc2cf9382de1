"""Texts with `{{ expression }}` in them. Strict: a name that stands for nothing is an error at load."""

import re
from collections.abc import Mapping
from unicodedata import normalize

from pydantic import JsonValue

from engine.expressions import Expression, ExpressionError
from engine.value_types import Type

_HOLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
#: A slash stands between an instance and its children, so no key has one.
_SLUG = re.compile(r"[^a-z0-9:]+")
_YEAR = re.compile(r"(^|:)(\d{4}-\d{2}) ")


class Template:
    """One checked text."""

    def __init__(self, text: str, names: Mapping[str, Type], *, stored: bool = False) -> None:
        self._parts: list[str | Expression] = []
        at = 0
        for hole in _HOLE.finditer(text):
            self._parts += [text[at : hole.start()], _expression(hole, names, stored=stored)]
            at = hole.end()
        rest = text[at:]
        if "{{" in rest or "}}" in rest:
            offset = at + max(rest.find("{{"), rest.find("}}"))
            raise ExpressionError("'{{' and '}}' must come in pairs", offset)
        self._parts.append(rest)
        self.names = frozenset(
            name for part in self._parts if isinstance(part, Expression) for name in part.names
        )

    def render(self, values: Mapping[str, JsonValue]) -> str:
        """The text with each hole filled in. Lists are joined with commas."""
        return "".join(
            part if isinstance(part, str) else _text(part.evaluate(values)) for part in self._parts
        )


def _expression(hole: re.Match[str], names: Mapping[str, Type], *, stored: bool) -> Expression:
    inner = hole[1].strip()
    start = hole.start(1) + len(hole[1]) - len(hole[1].lstrip())
    try:
        return Expression(inner, names, stored=stored)
    except ExpressionError as error:
        raise ExpressionError(str(error), start + error.offset) from error


def _text(value: JsonValue) -> str:
    if isinstance(value, list):
        return ", ".join(_text(each) for each in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def slug(text: str) -> str:
    """The text as part of an id, words joined by hyphens: `2026-27 summer 1` becomes `2026-27:summer-1`."""
    # Accents go, letters stay: `Tŷ` becomes `ty`, not `t`.
    plain = normalize("NFKD", text.strip().lower()).encode("ascii", "ignore").decode()
    return _SLUG.sub("-", _YEAR.sub(r"\1\2:", plain)).strip("-")
