"""Whether a block may be believed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TypeAlias

from engine.evidence.block import Block
from engine.signing import SigningKey

Keys: TypeAlias = Mapping[str, SigningKey]
"""The keys that are or were enrolled, by their ids."""

#: The clocks of whoever enrols, revokes and seals differ.
_GRACE = timedelta(minutes=5)


def distrust(block: Block, lines: Sequence[str], before: Block | None, keys: Keys) -> Iterator[str]:
    """Every reason not to believe a block and the lines it is said to hold; `before`: the block before it."""
    name = f"block {block.number} (events {block.first} to {block.last})"
    if not block.follows(before):
        after = f"block {before.number}" if before else "the beginning of the log"
        yield f"{name} does not follow {after}: a block was removed, inserted or made anew"
    if not block.holds(lines):
        yield f"{name}: its list of events is not the one that was signed"
    key = keys.get(block.key)
    if key is None:
        yield f"{name} is signed with the key {block.key}, which nobody has enrolled"
    elif not block.signed_by(key):
        yield f"{name} is not what the key {block.key} signed: it was altered, or made by somebody else"
    elif not key.since - _GRACE <= block.sealed_at <= (key.until or block.sealed_at) + _GRACE:
        yield f"{name} was sealed when the key {block.key} was not good"
