"""How closely two judges agree, from (first, second) pairs of judgements.

Pure and exact: counts stay integers until the last division, and nothing here rounds. Rounding belongs to
whoever prints. A figure that cannot be computed is None, never 0 or 1.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import sqrt
from typing import Literal

from engine.errors import InvalidInputError, UnknownNameError
from engine.model import Model

Pair = tuple[str, str]
Weights = Literal["none", "linear", "quadratic"]
Matrix = tuple[tuple[int, ...], ...]


class Interval(Model):
    """A closed range of shares, each between 0 and 1."""

    low: float
    high: float


class Agreement(Model):
    """How many pairs match exactly. `share` is None when there are no pairs."""

    agreed: int
    n: int
    share: float | None
    interval: Interval
    """95 % Wilson interval of `share`; 0 to 1 when there are no pairs."""


class Direction(Model):
    """Which judge was higher. `net` is (over - under) / n, None when there are no pairs."""

    over: int
    """First judge higher than the second."""
    under: int
    """First judge lower than the second."""
    n: int
    net: float | None


def agreement(pairs: Iterable[Pair]) -> Agreement:
    """Count exact matches; the judgements may be any values."""
    matches = [first == second for first, second in pairs]
    agreed, n = sum(matches), len(matches)
    return Agreement(agreed=agreed, n=n, share=agreed / n if n else None, interval=wilson(agreed, n))


def wilson(successes: int, n: int, z: float = 1.959964) -> Interval:
    """Score interval for a proportion (Wilson 1927); `z` defaults to 95 %.

    Unlike the textbook normal interval it stays within 0 to 1 and is honest for small n. With n = 0 nothing
    is known, and the answer is the formula's limit, 0 to 1. Raises InvalidInputError when `successes` is not
    from 0 to n.
    """
    if not 0 <= successes <= n:
        raise InvalidInputError([f"{successes} successes of {n}: expected a number from 0 to {n}"])
    if n == 0:
        return Interval(low=0, high=1)
    centre = successes + z * z / 2
    spread = z * sqrt(successes * (n - successes) / n + z * z / 4)
    return Interval(low=max(0, (centre - spread) / (n + z * z)), high=min(1, (centre + spread) / (n + z * z)))


def kappa(pairs: Iterable[Pair], labels: Sequence[str], weights: Weights = "none") -> float | None:
    """Agreement beyond chance: 1 is complete, 0 what chance alone would give, below 0 worse than chance.

    Cohen 1960, weighted as Cohen 1968: 1 - observed disagreement / disagreement expected from each judge's
    own totals. A step of d labels along `labels` weighs 1, d or d squared. None, that is undefined,
    when there are no pairs or both judges used one and the same label: expected agreement is then 1. Raises
    UnknownNameError for a judgement outside `labels`.
    """
    ranked = _ranks(pairs, labels)
    first, second = Counter(a for a, _ in ranked), Counter(b for _, b in ranked)
    observed = sum(_weight(a, b, weights) for a, b in ranked)
    expected = sum(_weight(a, b, weights) * first[a] * second[b] for a in first for b in second)
    return 1 - len(ranked) * observed / expected if expected else None


def net_direction(pairs: Iterable[Pair], labels: Sequence[str]) -> Direction:
    """Count who judged higher; `labels` runs upwards. Raises UnknownNameError as `kappa` does."""
    ranked = _ranks(pairs, labels)
    over, under, n = sum(a > b for a, b in ranked), sum(a < b for a, b in ranked), len(ranked)
    return Direction(over=over, under=under, n=n, net=(over - under) / n if n else None)


def matrix(pairs: Iterable[Pair], labels: Sequence[str]) -> Matrix:
    """Count pairs: a row per first judgement, a column per second. Raises as `kappa` does."""
    counts = Counter(_ranks(pairs, labels))
    every = range(len(labels))
    return tuple(tuple(counts[row, column] for column in every) for row in every)


def _ranks(pairs: Iterable[Pair], labels: Sequence[str]) -> list[tuple[int, int]]:
    rank = {label: position for position, label in enumerate(labels)}
    try:
        return [(rank[first], rank[second]) for first, second in pairs]
    except KeyError as missing:
        raise UnknownNameError("judgement", missing.args[0], labels) from None


def _weight(a: int, b: int, weights: Weights) -> int:
    match weights:
        case "none":
            return int(a != b)
        case "linear":
            return abs(a - b)
        case "quadratic":
            return (a - b) ** 2
