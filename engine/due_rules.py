"""The phrases that say when something is due, as a deputy head writes and reads them.

5 school days before session            the last day of half_term
3 working days after dialogue.done      2 school days before the last day of half_term
10 days after start                     on 2027-05-26
session or 3 school days after opened, whichever is later
"""

import re
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from typing import Literal, NoReturn

from engine.dates import say_days
from engine.day_count import Unit
from engine.errors import TermwiseError
from engine.model import Model

_OR = " or "
_LATER = ", whichever is later"
_NAME = re.compile(r"[A-Za-z][\w-]*(\.\w[\w-]*)*")


class DeadlineRuleError(TermwiseError):
    """A phrase that cannot be read. Nothing is guessed.

    `offset` is where reading failed, in characters from the start; `expected` says what may stand there.
    """

    def __init__(self, text: str, offset: int, found: str, expected: Iterable[str]) -> None:
        self.text, self.offset, self.found, self.expected = text, offset, found, tuple(expected)
        near = get_close_matches(found, self.expected, n=1)
        hint = f"did you mean {near[0]}?" if near else f"expected {' or '.join(self.expected)}"
        where = f"found {found!r} at character {offset + 1}" if found else "it stops too early"
        super().__init__(f"due rule {text!r}: {where}; {hint}")


class DueRule(Model):
    """A phrase, read: so many days before or after a day that is named or given."""

    text: str
    """The phrase as written, with single spaces."""
    count: int = 0
    """Negative for before."""
    unit: Unit = Unit.DAYS
    edge: Literal["first", "last"] | None = None
    """Set when `name` stands for a half term, of which this day is meant."""
    name: str | None = None
    day: date | None = None
    """Set when the phrase gives the day itself; then there is no name."""
    alternative: "DueRule | None" = None
    """Another rule; the later day of the two counts."""

    def names(self) -> tuple[str, ...]:
        """What must be known to resolve it: `session`, `half_term`, `dialogue.done`, or nothing."""
        own = (self.name,) if self.name else ()
        return own + (self.alternative.names() if self.alternative else ())

    def counting(self, start: str) -> str:
        """The count in words, from a start in words: `5 school days before Wed 26 May 2027`."""
        side = "before" if self.count < 0 else "after"
        return f"{say_days(abs(self.count), self.unit)} {side} {start}" if self.count else start


def parse_rule(text: str) -> DueRule:
    """Read a phrase. Raises `DeadlineRuleError`, which says where reading failed and what may stand there."""
    body = text.rstrip()
    if not body.endswith(_LATER):
        return _parse_one(text)
    first, either, second = body.removesuffix(_LATER).partition(_OR)
    if not either:
        raise DeadlineRuleError(text, len(first), _LATER, ["two rules joined by 'or'"])
    try:
        other = _parse_one(second)
    except DeadlineRuleError as error:
        raise DeadlineRuleError(
            text, len(first + either) + error.offset, error.found, error.expected
        ) from None
    return _parse_one(first).model_copy(update={"text": " ".join(text.split()), "alternative": other})


def _parse_one(text: str) -> DueRule:
    words = _Words(text)
    count, unit = _counted(words) if words.next[:1].isdigit() else (0, Unit.DAYS)
    edge = _edge(words)
    day = None if edge else _day(words)
    name = None if day else _name(words)
    if words.next:
        words.fail("nothing more")
    return DueRule(text=" ".join(text.split()), count=count, unit=unit, edge=edge, name=name, day=day)


class _Words:
    """The words of a phrase, taken one by one, each with its place."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = [(found.start(), found.group()) for found in re.finditer(r"\S+", text)]

    @property
    def next(self) -> str:
        return self._words[0][1] if self._words else ""

    @property
    def second(self) -> str:
        return self._words[1][1] if len(self._words) > 1 else ""

    def take(self, *choices: str) -> str:
        """The next word, which must be one of the choices if there are any."""
        if choices and self.next not in choices:
            self.fail(*map(repr, choices))
        return self._words.pop(0)[1] if self._words else ""

    def fail(self, *expected: str, words: int = 1) -> NoReturn:
        offset = self._words[0][0] if self._words else len(self._text)
        raise DeadlineRuleError(self._text, offset, " ".join(w for _, w in self._words[:words]), expected)


def _counted(words: _Words) -> tuple[int, Unit]:
    if not re.fullmatch(r"[0-9]{1,3}", words.next):
        words.fail("a whole number of days up to 999", "a name")
    count = int(words.take())
    unit = _unit(words)
    return (-count if words.take("before", "after") == "before" else count), unit


def _unit(words: _Words) -> Unit:
    kind = words.next
    if kind in ("day", "days"):
        words.take()
        return Unit.DAYS
    if kind not in ("school", "working"):
        words.fail(*(repr(str(unit)) for unit in Unit), words=1 if words.second in ("before", "after") else 2)
    words.take()
    words.take("days", "day")
    return Unit(f"{kind} days")


def _edge(words: _Words) -> Literal["first", "last"] | None:
    if words.next != "the":
        return None
    words.take()
    edge: Literal["first", "last"] = "first" if words.take("first", "last") == "first" else "last"
    words.take("day")
    words.take("of")
    return edge


def _day(words: _Words) -> date | None:
    if words.next == "on":
        words.take()
    elif not words.next[:1].isdigit():
        return None
    try:
        day = date.fromisoformat(words.next)
    except ValueError:
        words.fail("a day written like 2027-05-26")
    words.take()
    return day


def _name(words: _Words) -> str:
    if not _NAME.fullmatch(words.next):
        words.fail("a name such as session or dialogue.done", "the last day of", "on a day")
    return words.take()
