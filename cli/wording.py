"""How commands speak of people, schools, days and work."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from definitions.trust import TrustFolder
from engine.calendar import Calendar
from engine.dates import say_day
from engine.definition.values import Given, Rows
from engine.money import pounds
from engine.people import Directory
from reports.names import name, school

_HOUR = 60


@dataclass(frozen=True, slots=True)
class Words:
    """Names instead of ids, and the clock of the trust. A name nobody knows stays what it is."""

    directory: Directory
    calendar: Calendar

    @classmethod
    def of(cls, trust: TrustFolder) -> "Words":
        """The words of a trust as it is now."""
        return cls(trust.directory, trust.calendar)

    def person(self, person: str | None) -> str:
        """`Claire Whitmore`; for `termwise` itself, `termwise`."""
        if person is None:
            return "nobody"
        return name(self.directory, person)

    def people(self, people: Iterable[str]) -> str:
        """`Claire Whitmore or Tariq Mahmood`, or `one of 6 people`."""
        names = [self.person(each) for each in people]
        return " or ".join(names) if len(names) < 3 else f"one of {len(names)} people"  # noqa: PLR2004

    def school(self, key: str | None) -> str:
        """`Brook Lane`; what belongs to no school is the trust's."""
        if not key:
            return "the trust"
        return school(self.directory, key).removesuffix(" School").removesuffix(" Primary")

    def day(self, when: datetime | date | None) -> str:
        """`Wed 26 May 2027`."""
        if when is None:
            return "no date"
        return say_day(self.local(when).date() if isinstance(when, datetime) else when)

    def moment(self, when: datetime) -> str:
        """`Wed 26 May 2027, 17:00`."""
        return f"{self.day(when)}, {self.local(when):%H:%M}"

    def local(self, when: datetime) -> datetime:
        """The same moment on the trust's clocks."""
        return when.astimezone(ZoneInfo(self.calendar.time_zone))

    def value(self, value: JsonValue) -> str:
        """A value of a form as a person reads it: names for ids, days for dates, a count for a table."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, list):
            rows = any(isinstance(each, dict) for each in value)
            return f"{len(value)} rows" if rows else ", ".join(map(self.value, value)) or "none"
        if isinstance(value, dict):
            return ", ".join(f"{name} {self.value(each)}" for name, each in value.items())
        return "not given" if value is None else self._text(str(value))

    def given(self, declared: Given, value: JsonValue) -> str:
        """The same, by what was declared: amounts as £1,234.50, schools by their names."""
        if declared.type == "money" and isinstance(value, int):
            return pounds(value)
        schools = declared.type.endswith("school")
        if schools and value is not None:
            return ", ".join(
                self.school(str(each)) for each in (value if isinstance(value, list) else [value])
            )
        return self.value(value)

    def answer(self, declared: Given | Rows | None, value: JsonValue) -> str:
        """An answer to a question of a form."""
        return self.given(declared, value) if isinstance(declared, Given) else self.value(value)

    def answers(
        self, declared: Mapping[str, Given | Rows], values: Mapping[str, JsonValue]
    ) -> dict[str, str | None]:
        """Values by their names, each as it was declared."""
        return {
            name.replace("_", " "): self.answer(declared.get(name), each) for name, each in values.items()
        }

    def _text(self, text: str) -> str:
        try:
            return (
                say_day(date.fromisoformat(text))
                if text[4:5] == "-" and text[:2].isdigit()
                else self.person(text)
            )
        except ValueError:
            return text


def counted(number: int, what: str) -> str:
    """`1 task`, `3 tasks`."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def effort(minutes: int) -> str:
    """`45 min`, `1 h 30 min`, `12 h`."""
    hours, rest = divmod(minutes, _HOUR)
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "")))


def address(connection: str) -> str:
    """A database address without its password and its options."""
    before, at, after = connection.partition("?")[0].rpartition("@")
    scheme, _, account = before.partition("://")
    return f"{scheme}://{account.partition(':')[0]}@{after}" if at else after
