"""Values that can be read without knowing the trust: each as its type, or a sentence that says what to write."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from difflib import get_close_matches

from pydantic import JsonValue

from engine.errors import InvalidInputError
from engine.money import pence
from engine.year_groups import YEAR_GROUPS

MAX_TEXT = 5_000
_MAX_LINE = 2_000
_SHOWN = 60
_FEW = 8
#: Numbers that expressions can hold; neither infinity nor 1_000.
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_LARGE = re.compile(r"[-+]?[0-9]{19,}")
_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,18}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,2})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LINK = re.compile(r"https?://\S+")
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}
#: What other programs send for yes and no.
_YES_NO |= {"y": True, "on": True, "1": True, "n": False, "off": False, "0": False}


def wrong(sentence: str) -> InvalidInputError:
    """One thing wrong with one value."""
    return InvalidInputError([sentence])


def quoted(value: JsonValue) -> str:
    """What was found, as a sentence can hold it."""
    if isinstance(value, dict):
        return "a row"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if isinstance(value, str):
        return repr(value if len(value) <= _SHOWN else f"{value[:_SHOWN]}...")
    return "nothing" if value is None else str(value).lower()


def _counts(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def as_written(value: JsonValue) -> JsonValue:
    """A number as a person writes it in a file or a form: text, so that 12 is twelve pounds and not twelve pence."""
    return str(value) if _counts(value) else value


def text(value: JsonValue) -> str:
    """Text with something in it."""
    if not isinstance(value, str):
        raise wrong(f"must be text, and {quoted(value)} is not")
    if not value.strip():
        raise wrong("is empty; it must be answered")
    if len(value) > MAX_TEXT:
        raise wrong(f"has {len(value):,} characters; at most {MAX_TEXT:,} are allowed")
    return value.strip()


def whole(value: JsonValue) -> int:
    """A whole number that expressions can hold."""
    if isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63:
        return value
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(value)
    if _LARGE.fullmatch(str(value)):
        raise wrong(f"{quoted(value)} is too large; a whole number has at most 18 digits")
    raise wrong(f"{quoted(value)} is not a whole number; write one such as 12")


def number(value: JsonValue) -> float:
    """A number, always with a fraction."""
    if _counts(value) and _NUMBER.fullmatch(str(value)):
        return float(str(value))
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return float(value)
    raise wrong(f"{quoted(value)} is not a number; write one such as 12.5")


def money(value: JsonValue) -> int:
    """An amount in pence. A text is pounds; a whole number is pence already."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**14:
        return value
    found = pence(value) if isinstance(value, str) else None
    if found is None:
        raise wrong(f"{quoted(value)} is not an amount of money; write pounds and pence such as £1,234.50")
    return found


def yes_no(value: JsonValue) -> bool:
    """Yes or no."""
    found = value if isinstance(value, bool) else _YES_NO.get(str(value).strip().lower())
    if found is None:
        raise wrong(f"{quoted(value)} is neither yes nor no; write yes or no")
    return found


def day(value: JsonValue) -> str:
    """A day, only as a calendar writes it: ISO 8601 also knows 20270331 and 2027-W13-3."""
    if not isinstance(value, str) or not _DAY.fullmatch(value.strip()):
        raise wrong(f"{quoted(value)} is not a date; write one such as 2027-03-31")
    try:
        return date.fromisoformat(value.strip()).isoformat()
    except ValueError:
        raise wrong(f"{quoted(value)} is no day of any year; write one such as 2027-03-31") from None


def link(value: JsonValue) -> str:
    """An address on the web."""
    if not isinstance(value, str) or not _LINK.fullmatch(value.strip()):
        raise wrong(f"{quoted(value)} is not a link; it must begin with https://")
    return _line(value)


def file(value: JsonValue) -> str:
    """Where a file is kept: a link, or its number in a store of documents. Never what is in it."""
    if not isinstance(value, str) or not value.strip():
        raise wrong(f"{quoted(value)} does not say where a file is; give its link or its document number")
    if "\n" in value.strip() or value.strip().startswith("data:"):
        raise wrong(
            "holds a file; keep the file where files are kept, and give its link or its document number"
        )
    return _line(value)


def _line(value: str) -> str:
    if len(value) > _MAX_LINE:
        raise wrong(f"has {len(value):,} characters; at most {_MAX_LINE:,} are allowed")
    return value.strip()


def year_group(value: JsonValue) -> str:
    """`Y2`, which people may also write as `Year 2`."""
    meant = {word.casefold(): key for key, name in YEAR_GROUPS.items() for word in (key, name)}
    found = meant.get(value.strip().casefold()) if isinstance(value, str) else None
    if found is None:
        raise wrong(f"{quoted(value)} is not a year group; write one of {', '.join(YEAR_GROUPS)}")
    return found


def choice(value: JsonValue, allowed: tuple[str, ...]) -> str:
    """One of these."""
    if isinstance(value, str) and value in allowed:
        return value
    near = nearest(value, allowed) if isinstance(value, str) else None
    hint = f"did you mean {near!r}?" if near else f"choose {listed(allowed)}"
    raise wrong(f"{quoted(value)} is not a choice here; {hint}")


def nearest(found: str, allowed: Iterable[str]) -> str | None:
    """What was probably meant."""
    plain = {each.casefold(): each for each in allowed}
    near = get_close_matches(found.strip().casefold(), plain, n=1)
    return plain[near[0]] if near else None


def listed(allowed: tuple[str, ...]) -> str:
    """`red, green or blue`; of many, the first."""
    shown = [repr(each) for each in allowed[:_FEW]]
    if len(allowed) > _FEW:
        return f"{', '.join(shown)} or one of {len(allowed) - _FEW} more"
    return f"{', '.join(shown[:-1])} or {shown[-1]}" if len(shown) > 1 else "".join(shown)


PLAIN: dict[str, Callable[[JsonValue], JsonValue]] = {
    "text": text,
    "integer": whole,
    "number": number,
    "money": money,
    "yes-no": yes_no,
    "date": day,
    "link": link,
    "file": file,
    "year-group": year_group,
}
"""How each of these types is read."""
