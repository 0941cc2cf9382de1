"""The cheapest way where a place wants several, each somebody else: a flow, one unit after the other."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Pair = tuple[str, str]
Point = tuple[str, str]
_FROM, _TO = ("from", ""), ("to", "")


@dataclass(slots=True)
class _Arc:
    begin: Point
    to: Point
    room: int
    cost: int
    back: "_Arc | None" = None


@dataclass(slots=True)
class _Net:
    arcs: dict[Point, list[_Arc]] = field(default_factory=dict)

    def join(self, one: Point, other: Point, cost: int) -> _Arc:
        there, back = _Arc(one, other, 1, cost), _Arc(other, one, 0, -cost)
        there.back, back.back = back, there
        self.arcs.setdefault(one, []).append(there)
        self.arcs.setdefault(other, []).append(back)
        return there


def flow(
    needs: Mapping[str, int], capacity: Mapping[str, int], prices: Mapping[Pair, int], further: int
) -> list[Pair]:
    """Each place with as many different helpers as it needs, at the least sum; `further` as `Question.even`.

    There must be a way: `refuse_impossible` has seen to that.
    """
    net = _Net()
    pairs = {pair: net.join(("place", pair[0]), ("helper", pair[1]), cost) for pair, cost in prices.items()}
    for place, wanted in needs.items():
        for _ in range(wanted):
            net.join(_FROM, ("place", place), 0)
    for helper, most in capacity.items():
        for nth in range(min(most, len(needs))):
            net.join(("helper", helper), _TO, nth * further)
    for _ in range(sum(needs.values())):
        for arc in _cheapest_path(net):
            arc.room -= 1
            if arc.back:
                arc.back.room += 1
    order = {place: position for position, place in enumerate(needs)}
    return sorted((pair for pair, arc in pairs.items() if not arc.room), key=lambda pair: order[pair[0]])


def _cheapest_path(net: _Net) -> Sequence[_Arc]:
    cost: dict[Point, int] = {_FROM: 0}
    by: dict[Point, _Arc] = {}
    waiting = deque([_FROM])
    while waiting:
        point = waiting.popleft()
        for arc in net.arcs.get(point, ()):
            price = cost[point] + arc.cost
            if arc.room and price < cost.get(arc.to, price + 1):
                cost[arc.to], by[arc.to] = price, arc
                waiting.append(arc.to)
    path, point = [], _TO
    while point != _FROM and point in by:
        path.append(by[point])
        point = by[point].begin
    return path
