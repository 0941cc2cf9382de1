"""Choosing some of a cohort's pupils: boundary cases first, then every band in proportion."""

from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import zip_longest
from typing import NamedTuple

from engine.judgements import Judgement, band_order, by_lottery


class Chosen(NamedTuple):
    """A pupil's judgement and why it is looked at again: `borderline`, `random`, `extension`."""

    judgement: Judgement
    reason: str


def draw_strata(waiting: list[Judgement], size: int, seed: str) -> list[Chosen]:
    """So many of those waiting, each with the reason.

    Half of them at most for being borderline, from the bands in turn, the highest first. The others fill each
    band's part by lottery, from its classes in turn.
    """
    lots = by_lottery(waiting, seed, lambda each: each.pupil)
    borderline = sorted((each for each in lots if each.borderline), key=lambda each: band_order(each.value))
    boundary = _in_turn(borderline, lambda each: each.value)[: size // 2]
    rest = [each for each in lots if each not in boundary]
    quotas = _quotas(Counter(e.value for e in rest), size - len(boundary), {e.value for e in boundary})
    spread = [each for value, n in quotas.items() for each in _of_band(rest, value)[:n]]
    return [Chosen(each, "borderline") for each in boundary] + [Chosen(each, "random") for each in spread]


def _of_band(judgements: list[Judgement], value: str) -> list[Judgement]:
    return _in_turn([each for each in judgements if each.value == value], lambda each: each.class_name)


def _in_turn(judgements: list[Judgement], group: Callable[[Judgement], str]) -> list[Judgement]:
    """One from each group, as the groups come, then the next from each."""
    groups: dict[str, list[Judgement]] = {}
    for each in judgements:
        groups.setdefault(group(each), []).append(each)
    return [each for turn in zip_longest(*groups.values()) for each in turn if each]


def _quotas(counts: Mapping[str, int], seats: int, seen: set[str]) -> dict[str, int]:
    """Seats for each band: in proportion, by largest remainder, and one for each band not seen before."""
    values = sorted(counts, key=band_order)
    exact = {value: Fraction(seats * counts[value], sum(counts.values())) for value in values}
    quotas = {value: int(exact[value]) for value in values}
    by_remainder = sorted(values, key=lambda value: quotas[value] - exact[value])
    for value in by_remainder[: seats - sum(quotas.values())]:
        quotas[value] += 1
    for value in values:
        richest = max(values, key=lambda each: quotas[each])
        if value not in seen and not quotas[value] and quotas[richest] > 1:
            quotas[value], quotas[richest] = 1, quotas[richest] - 1
    return quotas
