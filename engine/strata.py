"""Choosing some of a cohort's pupils: boundary cases first, then every band in proportion."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from itertools import zip_longest
from typing import NamedTuple

from engine.judgements import Judgement, band_order, by_lottery


class Chosen(NamedTuple):
    """A pupil's judgement and why it is looked at again: `borderline`, `random`, `extension`."""

    judgement: Judgement
    reason: str


def draw_strata(waiting: list[Judgement], size: int, seed: str) -> list[Chosen]:
    """So many of those waiting, each with the reason: half at most for being borderline, the rest by lot."""
    lots = by_lottery(waiting, seed, lambda each: each.pupil)
    boundary = _in_turn([each for each in lots if each.borderline])[: size // 2]
    rest = [each for each in lots if each not in boundary]
    quotas = _quotas(Counter(e.value for e in rest), size - len(boundary), {e.value for e in boundary})
    spread = [each for value, n in quotas.items() for each in [e for e in rest if e.value == value][:n]]
    return [Chosen(each, "borderline") for each in boundary] + [Chosen(each, "random") for each in spread]


def _in_turn(judgements: list[Judgement]) -> list[Judgement]:
    """One from each band, from the top, then the next from each."""
    values = sorted({each.value for each in judgements}, key=band_order)
    bands = [[each for each in judgements if each.value == value] for value in values]
    return [each for turn in zip_longest(*bands) for each in turn if each]


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
