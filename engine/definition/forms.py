"""Checks what people give, inputs and questions alike, when the definition is loaded, and compiles what it computes."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, replace

from engine.definition.model import TaskStep
from engine.definition.names import RESERVED, RESULT_NAMES, Names, of_field, of_given
from engine.definition.problems import Path
from engine.definition.texts import Texts
from engine.definition.values import Check, Column, FormField, Given, Rows, Table
from engine.errors import TermwiseError
from engine.expressions import Expression, ExpressionError
from engine.readers import bound, fitting, is_list
from engine.value_types import ANY, Type, certain

_CHOSEN = frozenset({"choice", "choices", "scale"})
_FITTING = frozenset({"text", "link", "file"})
_COUNTED = frozenset({"integer", "number", "money", "date", "text"})
_SAME_BOUNDS = "no answer can be both at least and at most what stands here"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a form we are."""

    part: str
    """How its expressions are called."""
    path: Path
    names: Names
    """What may be read here."""
    later: Names
    """What may be read further down."""

    def inside(self, key: str, *path: str | int) -> "_Place":
        """A part of this place."""
        return replace(self, part=f"{self.part}.{key}", path=(*self.path, *path))


class Forms:
    """Puts what it compiled where it is told, and adds a problem for what could never be answered as it is meant."""

    def __init__(
        self, texts: Texts, scales: Mapping[str, object], into: MutableMapping[str, Expression]
    ) -> None:
        self._texts = texts
        self._problems = texts.problems
        self._scales = scales
        self._into = into

    def task(self, step: TaskStep, names: Names, path: Path) -> None:
        """Check a task's questions and its rules."""
        for name in step.form:
            if name in RESULT_NAMES:
                taken = f"{name!r} is kept for the answer itself; choose another name"
                self._problems.add_name((*path, "form", name), taken)
        known = self._fields(step.form, _Place("form", (*path, "form"), names, {}))
        self._rules(step.rules, step.form, _Place("form", path, known, {}))

    def given(self, name: str, given: Given | Rows, names: Names) -> None:
        """Check one input; a table's columns may read the inputs before it."""
        if isinstance(given, Rows):
            self._table(given, _Place(f"inputs.{name}", ("inputs", name), names, {}))
        else:
            self._value(given, ("inputs", name))

    def value(self, given: Given, path: Path) -> None:
        """Check a value that stands alone, such as one that is said with an event."""
        self._value(given, path)

    def _fields(self, fields: Mapping[str, FormField] | Mapping[str, Column], here: _Place) -> Names:
        """Check questions in their order; the names known after the last."""
        known, later = dict(here.names), dict.fromkeys(fields.keys() - RESERVED, ANY)
        for name, field in fields.items():
            at = replace(here, names=dict(known), later=later).inside(name, name)
            if field.when is not None:
                self._condition(field.when, at.inside("when", "when"))
            if isinstance(field, Table):
                self._table(field, at)
            else:
                self._value(field, at.path)
                self._computed(field, at.inside("value", "value"))
            if name not in RESERVED:  # Such a question can be answered, and not be read here.
                known[name] = _read_as(field)
            later = {each: kind for each, kind in later.items() if each != name}
        return known

    def _table(self, table: Rows, here: _Place) -> None:
        known = self._fields(table.table, replace(here, path=(*here.path, "table")))
        self._rules(table.rules, table.table, replace(here, names=known, later={}))
        unique = (table.unique,) if isinstance(table.unique, str) else table.unique or ()
        for name in unique:
            if name not in table.table:
                self._problems.unknown((*here.path, "unique"), "column", name, table.table)
        if table.at_most is not None and table.at_most < table.at_least:
            self._problems.add(here.path, _SAME_BOUNDS)

    # ---- expressions

    def _rules(
        self, rules: tuple[Check, ...], fields: Mapping[str, FormField] | Mapping[str, Column], here: _Place
    ) -> None:
        for number, rule in enumerate(rules):
            at = here.inside(f"rules.{number}", "rules", number)
            self._condition(rule.check, replace(at, path=(*at.path, "check")))
            if rule.at is not None and rule.at not in fields:
                self._problems.unknown((*at.path, "at"), "question", rule.at, fields)

    def _condition(self, text: str, here: _Place) -> None:
        found = self._expression(text, here)
        if found and found.type.kind not in {"yes-no", "any"}:
            self._problems.add(
                here.path, f"expected a condition that is true or false, but {text!r} gives {found.type}"
            )

    def _computed(self, column: Column, here: _Place) -> None:
        found = self._expression(column.value, here) if column.value is not None else None
        kind = of_given(column).kind
        allowed = {kind, "any"} | ({"integer"} if kind == "number" else set())
        if found and found.type.kind not in allowed:
            self._problems.add(here.path, f"expected {column.type}, but {column.value!r} gives {found.type}")

    def _expression(self, text: str, here: _Place) -> Expression | None:
        try:
            found = self._into[here.part] = self._texts.compiled(text, here.names, here.path)
        except ExpressionError as error:
            self._problems.add(here.path, _asked_later(text, here) or str(error), error.offset)
            return None
        return found

    # ---- values

    def _value(self, given: Given, path: Path) -> None:
        self._chosen(given, path)
        self._bounds(given, path)
        if given.pattern is not None and given.type not in _FITTING:
            self._problems.add(path, f"only a text has a `pattern`, and this is {given.type}")
        elif given.pattern is not None:
            self._texts.spend(1, len(given.pattern), path)
            try:
                fitting(given.pattern).evaluate({"value": ""})
            except ExpressionError as error:
                self._problems.add(
                    (*path, "pattern"), f"this is no regular expression as RE2 has them: {error}"
                )
        elif given.pattern_words is not None:
            self._problems.add((*path, "pattern_words"), "these are the words for a `pattern`: add one")

    def _chosen(self, given: Given, path: Path) -> None:
        if given.type in {"choice", "choices"} and (not given.of or isinstance(given.of, str)):
            self._problems.add(path, "a choice needs its choices: add `of: [...]`")
        if given.type == "scale" and not (isinstance(given.of, str) and given.of in self._scales):
            self._problems.unknown((*path, "of"), "scale", str(given.of or ""), self._scales)
        if given.type not in _CHOSEN and (given.of or given.also):
            self._problems.add(
                path, f"only a choice or a scale has `of` and `also`, and this is {given.type}"
            )

    def _bounds(self, given: Given, path: Path) -> None:
        stated = {"at_least": given.at_least, "at_most": given.at_most}
        named = {name: each for name, each in stated.items() if each is not None}
        if named and given.type not in _COUNTED and not is_list(given.type):
            countable = "numbers, money, dates, texts and lists"
            self._problems.add(
                path, f"only {countable} have `at_least` and `at_most`, and this is {given.type}"
            )
            return
        found = []
        for name, each in named.items():
            try:
                found.append(bound(given.type, each))
            except TermwiseError as error:
                self._problems.add((*path, name), str(error))
        if found != sorted(found):
            self._problems.add(path, _SAME_BOUNDS)


def _read_as(field: FormField) -> Type:
    """The type under which later questions read it; what is a list is empty where it was not answered."""
    found = of_field(field)
    return certain(found) if found.kind == "list" else found


def _asked_later(text: str, here: _Place) -> str | None:
    """That it would be right further down, if so."""
    try:
        reads = Expression(text, {**here.names, **here.later}).names & here.later.keys() - here.names.keys()
    except ExpressionError:
        return None
    return f"{text!r} reads {', '.join(sorted(reads))}, which comes only later; move it up" if reads else None
