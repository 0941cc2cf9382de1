"""Invents answers that fit a form, and inputs that fit a definition: any value of the type will do."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from random import Random
from typing import cast

from pydantic import JsonValue

from engine.calendar import Calendar
from engine.definition.model import Definition, TaskStep
from engine.definition.program import Node
from engine.definition.values import Column, FormField, Table
from engine.errors import InvalidInputError
from engine.forms import validate_answer
from engine.people import Directory
from engine.readers import bound, choices
from engine.scope import Scope
from engine.world import World
from engine.year_groups import YEAR_GROUPS

#: How many rows a table gets, at least, where the form asks for no more; as many more are as likely.
ROWS, MORE_ROWS = 3, 3
#: A table that lists each thing once is likely a class or a cohort.
CLASS_ROWS, MORE_CLASS_ROWS = 20, 10
_NUMBERS = 10
_DAYS = 20
#: How often an answer is invented anew until it keeps the rules of its form.
_TRIES = 50


@dataclass(frozen=True, slots=True)
class Inventor:
    """Invents values, from a source of chance that belongs to one answer."""

    definition: Definition
    directory: Directory
    calendar: Calendar
    today: date
    who: str
    """The person who answers; also the answer where a person is asked for."""
    chance: Random
    mark: str
    """Tells the rows of this answer from those of all others."""
    optional: float
    """How likely a question is answered that need not be."""

    def form(self, world: World, node: Node, scope: Scope) -> dict[str, JsonValue]:
        """An answer to every question that must be answered, and to some of the others. Rules are kept if that is easy.

        Raises InvalidInputError when none of many tries keeps them.
        """
        spec = node.spec
        if not isinstance(spec, TaskStep):
            raise TypeError(node.kind)
        for _ in range(_TRIES - 1):
            try:
                kept = validate_answer(world, node, _Invented(self, spec.form), scope)
            except InvalidInputError:
                continue
            return _typed_in(spec.form, kept)
        return _typed_in(spec.form, validate_answer(world, node, _Invented(self, spec.form), scope))

    def answers(self, field: FormField, number: int) -> JsonValue:
        """What is answered to one question that is asked."""
        if not (field.required or self.chance.random() < self.optional):
            return None
        return self._rows(field) if isinstance(field, Table) else self.value(field.type, field, number)

    def _rows(self, table: Table) -> JsonValue:
        least, more = (CLASS_ROWS, MORE_CLASS_ROWS) if table.unique else (ROWS, MORE_ROWS)
        count = max(table.at_least, least) + self.chance.randrange(more)
        plain = {name: column for name, column in table.table.items() if not (column.when or column.value)}
        rows = [
            {name: self.answers(column, number) for name, column in plain.items()}
            for number in range(1, min(count, table.at_most or count) + 1)
        ]
        unique = (table.unique,) if isinstance(table.unique, str) else table.unique or ()
        if unique:
            seen: dict[tuple[str, ...], dict[str, JsonValue]] = {}
            for row in rows:
                seen.setdefault(tuple(str(row.get(column)) for column in unique), row)
            rows = list(seen.values())
        return cast(
            "JsonValue", [_Invented(self, table.table, number, row) for number, row in enumerate(rows, 1)]
        )

    def value(self, kind: str, column: Column | None, number: int = 0) -> JsonValue:
        """A value of a type; `number` makes texts of a table differ."""
        if kind.startswith("list of "):
            return [self.value(kind.removeprefix("list of "), column, number)]
        return _INVENT[kind](self, column, number)

    def words(self, column: Column | None, number: int) -> str:
        """What the question is called; in a table a code that stands nowhere else."""
        return f"{self.mark}-{number}" if number else (column and column.label) or "Words"

    def choice(self, column: Column | None) -> str:
        """One of the choices; codes that stand beside a scale come seldom."""
        of = choices(column, self.definition.scales) if column else ()
        plain = of[: len(of) - len(column.also)] if column else of
        return self.chance.choice(plain or of or ("any",))

    def whole(self, column: Column | None) -> int:
        """A whole number within its bounds."""
        limits = (column.at_least, column.at_most) if column else (None, None)
        least, most = (
            None if each is None or column is None else bound(column.type, each) for each in limits
        )
        low = ceil(least) if isinstance(least, int | float) else 0
        high = int(most) if isinstance(most, int | float) else low + _NUMBERS
        return self.chance.randint(low, max(low, high))

    def day(self, column: Column | None) -> str:
        """A day of the next weeks, within its bounds."""
        found = (self.today + timedelta(days=self.chance.randrange(_DAYS))).isoformat()
        least, most = (column.at_least, column.at_most) if column else (None, None)
        return (
            max(found, str(least or found)) if not most else min(max(found, str(least or found)), str(most))
        )

    def school(self) -> str:
        """The school of the person who answers, or the first."""
        own = self.directory.schools_of(self.who, self.today)
        return own[0] if own else self.directory.schools[0].key

    def half_term(self) -> str:
        """The half term of today, or the one before."""
        begun = [each.name for each in self.calendar.half_terms() if each.first <= self.today]
        return begun[-1] if begun else self.calendar.half_terms()[0].name


class _Invented(Mapping[str, JsonValue]):
    """Answers that are invented when they are asked for, so that nothing is answered that is not asked."""

    def __init__(
        self,
        inventor: Inventor,
        fields: Mapping[str, FormField] | Mapping[str, Column],
        number: int = 0,
        known: Mapping[str, JsonValue] | None = None,
    ) -> None:
        self._inventor = inventor
        self._fields = fields
        self._number = number
        self._known = known or {}

    def __getitem__(self, name: str) -> JsonValue:
        if name in self._known:
            return self._known[name]
        return self._inventor.answers(self._fields[name], self._number)

    def __contains__(self, _: object) -> bool:
        return False

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _typed_in(
    fields: Mapping[str, FormField] | Mapping[str, Column], kept: Mapping[str, JsonValue]
) -> dict[str, JsonValue]:
    """An answer as it would be given: without what is computed or left empty."""
    given: dict[str, JsonValue] = {}
    for name, field in fields.items():
        value = kept[name]
        if isinstance(field, Table) and isinstance(value, list):
            value = [_typed_in(field.table, row) for row in value if isinstance(row, dict)]
        if value is not None and not (isinstance(field, Column) and field.value is not None):
            given[name] = value
    return given


Invent = Callable[[Inventor, Column | None, int], JsonValue]

_INVENT: dict[str, Invent] = {
    "text": lambda self, column, number: self.words(column, number),
    "integer": lambda self, column, _: self.whole(column),
    "number": lambda self, column, _: float(self.whole(column)),
    "money": lambda self, column, _: self.whole(column),
    "yes-no": lambda self, *_: self.chance.random() < 1 / 2,
    "date": lambda self, column, _: self.day(column),
    "choice": lambda self, column, _: self.choice(column),
    "choices": lambda self, column, _: [self.choice(column)],
    "scale": lambda self, column, _: self.choice(column),
    "person": lambda self, *_: self.who,
    "school": lambda self, *_: self.school(),
    "year-group": lambda self, *_: self.chance.choice(tuple(YEAR_GROUPS)),
    "subject": lambda *_: "english",
    "half-term": lambda self, *_: self.half_term(),
    "term": lambda self, *_: self.half_term().rpartition(" ")[0],
    "link": lambda *_: "https://trust.example/evidence",
    "file": lambda *_: "evidence.pdf",
}
