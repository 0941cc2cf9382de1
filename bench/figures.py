"""A measured figure, and how one is made from many looks: medians, quartiles, never a single run."""

import json
import statistics
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from engine.model import Model

Rate = Callable[[], Awaitable[float]]


class Figure(Model):
    """What was measured: a median, and the quartiles around it."""

    name: str
    value: float
    unit: str
    against: str
    """What it is compared with, or the aim it is held to."""
    runs: int
    low: float
    high: float


def figure(name: str, unit: str, against: str, values: Sequence[float]) -> Figure:
    """The median of the values, with their quartiles; with fewer than four, their extremes."""
    low, high = min(values), max(values)
    if len(values) >= 4:
        low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    middle = statistics.median(values)
    return Figure(
        name=name,
        value=rounded(middle),
        unit=unit,
        against=against,
        runs=len(values),
        low=rounded(low),
        high=rounded(high),
    )


def rounded(value: float) -> float:
    """Four digits: more than any of these measurements knows."""
    return float(f"{value:.4g}")


async def alternate(ours: Rate, theirs: Rate, rounds: int) -> list[tuple[float, float]]:
    """The rates of both, measured in turn, so that whatever else the machine does befalls both.

    Who begins changes with every round. The first look at each is thrown away.
    """
    await ours(), await theirs()
    pairs: list[tuple[float, float]] = []
    for number in range(rounds):
        if number % 2:
            other = await theirs()
            pairs.append((await ours(), other))
        else:
            pairs.append((await ours(), await theirs()))
    return pairs


def ratios(pairs: Sequence[tuple[float, float]]) -> list[float]:
    """Ours over theirs, pair by pair."""
    return [ours / theirs for ours, theirs in pairs]


def write(figures: Sequence[Figure], file: Path) -> None:
    """A list of objects, one figure each."""
    file.write_text(json.dumps([each.model_dump() for each in figures], indent=2) + "\n", encoding="utf-8")


def read(file: Path) -> list[Figure]:
    """What `write` wrote."""
    return [Figure.model_validate(each) for each in json.loads(file.read_text(encoding="utf-8"))]
