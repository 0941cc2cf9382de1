"""How figures read in a sentence: the same in a terminal, on a page and in a note."""

from collections.abc import Mapping
from datetime import date, datetime

from reports.statistics import Interval

_YEARS = {"N": "Nursery", "R": "Reception"}


def percent(share: float | None) -> str:
    """Write 0.826 as `82.6%`."""
    return "none" if share is None else f"{share:.1%}"


def signed(share: float | None) -> str:
    """Write 0.087 as `+8.7%`."""
    return "none" if share is None else f"{share:+.1%}"


def span(interval: Interval) -> str:
    """Write an interval as `62.9% to 93.0%`."""
    return f"{percent(interval.low)} to {percent(interval.high)}"


def coefficient(value: float | None, n: int) -> str:
    """Write a kappa to three places, or say why there is none for these `n` pairs."""
    if value is not None:
        return f"{value:.3f}"
    return "not defined: both raters used one category" if n else "not defined: nothing was sampled"


def count(n: int, one: str, many: str = "") -> str:
    """Write `1 piece`, `4 pieces`."""
    return f"{n} {one if n == 1 else many or one + 's'}"


def tally(counts: Mapping[str, int]) -> str:
    """Write `{"PK3": 2, "A": 1}` as `PK3 2, A 1`."""
    return ", ".join(f"{what} {n}" for what, n in counts.items())


def day(when: date) -> str:
    """Write `3 Jun 2026`."""
    return f"{when.day} {when:%b %Y}"


def moment(when: datetime) -> str:
    """Write `3 Jun 2026, 14:05`, in the zone the value carries."""
    return f"{day(when)}, {when:%H:%M}"


def year(group: str) -> str:
    """Write `Y6` as `Year 6`; a name that is not a year group stands as it is."""
    if group[:1] == "Y" and group[1:].isdigit():
        return f"Year {group[1:]}"
    return _YEARS.get(group, group)
