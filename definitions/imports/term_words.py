"""What the title of an event means for term dates, in the wordings that councils and schools use.

Nothing is guessed: what says two things, or none of these, has no meaning here and is listed for the reader.
"""

import re
from datetime import date
from typing import Literal, NamedTuple

#: The half terms of a year in order, as many places number them: "Term 1" to "Term 6".
HALF_TERMS = ("autumn 1", "autumn 2", "spring 1", "spring 2", "summer 1", "summer 2")
#: Between which half terms each of the holidays lies.
HOLIDAYS = {"christmas": 1, "easter": 3, "summer": 5}
BREAKS = {"autumn": 0, "spring": 2, "summer": 4}
_MONTHS = {10: "autumn", 11: "autumn", 2: "spring", 5: "summer", 6: "summer"}
#: What exported files say beside the title, so that they are read as they were meant.
CATEGORIES = {"BANK HOLIDAY": "bank holiday", "INSET": "inset", "CLOSURE": "closure", "HALF TERM": "term"}

_BANK = re.compile(
    r"\bbank holiday\b|^(good friday|easter monday|christmas day|boxing day|may day|new year s day|new years day)$"
)
_INSET = re.compile(
    r"\binset\b|\b(staff|teacher|teachers|teacher s|staff and governor) (training|development) days?\b|^training days?$"
    r"|\bprofessional development days?\b|\bpd days?\b|\bnon ?(pupil|contact) days?\b|\bstaff only days?\b"
)
_TWILIGHT = re.compile(r"\b(twilight|disaggregated|disaggregation)\b")
#: What happens around these dates, and is none of them.
_OTHER = re.compile(
    r"\b(clubs?|camps?|fairs?|fayres?|concerts?|party|parties|disco|play|plays|performances?|trips?|assembly|"
    r"meetings?|evenings?|dinners?|lunch|jumpers?|raffle|reports?|bookings?|homework|egg|service|reading)\b"
)
#: A break of fewer days is none; the day may be its first or its last.
_SHORTEST_GAP = 3
_STARTS = re.compile(
    r"\b(starts?|begins?|commences?|first day|opens|opening day|pupils return|children return|start of|beginning of)\b"
)
_ENDS = re.compile(r"\b(ends?|finish(es)?|last day|end of|breaks? up|closes)\b")
_CLOSES_FOR = re.compile(r"\b(breaks? up|closes|finish(es)?) (for|at)\b|\blast day before\b")
_OPENS_AFTER = re.compile(
    r"\b(reopens?|re opens?|opens|returns?|back to school|starts|first day|pupils return)\b.*\bafter\b"
)
_HALF_TERM = re.compile(r"\bhalf ?term\b|\b(october|february|may|whitsun) (break|holidays?)\b")
_HOLIDAY = re.compile(r"\b(christmas|easter|summer)\b")
_HOLIDAY_WORD = re.compile(r"\b(holidays?|break|vacation)\b")
_SEASON = re.compile(r"\b(autumn|spring|summer)\b")
_NUMBER = re.compile(r"\b(?:term|half|autumn|spring|summer) ?([12])\b|\b(first|1st|second|2nd) half\b")
_OF_SIX = re.compile(r"\bterm ([1-6])\b")
_CLOSED = re.compile(r"\bschools?(?: is| are| will be)? (?:closed|shut)\b|\b(?:school )?closure\b")


class Meaning(NamedTuple):
    """What an event says: a kind, and for term dates between or at which half terms."""

    kind: Literal[
        "bank holiday", "inset", "closure", "first", "last", "span", "gap", "gap begins", "gap ends"
    ]
    before: int | None = None
    """The half term that begins, ends or lasts then; or the one before a gap. Counts from 0."""
    after: int | None = None
    """Of a gap the half term after it, or of a whole term its last."""
    text: str = ""


def meaning(title: str, first: date, last: date, categories: frozenset[str]) -> Meaning | None:
    """What the event means; none when it cannot be understood, or says two things at once."""
    said = next((CATEGORIES[each] for each in sorted(categories) if each in CATEGORIES), None)
    words = _plain(title)
    if said == "bank holiday" or (said is None and _BANK.search(words)):
        return Meaning("bank holiday", text=title)
    if said == "inset":
        return Meaning("inset")
    if said == "closure":
        return Meaning("closure", text=_why(title))
    if _TWILIGHT.search(words) or _OTHER.search(words):
        return None
    if _INSET.search(words):
        two = _SEASON.search(words) or _OF_SIX.search(words) or _ENDS.search(words)
        return None if two and (_STARTS.search(words) or _ENDS.search(words)) else Meaning("inset")
    return _gap(words, first, last) or _term(words, first, last) or _closure(title, words)


def _plain(title: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", title.casefold()).split())


def _gap(words: str, first: date, last: date) -> Meaning | None:  # noqa: PLR0911 - one for each wording
    """A half-term break or the holidays between terms: as a span, or by one of its ends."""
    place = _between(words, first)
    if place is None:
        return None
    if _OPENS_AFTER.search(words):
        return Meaning("first", (place + 1) % len(HALF_TERMS))
    if _CLOSES_FOR.search(words):
        return Meaning("last", place)
    if not (_HALF_TERM.search(words) or _HOLIDAY_WORD.search(words)):
        return None
    if _STARTS.search(words):
        return Meaning("gap begins", place)
    if _ENDS.search(words):
        return Meaning("gap ends", place)
    if (last - first).days < _SHORTEST_GAP:
        return None
    return Meaning("gap", place, (place + 1) % len(HALF_TERMS))


def _between(words: str, first: date) -> int | None:
    """After which half term the break comes that these words name."""
    if _HALF_TERM.search(words):
        if _NUMBER.search(words):
            return None  # "Autumn half term 1" is the time between the breaks.
        season = _SEASON.search(words)
        found = season[1] if season else _MONTHS.get(first.month)
        return BREAKS[found] if found else None
    holiday = _HOLIDAY.search(words)
    if holiday is None or "term" in words.split():
        return None
    return HOLIDAYS[holiday[1]]


def _term(words: str, first: date, last: date) -> Meaning | None:
    halves = _halves(words)
    if halves is None:
        return None
    starts, ends = _STARTS.search(words), _ENDS.search(words)
    if starts and ends:
        return None
    if starts:
        return Meaning("first", halves[0])
    if ends:
        return Meaning("last", halves[1])
    # A single day with nothing but a name may be the first or the last.
    return Meaning("span", *halves) if last > first else None


def _halves(words: str) -> tuple[int, int] | None:
    """The first and the last half term of what is named: a half term, or a whole term."""
    season, number, six = _SEASON.search(words), _NUMBER.search(words), _OF_SIX.search(words)
    # "Spring term 2" is its second half, but "Summer term 6" the sixth of the year.
    if season and not (six and int(six[1]) > 2):  # noqa: PLR2004 - halves
        place = BREAKS[season[1]]
        if number:
            second = (number[1] or number[2]) in {"2", "second", "2nd"}
            return place + second, place + second
        return (place, place + 1) if "term" in words.split() else None
    return (int(six[1]) - 1, int(six[1]) - 1) if six else None


def _closure(title: str, words: str) -> Meaning | None:
    return Meaning("closure", text=_why(title)) if _CLOSED.search(words) else None


def _why(title: str) -> str:
    """The reason in the title of a closure: `School closed: snow`."""
    rest = re.sub(
        r"(?i)^.*?\b(closed|closure|shut)\b( to pupils)?\W*((due to|because of|for)\b)?\W*", "", title
    ).strip(" )")
    return rest or "Closed"
