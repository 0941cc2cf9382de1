"""How long it takes to pair 90 schools, and how many miles that saves."""

import time
from collections.abc import Mapping
from random import Random

from pydantic import JsonValue

from bench.effort import Effort
from bench.figures import Figure, figure
from bench.ground import Ground
from engine.allocation.schools import propose_pairs

NAMES = ("pairing-90", "pairing-vs-greedy-90")
_SIZE, _FARTHEST, _MILLI = 90, 60, 1_000
_SCHOOLS = [f"school-{number:02d}" for number in range(_SIZE)]
Miles = Mapping[tuple[str, str], int]


async def measure(_: Ground, effort: Effort) -> list[Figure]:
    """Another map in each round."""
    times, shares = [], []
    for seed in range(effort.rounds):
        miles = _map(seed)
        rows: list[dict[str, JsonValue]] = [
            {"school": a, "moderator": b, "miles": miles[a, b]} for a, b in sorted(miles) if a < b
        ]
        last = _pairs(propose_pairs(_SCHOOLS, "last"))
        began = time.perf_counter()
        found = _pairs(propose_pairs(_SCHOOLS, "now", last=last, distances=rows))
        times.append((time.perf_counter() - began) * _MILLI)
        before = {(each["school"], each["moderator"]) for each in last}
        shares.append(
            sum(miles[each["school"], each["moderator"]] for each in found) / _greedy(miles, before)
        )
    return [
        figure("pairing-90", "ms", "with distances and last time's pairs", times),
        figure("pairing-vs-greedy-90", "ratio", "miles of the nearest that is free", shares),
    ]


def _map(seed: int) -> Miles:
    lots = Random(seed)  # noqa: S311 - a map, no secret
    places = {school: (lots.randrange(_FARTHEST), lots.randrange(_FARTHEST)) for school in _SCHOOLS}
    return {
        (a, b): abs(places[a][0] - places[b][0]) + abs(places[a][1] - places[b][1])
        for a in _SCHOOLS
        for b in _SCHOOLS
        if a != b
    }


def _greedy(miles: Miles, last: set[tuple[str, str]]) -> int:
    free, total = set(_SCHOOLS), 0
    for school in _SCHOOLS:
        may = [each for each in free if each != school and (school, each) not in last]
        # Whoever comes last may find only itself, or last time's: a peer that took those would be no peer.
        nearest = min(
            may or [each for each in _SCHOOLS if each != school], key=lambda one: (miles[school, one], one)
        )
        free.discard(nearest)
        total += miles[school, nearest]
    return total


def _pairs(rows: list[JsonValue]) -> list[dict[str, str]]:
    return [
        {"school": str(row["school"]), "moderator": str(row["moderator"])}
        for row in rows
        if isinstance(row, dict)
    ]
