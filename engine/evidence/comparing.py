"""What became of the log since it was sealed: which events were altered, removed, inserted or moved, in words."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from engine.evidence.leaf import Leaf

Rehash: TypeAlias = Callable[[Leaf, int], str]
"""The hash an event of the log would have as another version of its stream."""

What: TypeAlias = Literal["altered", "removed", "inserted", "moved", "time altered", "renumbered"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One event that is not as it was sealed."""

    what: What
    sealed: Leaf | None
    """As it was; None for one that was inserted."""
    stored: Leaf | None
    """As it is; None for one that was removed."""

    @property
    def position(self) -> int:
        """Where it stood, or stands."""
        leaf = self.sealed or self.stored
        return leaf.position if leaf else 0


def differences(
    sealed: Mapping[int, Leaf], stored: Mapping[int, Leaf], as_version: Rehash, last: int
) -> list[Difference]:
    """What was done, by position. Give only the positions at which the two are not the same.

    `last` is the last position that was sealed. What is stored beyond it may be given too: events move there, and
    from there, where others were inserted or removed.
    """
    left, there = dict(sealed), dict(stored)
    pairs = [*_same(left, there), *_renumbered(left, there, as_version)]
    altered = [*_altered(left, there)]
    removed = [Difference("removed", leaf, None) for leaf in left.values()]
    inserted = [Difference("inserted", None, leaf) for leaf in _inserted(there, sorted(left), last)]
    shift = _Shift(list(left), [each.position for each in inserted])
    moved = [_moved(*pair, shift) for pair in pairs]
    return sorted([*altered, *removed, *inserted, *moved], key=lambda each: each.position)


def _same(left: dict[int, Leaf], there: dict[int, Leaf]) -> Iterator[tuple[Leaf, Leaf]]:
    """Take out, from both, the events of which every word is as it was, wherever they stand."""
    places = {leaf.hash: leaf for leaf in there.values()}
    for leaf in list(left.values()):
        if found := places.pop(leaf.hash, None):
            del left[leaf.position], there[found.position]
            yield leaf, found


def _renumbered(
    left: dict[int, Leaf], there: dict[int, Leaf], as_version: Rehash
) -> Iterator[tuple[Leaf, Leaf]]:
    """Take out those that would be as they were under another version of their stream."""
    wanted: dict[str, dict[int, Leaf]] = {}
    for leaf in left.values():
        wanted.setdefault(leaf.stream, {})[leaf.version] = leaf
    for found in list(there.values()):
        same_stream = wanted.get(found.stream, {})
        for version in sorted(same_stream, key=lambda each: abs(each - found.version))[:_VERSIONS_TRIED]:
            if as_version(found, version) == same_stream[version].hash:
                leaf = same_stream.pop(version)
                del left[leaf.position], there[found.position]
                yield leaf, found
                break


#: Versions to try for one event, the nearest first: more than anybody removes from a stream by hand.
_VERSIONS_TRIED = 16


def _altered(left: dict[int, Leaf], there: dict[int, Leaf]) -> Iterator[Difference]:
    """Take out those that stand where one like it stood that is not there any more."""
    for position in [each for each in left if each in there]:
        was, now = left[position], there[position]
        alike = (was.stream == now.stream) + (was.version == now.version) + (was.kind == now.kind)
        if not was.stream or alike >= _ALIKE:
            yield Difference("altered", left.pop(position), there.pop(position))


#: Of stream, version and kind, how many an event that was altered still has.
_ALIKE = 2


def _inserted(there: Mapping[int, Leaf], removed: Sequence[int], last: int) -> Iterator[Leaf]:
    """What was not sealed, without what came into sealed positions only because events before it were removed."""
    many = 0
    for leaf in sorted(there.values(), key=lambda each: each.position):
        stood = leaf.position - many + bisect_left(removed, leaf.position + len(removed))
        if stood <= last:
            many += 1
            yield leaf


def _moved(was: Leaf, now: Leaf, shift: "_Shift") -> Difference:
    if was.position == now.position:
        same = not was.stream or was.version == now.version
        return Difference("time altered" if same else "altered", was, now)
    # What was removed or inserted before it explains by how much it has moved; else somebody moved it.
    expected = shift.at(was.position, now.position)
    return Difference("renumbered" if now.position - was.position == expected else "moved", was, now)


class _Shift:
    """By how many positions an event moves, of itself, through what was removed and inserted before it."""

    def __init__(self, removed: Collection[int], inserted: Collection[int]) -> None:
        self._removed, self._inserted = sorted(removed), sorted(inserted)

    def at(self, was: int, now: int) -> int:
        return bisect_left(self._inserted, now) - bisect_left(self._removed, was)


def told(found: Collection[Difference]) -> Iterator[str]:
    """A sentence for each; one for all that only have other numbers because of them."""
    numbers = [each for each in found if each.what == "renumbered"]
    for each in found:
        if each.what != "renumbered":
            yield _sentence(each)
    if numbers:
        some = "event stands" if len(numbers) == 1 else "events stand"
        yield f"{len(numbers)} {some} at other positions because of it, as they were otherwise"


def _sentence(each: Difference) -> str:
    match each:
        case Difference("altered", Leaf() as was, Leaf() as now):
            other = f"; it is {now.name} now" if now.name != was.name else ""
            return f"position {was.position}: {was.name} was altered after it was sealed{other}"
        case Difference("removed", Leaf() as was, None):
            return f"position {was.position}: {was.name} was removed"
        case Difference("inserted", None, Leaf() as now):
            return f"position {now.position}: {now.name} was inserted into what was sealed"
        case Difference("time altered", Leaf() as was, Leaf() as now):
            return (
                f"position {was.position}: {was.name} has another time of recording, "
                f"{now.recorded_at} instead of {was.recorded_at}"
            )
        case Difference(_, Leaf() as was, Leaf() as now):
            name = was.name if was.stream else now.name
            return f"position {was.position}: {name} was moved to position {now.position}"
        case _:
            raise ValueError(f"{each.what} without the event it is about")
