"""A Merkle tree as RFC 6962 makes it: one hash for many texts, and a short path from each of them to it."""

from collections.abc import Sequence
from hashlib import sha256

_LEAF, _NODE = b"\x00", b"\x01"


def leaf_hash(text: bytes) -> bytes:
    """The hash of a text as a leaf: never that of a node, whatever the text."""
    return sha256(_LEAF + text).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The hash that stands for all these leaf hashes, in their order. Raises ValueError for none."""
    if not leaves:
        raise ValueError("a tree without leaves has no root")
    level = list(leaves)
    while len(level) > 1:
        level = _above(level)
    return level[0]


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """What leads from one leaf to the root: the hash beside it at each level, from below. Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"there is no leaf {index} among {len(leaves)}")
    level, found = list(leaves), []
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            found.append(level[beside])
        level, index = _above(level), index // 2
    return found


def led_to(leaf: bytes, index: int, size: int, steps: Sequence[bytes]) -> bytes | None:
    """The root that a path leads to, of a tree of that size; None where the path is not one of it."""
    if not 0 <= index < size:
        return None
    left, last, found = list(steps), size - 1, leaf
    while last:
        # The last one of a level may stand alone; then it goes up as it is.
        if index % 2 or index < last:
            if not left:
                return None
            beside = left.pop(0)
            found = _node(beside, found) if index % 2 else _node(found, beside)
        index, last = index // 2, last // 2
    return None if left else found


def _above(level: Sequence[bytes]) -> list[bytes]:
    pairs = [_node(one, other) for one, other in zip(level[::2], level[1::2], strict=False)]
    return [*pairs, level[-1]] if len(level) % 2 else pairs


def _node(one: bytes, other: bytes) -> bytes:
    return sha256(_NODE + one + other).digest()
