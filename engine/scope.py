"""The values a step sees: its own member's first, then those around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import JsonValue

from engine import addresses
from engine.calendar import Calendar
from engine.expressions import Expression, ExpressionError
from engine.state import State
from engine.templates import Template


@dataclass(frozen=True, slots=True)
class Scope:
    """The view of a state from one address. Reads only the names that are asked for."""

    state: State
    address: str
    calendar: Calendar

    def value(self, name: str) -> JsonValue:
        """The value of a name; for a for-each, the list of its members' values."""
        return self.state.value(addresses.scope_of(self.address), name)

    def evaluate(self, expression: Expression) -> JsonValue:
        """The result of the expression here. Raises ExpressionError."""
        return expression.evaluate(self._values(expression.names))

    def text(self, expression: Expression) -> str:
        """The result as text. Raises ExpressionError when it is empty or not text."""
        found = self.evaluate(expression)
        if not isinstance(found, str) or not found:
            raise ExpressionError(f"{expression.text!r} gives {found!r}; expected a name")
        return found

    def holds(self, expression: Expression) -> bool:
        """Whether the condition is true here."""
        return self.evaluate(expression) is True

    def render(self, template: Template) -> str:
        """The text with its holes filled in."""
        return template.render(self._values(template.names))

    def anchor(self, name: str, now: datetime) -> date | str:
        """What a deadline phrase means by a name: a date, or the name of a half term."""
        if name == "opened":
            return self.calendar.local_date(now)
        if name == "start":
            return self.calendar.local_date(self.state.started.at)
        root, _, rest = name.partition(".")
        found = self.value(root)
        for part in rest.split(".") if rest else ():
            found = found.get(part) if isinstance(found, dict) else None
        if not isinstance(found, str) or not found:
            raise ExpressionError(f"the deadline counts from {name!r}, which has no date yet")
        return found

    def _values(self, names: frozenset[str]) -> Mapping[str, JsonValue]:
        return {name: self.value(name) for name in names}
