"""The phrases that say when something is due, as a deputy head writes and reads them.

5 school days before session            the last day of half_term
3 working days after dialogue.done      2 school days before the last day of half_term
10 days after start                     on 2027-05-26
3 working days after 31 October         the first day of autumn term
5 school days before the last day of summer 1
session or 3 school days after opened, whichever is later
"""

import re
from datetime import date
from difflib import get_close_matches
from typing import Literal

from engine.dates import MONTHS, say_days
from engine.day_count import Unit
from engine.due_words import DeadlineRuleError, Words
from engine.model import Model

__all__ = ["DeadlineRuleError", "DueRule", "parse_rule"]

_OR = " or "
_LATER = ", whichever is later"
_YEAR = re.compile(r"20\d\d-\d\d")
_SEASONS = frozenset({"autumn", "spring", "summer"})
_PARTS = ("1", "2", "term")
_LEAP_YEAR = 2028
_NAME = re.compile(r"[A-Za-z][\w-]*(\.\w[\w-]*)*")


class DueRule(Model):
    """A phrase, read: so many days before or after a day that is named or given."""

    text: str
    """The phrase as written, with single spaces."""
    count: int = 0
    """Negative for before."""
    unit: Unit = Unit.DAYS
    edge: Literal["first", "last"] | None = None
    """Set when `name` or `period` is a half term, a term or a year, of which this day is meant."""
    name: str | None = None
    day: date | None = None
    """Set when the phrase gives the day itself; then there is no name."""
    period: str | None = None
    """A half term, a term or a year by its own name, with its year or without: `summer 1`, `2026-27 autumn`."""
    yearly: tuple[int, int] | None = None
    """A month and a day of it, of whatever year: `31 October`."""
    following: bool = False
    """Whether the next such period or day is meant, instead of the one in the academic year."""
    alternative: "DueRule | None" = None
    """Another rule; the later day of the two counts."""

    def names(self) -> tuple[str, ...]:
        """What must be known to resolve it: `session`, `half_term`, `dialogue.done`, or nothing."""
        own = (self.name,) if self.name else ()
        return own + (self.alternative.names() if self.alternative else ())

    @property
    def lacks_year(self) -> bool:
        """Whether it can be resolved only on a given day, that its year comes from."""
        year_less = bool(self.yearly) or bool(self.period and not _YEAR.match(self.period))
        return year_less or bool(self.alternative and self.alternative.lacks_year)

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
    words = Words(text)
    counts = words.next[:1].isdigit() and not _month(words.second)
    count, unit = _counted(words) if counts else (0, Unit.DAYS)
    edge = _edge(words)
    meant = _of_edge(words) if edge else _day_or_name(words)
    if words.next:
        words.fail("nothing more")
    rule = DueRule(text=" ".join(text.split()), count=count, unit=unit, edge=edge)
    return rule.model_copy(update=meant)


def _of_edge(words: Words) -> dict[str, object]:
    """What it is the first or the last day of."""
    if words.next == "the":
        words.take()
    following = words.next == "next" and bool(words.second)
    if following:
        words.take()
    year = "" if following or not _YEAR.fullmatch(words.next) else words.take()
    if words.next in _SEASONS and (words.second in _PARTS or year or following):
        season, part = words.take(), words.take(*_PARTS)
        return {"period": f"{year} {season} {part}".removesuffix(" term").strip(), "following": following}
    if following:
        words.fail("a half term such as summer 1", "a term such as autumn term")
    return {"period": year} if year else {"name": _name(words)}


def _day_or_name(words: Words) -> dict[str, object]:
    named = words.next == "on"
    if named:
        words.take()
    following = words.next == "next" and _month(words.third) is not None
    if following:
        words.take()
    if words.next[:1].isdigit() and (month := _month(words.second)):
        return _of_month(words, month, following=following)
    if named or words.next[:1].isdigit():
        return {"day": _day(words)}
    return {"name": _name(words)}


def _of_month(words: Words, month: int, *, following: bool) -> dict[str, object]:
    number = words.next
    year = words.third if not following and re.fullmatch(r"[12]\d\d\d", words.third) else ""
    try:
        day = date(int(year or _LEAP_YEAR), month, int(number) if re.fullmatch(r"\d\d?", number) else 0)
    except ValueError:
        words.fail("a day such as 31 October", words=2)
    for _ in range(3 if year else 2):
        words.take()
    return {"day": day} if year else {"yearly": (month, day.day), "following": following}


def _month(word: str) -> int | None:
    """The number of a month by its name, in full or in three letters."""
    found = [number for number, name in enumerate(MONTHS, 1) if word.casefold() in {name, name[:3]}]
    return found[0] if found else None


def _counted(words: Words) -> tuple[int, Unit]:
    if not re.fullmatch(r"[0-9]{1,3}", words.next):
        words.fail("a whole number of days up to 999", "a name")
    count = int(words.take())
    unit = _unit(words)
    return (-count if words.take("before", "after") == "before" else count), unit


def _unit(words: Words) -> Unit:
    kind = words.next
    if kind in ("day", "days"):
        words.take()
        return Unit.DAYS
    if kind not in ("school", "working"):
        if months := get_close_matches(kind.casefold(), MONTHS, n=1):
            words.fail(months[0].capitalize())
        words.fail(*(repr(str(unit)) for unit in Unit), words=1 if words.second in ("before", "after") else 2)
    words.take()
    words.take("days", "day")
    return Unit(f"{kind} days")


def _edge(words: Words) -> Literal["first", "last"] | None:
    if words.next != "the":
        return None
    words.take()
    edge: Literal["first", "last"] = "first" if words.take("first", "last") == "first" else "last"
    words.take("day")
    words.take("of")
    return edge


def _day(words: Words) -> date:
    try:
        day = date.fromisoformat(words.next)
    except ValueError:
        words.fail("a day written like 2027-05-26")
    words.take()
    return day


def _name(words: Words) -> str:
    if not _NAME.fullmatch(words.next):
        words.fail("a name such as session or dialogue.done", "the last day of", "on a day")
    return words.take()
