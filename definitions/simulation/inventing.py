"""Invents answers that fit a form, and inputs that fit a definition: any value of the type will do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from pydantic import JsonValue

from engine.calendar import Calendar
from engine.definition.model import Definition, TaskStep
from engine.definition.values import Column, FormField, Table
from engine.forms import choices
from engine.people import Directory
from engine.year_groups import YEAR_GROUPS

#: How many rows a table gets, at least, where the form asks for no more; as many more are as likely.
ROWS, MORE_ROWS = 3, 3
#: A table that lists each thing once is likely a class or a cohort.
CLASS_ROWS, MORE_CLASS_ROWS = 20, 10
_NUMBERS = 10
_DAYS = 20


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

    def form(self, spec: TaskStep) -> dict[str, JsonValue]:
        """An answer to every question that must be answered, and to some of the others."""
        return self._answers(spec.form)

    def _answers(self, fields: Mapping[str, FormField], number: int = 0) -> dict[str, JsonValue]:
        return {
            name: self._field(field, number)
            for name, field in fields.items()
            if field.required or self.chance.random() < self.optional
        }

    def _field(self, field: FormField, number: int) -> JsonValue:
        if isinstance(field, Table):
            return self._rows(field)
        return self.value(field.type, field, number)

    def _rows(self, table: Table) -> JsonValue:
        least, more = (CLASS_ROWS, MORE_CLASS_ROWS) if table.unique else (ROWS, MORE_ROWS)
        count = max(table.at_least, least) + self.chance.randrange(more)
        rows = [self._answers(table.table, number) for number in range(1, count + 1)]
        if table.unique:
            seen: dict[JsonValue, dict[str, JsonValue]] = {}
            for row in rows:
                seen.setdefault(str(row.get(table.unique)), row)
            rows = list(seen.values())
        return list(rows)

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
        of = choices(column, self.definition) if column else ()
        plain = of[: len(of) - len(column.also)] if column else of
        return self.chance.choice(plain or of or ("any",))

    def whole(self, column: Column | None) -> int:
        """A whole number within its bounds."""
        low = int(column.at_least) if column and column.at_least is not None else 0
        high = int(column.at_most) if column and column.at_most is not None else low + _NUMBERS
        return self.chance.randint(low, max(low, high))

    def school(self) -> str:
        """The school of the person who answers, or the first."""
        own = self.directory.schools_of(self.who, self.today)
        return own[0] if own else self.directory.schools[0].key

    def half_term(self) -> str:
        """The half term of today, or the one before."""
        begun = [each.name for each in self.calendar.half_terms() if each.first <= self.today]
        return begun[-1] if begun else self.calendar.half_terms()[0].name


Invent = Callable[[Inventor, Column | None, int], JsonValue]

_INVENT: dict[str, Invent] = {
    "text": lambda self, column, number: self.words(column, number),
    "integer": lambda self, column, _: self.whole(column),
    "number": lambda self, column, _: float(self.whole(column)),
    "money": lambda self, column, _: float(self.whole(column)),
    "yes-no": lambda self, *_: self.chance.random() < 1 / 2,
    "date": lambda self, *_: (self.today + timedelta(days=self.chance.randrange(_DAYS))).isoformat(),
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
