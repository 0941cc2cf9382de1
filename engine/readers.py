"""What people give becomes the value that its declaration says, within its bounds; or a sentence says what is wrong.

The same for inputs, for questions and for the columns of tables. What was read reads as itself.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pydantic import JsonValue

from engine.definition.values import Bound, Given
from engine.errors import InvalidInputError, UnknownNameError
from engine.expressions import Expression
from engine.money import pounds
from engine.plain_values import PLAIN, choice, day, money, number, quoted, text, wrong
from engine.subjects import subject
from engine.value_types import TEXT
from engine.world import World

LIST_OF = "list of "
#: Lists in which the same value may stand twice.
_MAY_REPEAT = frozenset({"integer", "date"})


@dataclass(frozen=True, slots=True)
class Reader:
    """How one value is read. Both steps raise InvalidInputError, or another TermwiseError for a stranger."""

    kind: Callable[[JsonValue], JsonValue]
    """The value as its type."""
    limits: Callable[[JsonValue], None]
    """Refuses what lies outside the bounds."""

    def __call__(self, value: JsonValue) -> JsonValue:
        """The value as it will be kept."""
        found = self.kind(value)
        self.limits(found)
        return found


def reader(spec: Given, world: World, on: date | None = None) -> Reader:
    """How a value so declared is read in this trust. `all` schools are those in it on that day, if one is given."""
    scales = world.program.definition.scales
    return Reader(_kind(spec.type, choices(spec, scales), world, on), limits(spec))


def choices(spec: Given, scales: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The values that a choice or a scale allows, in order; none for other types."""
    of = scales[spec.of] if isinstance(spec.of, str) else spec.of
    return (*of, *spec.also)


def _kind(
    kind: str, allowed: tuple[str, ...], world: World, on: date | None = None
) -> Callable[[JsonValue], JsonValue]:
    if kind in {"choice", "scale"}:
        return lambda value: choice(value, allowed)
    if kind == "choices":
        return lambda value: _list("choice", value, lambda each: choice(each, allowed))
    if kind.startswith(LIST_OF):
        member = kind.removeprefix(LIST_OF)
        return lambda value: _list(member, _every(member, value, world, on), _kind(member, (), world))
    if kind in PLAIN:
        return PLAIN[kind]
    known = _KNOWN[kind]
    return lambda value: known(world, text(value))


def _every(member: str, value: JsonValue, world: World, on: date | None) -> JsonValue:
    if (member, value) != ("school", "all"):
        return value
    return [*world.directory.members(on)] if on else [school.key for school in world.directory.schools]


def _list(member: str, value: JsonValue, read: Callable[[JsonValue], JsonValue]) -> list[JsonValue]:
    parts = [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise wrong(f"expected a list of {member}, found {quoted(value)}; write values joined by commas")
    found = [read(part) for part in parts]
    twice = [each for each, times in Counter(map(str, found)).items() if times > 1]
    if twice and member not in _MAY_REPEAT:
        raise wrong(f"{twice[0]!r} stands twice")
    return found


# ---- names that the trust gives meaning to


def _school(world: World, name: str) -> str:
    named = [each.key for each in world.directory.schools if each.name.casefold() == name.casefold()]
    return named[0] if len(named) == 1 else world.directory.school(name).key


def _person(world: World, name: str) -> str:
    return (world.directory.person(name) if name.startswith("p-") else world.directory.by_name_or_id(name)).id


def _subject(world: World, name: str) -> str:
    return subject(
        name, (post.subject for person in world.directory.people for post in person.posts if post.subject)
    )


def _term(world: World, name: str) -> str:
    if name not in world.calendar.terms:
        raise UnknownNameError("term", name, world.calendar.terms)
    return name


_KNOWN: dict[str, Callable[[World, str], str]] = {
    "person": _person,
    "school": _school,
    "subject": _subject,
    "term": _term,
    "half-term": lambda world, name: world.calendar.half_term(name).name,
}


# ---- bounds


def limits(spec: Given) -> Callable[[JsonValue], None]:
    """Refuses values outside the bounds. Raises InvalidInputError when a bound cannot be read."""
    least, most = (None if each is None else bound(spec.type, each) for each in (spec.at_least, spec.at_most))
    if spec.type.startswith(LIST_OF) and least is None:
        least = 1
    if spec.type in {"integer", "number", "money", "date"}:
        return lambda value: _between(spec.type, value, least, most)
    fits = fitting(spec.pattern) if spec.pattern else None

    def check(value: JsonValue) -> None:
        if isinstance(value, str | list):
            _sized(value, least, most)
        if fits and fits.evaluate({"value": value}) is not True:
            raise wrong(
                f"{quoted(value)} does not fit; write {spec.pattern_words or f'what fits {spec.pattern}'}"
            )

    return check if fits or least is not None or most is not None else _unbounded


def _unbounded(_: JsonValue) -> None:
    """Any value will do."""


@lru_cache(maxsize=1024)
def fitting(pattern: str) -> Expression:
    """Whether the whole of `value` fits an RE2 pattern, in time that grows with its length only.

    Raises ExpressionError.
    """
    return Expression(f"value.matches({json.dumps(f'^(?:{pattern})$', ensure_ascii=False)})", {"value": TEXT})


def bound(kind: str, given: Bound) -> float | int | str:
    """A bound as values of the type compare with it. Raises InvalidInputError."""
    if kind == "date":
        return day(given)
    if kind == "money":
        return money(given if isinstance(given, str) else f"{given:.2f}" if given % 1 else f"{given:.0f}")
    return number(given)


def _between(kind: str, value: JsonValue, least: float | str | None, most: float | str | None) -> None:
    if _less(value, least):
        raise _outside(kind, value, "on or after" if kind == "date" else "at least", least)
    if _less(most, value):
        raise _outside(kind, value, "on or before" if kind == "date" else "at most", most)


def _outside(kind: str, value: JsonValue, side: str, limit: JsonValue) -> InvalidInputError:
    return wrong(f"{_shown(kind, value)} is out of range; it must be {side} {_shown(kind, limit)}")


def _less(one: JsonValue, other: JsonValue) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one < other
    return isinstance(one, int | float) and isinstance(other, int | float) and one < other


def _shown(kind: str, value: JsonValue) -> str:
    if kind == "money" and isinstance(value, int):
        return pounds(value)
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _sized(value: str | list[JsonValue], least: JsonValue, most: JsonValue) -> None:
    size = len(value)
    unit = "character" if isinstance(value, str) else "value"
    has = f"has {size:,} {unit}{'' if size == 1 else 's'}" if size else f"has no {unit}s"
    if isinstance(least, float | int) and size < least:
        raise wrong(f"{has}; at least {least:,.0f} must be given")
    if isinstance(most, float | int) and size > most:
        raise wrong(f"{has}; at most {most:,.0f} are allowed")


def is_list(kind: str) -> bool:
    """Whether values of this type are lists."""
    return kind == "choices" or kind.startswith(LIST_OF)
