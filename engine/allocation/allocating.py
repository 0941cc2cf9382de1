"""Give each place somebody: the rules are kept, and the preferences as far as they can be."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from engine.allocation.assigning import FORBIDDEN, cheapest
from engine.allocation.flowing import flow
from engine.allocation.impossible import first_rule, refuse_impossible
from engine.allocation.model import Allocation, Pairing, Question

#: What the preferences weigh more than the lottery that decides between equals.
_ABOVE_LOTS = 1_000_000
_LOTS = 1_000
#: How often pairs that judge each other are looked for again.
_TRIES = 50


def allocate(question: Question) -> Allocation:
    """The best allocation; of equally good ones the seed decides, the same on every machine.

    Raises NoAllocationError, which says exactly why, when the rules leave no way.
    """
    reasons = {
        (place.key, helper.key): first_rule(question, place, helper)
        for place in question.places
        for helper in question.helpers
    }
    allowed = {
        place.key: [helper.key for helper in question.helpers if reasons[place.key, helper.key] is None]
        for place in question.places
    }
    refuse_impossible(question, allowed)
    prices = _prices(question, allowed)
    chosen = _solved(question, prices)
    if question.not_both:
        chosen = _apart(question, prices, chosen)
    pairings = tuple(
        Pairing(place, helper, _why(question, place, helper, reasons, chosen)) for place, helper in chosen
    )
    return Allocation(pairings, _cost(question, prices, chosen) // _ABOVE_LOTS)


Pair = tuple[str, str]
Prices = Mapping[Pair, int]


def _prices(question: Question, allowed: Mapping[str, Sequence[str]]) -> dict[Pair, int]:
    """What each pair that the rules allow costs: its preferences, and a lot."""
    found = {}
    for place, helpers in allowed.items():
        for helper in helpers:
            preferred = sum(each.weight * each.cost(place, helper) for each in question.preferences)
            lot = int(sha256(f"{question.seed}|{place}|{helper}".encode()).hexdigest()[:8], 16) % _LOTS
            found[place, helper] = preferred * _ABOVE_LOTS + lot
    return found


def _solved(question: Question, prices: Prices) -> list[Pair]:
    further = question.even * _ABOVE_LOTS
    if any(place.needs != 1 for place in question.places):
        needs = {place.key: place.needs for place in question.places}
        return flow(needs, {helper.key: helper.capacity for helper in question.helpers}, prices, further)
    rows = [place.key for place in question.places]
    columns = [(helper, nth) for helper in question.helpers for nth in range(min(helper.capacity, len(rows)))]
    costs = [[_price(prices, place, helper.key) + further * nth for helper, nth in columns] for place in rows]
    return [(place, columns[column][0].key) for place, column in zip(rows, cheapest(costs), strict=True)]


def _price(prices: Prices, place: str, helper: str) -> int:
    return prices.get((place, helper), FORBIDDEN)


def _apart(question: Question, prices: Prices, chosen: list[Pair]) -> list[Pair]:
    """The same with fewer who are given to each other, as long as an exchange makes it better for all together."""
    for _ in range(_TRIES):
        before = list(chosen)
        for one in range(len(chosen)):
            held = set(chosen)
            if tuple(reversed(chosen[one])) in held:
                chosen = _better(question, prices, chosen, one, held)
        if chosen == before:
            break
    return chosen


def _better(question: Question, prices: Prices, chosen: list[Pair], one: int, held: set[Pair]) -> list[Pair]:
    """The best exchange that the place at this position takes part in; nothing changes where none is better."""
    best, least = chosen, 0
    for way, moved in _exchanges(chosen, one, prices):
        gone, come = {chosen[n] for n in moved}, {way[n] for n in moved}
        after = (held - gone) | come
        change = sum(prices[pair] for pair in come) - sum(prices[pair] for pair in gone)
        change += (_mutual(come, after) - _mutual(gone, held)) * question.not_both * _ABOVE_LOTS
        if change < least:
            best, least = way, change
    return best


def _mutual(pairs: set[Pair], held: set[Pair]) -> int:
    """How many of the exchanges both ways these pairs take part in."""
    return len({tuple(sorted(pair)) for pair in pairs if (pair[1], pair[0]) in held})


def _exchanges(chosen: list[Pair], one: int, prices: Prices) -> Iterator[tuple[list[Pair], tuple[int, ...]]]:
    """Every way to give the place another's helper, and that one its own or, where it may not, a third's in turn."""
    for other in range(len(chosen)):
        way = _swapped(chosen, one, other)
        if other == one or way[one] not in prices:
            continue
        if way[other] in prices:
            yield way, (one, other)
            continue
        for third in range(len(chosen)):
            turned = _swapped(way, other, third)
            if third not in {one, other} and turned[other] in prices and turned[third] in prices:
                yield turned, (one, other, third)


def _swapped(chosen: list[Pair], one: int, other: int) -> list[Pair]:
    way = list(chosen)
    way[one], way[other] = (chosen[one][0], chosen[other][1]), (chosen[other][0], chosen[one][1])
    return way


def _cost(question: Question, prices: Prices, chosen: Sequence[Pair]) -> int:
    held = set(chosen)
    both = sum(place < helper and (helper, place) in held for place, helper in held)
    times: dict[str, int] = {}
    uneven = 0
    for _, helper in chosen:
        uneven += times.get(helper, 0)
        times[helper] = times.get(helper, 0) + 1
    spread = (both * question.not_both + uneven * question.even) * _ABOVE_LOTS
    return sum(_price(prices, *pair) for pair in chosen) + spread


# ---- the reason, in a sentence


def _why(
    question: Question,
    place: str,
    helper: str,
    reasons: Mapping[Pair, str | None],
    chosen: Sequence[Pair],
) -> str:
    others = [each.key for each in question.helpers if each.key != helper and not reasons[place, each.key]]
    drawbacks = [each.said(place, helper) for each in question.preferences if each.cost(place, helper)]
    if question.not_both and (helper, place) in chosen:
        drawbacks.append("they are given to each other")
    told = "; ".join(filter(None, drawbacks))
    if not others:
        return f"{question.name(helper)} is the only one who may{f' ({told})' if told else ''}"
    if told:
        return f"{told}; any other way is worse for all together"
    praised = (each.praise(place, helper) for each in question.preferences if each.praise)
    return (
        "; ".join(praised)
        or f"nothing speaks against {question.name(helper)}; the lot decided between equals"
    )
