"""Compare the whole log with its blocks, and the blocks with what was published."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import asyncpg

from engine.evidence.block import Block
from engine.evidence.comparing import Difference, differences, told
from engine.evidence.leaf import Leaf, read_leaf
from engine.evidence.published import Published, marked
from engine.evidence.trusting import Keys, distrust
from storage.database import Connection
from storage.evidence.blocks import blocks
from storage.evidence.findings import Evidence
from storage.evidence.leaves import hash_of, leaf_of, own_hash_differs, rows_between
from storage.signing_keys import enrolled_keys

#: Events that are not as they were sealed, beyond which no more are gathered to be told apart.
MOST = 20_000
#: Problems of each kind that are told.
SHOWN = 100

LAST = "select coalesce(max(position), 0) from termwise.event"


@dataclass
class _Gathered:
    """The events at the positions where what is stored is not what was sealed, or published."""

    sealed: dict[int, Leaf] = field(default_factory=dict)
    stored: dict[int, Leaf] = field(default_factory=dict)
    rows: dict[int, asyncpg.Record] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.sealed or self.stored)

    @property
    def full(self) -> bool:
        return max(len(self.sealed), len(self.stored)) >= MOST

    def add(self, sealed: Mapping[int, Leaf], stored: Mapping[int, Leaf]) -> None:
        for position in sorted({*sealed, *stored}):
            one, other = sealed.get(position), stored.get(position)
            same = (
                one
                and other
                and (one.position, one.recorded_at, one.hash)
                == (other.position, other.recorded_at, other.hash)
            )
            if not same and not self.full:
                self.sealed |= {position: one} if one else {}
                self.stored |= {position: other} if other else {}

    def told(self, last: int) -> Iterator[str]:
        """In words; `last` is the last position that was sealed."""
        found = differences(self.sealed, self.stored, self._as_version, last)
        if self.full:
            # Where gathering ended, the partner of an event that has moved may be beyond.
            edge = max({*self.sealed, *self.stored}) - SHOWN
            found = [each for each in found if each.position < edge]
        shown: list[Difference] = [each for each in found if each.what != "renumbered"][:SHOWN]
        yield from told([*shown, *(each for each in found if each.what == "renumbered")])
        if self.full:
            yield f"more than {MOST} events are not as they were; those that come first are told"

    def _as_version(self, leaf: Leaf, version: int) -> str:
        return hash_of(self.rows[leaf.position], version) if leaf.position in self.rows else ""


class _Look:
    """One pass over the blocks and the events beside them."""

    def __init__(self, keys: Keys, published: Sequence[Published] | None) -> None:
        self._keys = keys
        self._published = {each.block.number: each for each in published or ()}
        self._compared = None if published is None else len(self._published)
        self._sealed, self._outside = _Gathered(), _Gathered()
        self._problems: list[str] = []
        self._rechained: list[int] = []
        self._before: Block | None = None
        self._signers: set[str] = set()
        self.last = 0

    def block(self, block: Block, lines: Sequence[str], rows: Sequence[asyncpg.Record]) -> None:
        """One block, in order, with the events that stand at its positions now."""
        self._problems += distrust(block, lines, self._before, self._keys)
        stored = {leaf.position: leaf for leaf in map(leaf_of, rows)}
        as_sealed = [leaf.line for leaf in stored.values()] == lines
        if as_sealed:
            self._own_hashes(rows, stored, "is as it was sealed, and")
        else:
            sealed, unread = _read(block, lines)
            self._problems += unread
            self._sealed.add(sealed, stored)
            self._sealed.rows |= {
                row["position"]: row for row in rows if row["position"] in self._sealed.stored
            }
        self._beside_published(block, stored, as_sealed=as_sealed)
        self._before, self.last = block, block.last
        self._signers.add(block.key)

    def unsealed(self, rows: Sequence[asyncpg.Record]) -> None:
        """Events after the last block: all that is known of them is the hash beside each."""
        leaves = {leaf.position: leaf for leaf in map(leaf_of, rows)}
        self._own_hashes(rows, leaves, "was not sealed yet, and")
        # Events that were sealed are pushed out here by what is inserted before them.
        if self._sealed:
            self._sealed.add({}, leaves)
            self._sealed.rows |= {
                row["position"]: row for row in rows if row["position"] in self._sealed.stored
            }
        if self._outside:
            self._outside.add({}, {position: marked(leaf) for position, leaf in leaves.items()})

    def _own_hashes(self, rows: Sequence[asyncpg.Record], leaves: Mapping[int, Leaf], known: str) -> None:
        for row in rows:
            leaf = leaves[row["position"]]
            if own_hash_differs(row, leaf) and len(self._problems) < SHOWN:
                self._problems.append(
                    f"position {leaf.position}: {leaf.name} {known} is not what its hash was made of: "
                    "one of the two was altered"
                )

    def _beside_published(self, block: Block, stored: Mapping[int, Leaf], *, as_sealed: bool) -> None:
        known = self._published.pop(block.number, None)
        if known is None or known.hash == block.hash:
            return
        if (known.block.first, known.block.last, known.block.root) == (block.first, block.last, block.root):
            self._rechained.append(block.number)
            return
        self._problems.append(
            f"block {block.number} (events {known.block.first} to {known.block.last}) is not the one that was "
            "published: it was made anew to hide a change"
        )
        if as_sealed:  # Else the block itself tells more than the marks can.
            self._outside.add(
                {leaf.position: leaf for leaf in known.leaves()},
                {position: marked(leaf) for position, leaf in stored.items()},
            )

    def found(self) -> tuple[Evidence, list[str]]:
        """How much was looked at, and all that is wrong."""
        for number in sorted(self._published):
            self._problems.append(f"block {number} was published, and is not here any more")
        if self._rechained:
            self._problems.append(
                f"{len(self._rechained)} blocks from {self._rechained[0]} on are not the published ones, though their "
                "events are: a block before them was made anew"
            )
        evidence = Evidence(
            blocks=self._before.number if self._before else 0,
            sealed=self.last,
            sealed_at=self._before.sealed_at if self._before else None,
            keys=tuple(sorted(self._signers)),
            published=self._compared,
        )
        return evidence, [*self._problems, *self._sealed.told(self.last), *self._outside.told(self.last)]


async def check_evidence(
    connection: Connection, published: Sequence[Published] | None
) -> tuple[Evidence, list[str]]:
    """How much of the log is sealed, and what is wrong with it. Looks at every event once.

    Give the transaction a snapshot: what is sealed meanwhile must not count.
    """
    look = _Look(await enrolled_keys(connection), published)
    async for block, lines in blocks(connection):
        look.block(block, lines.split("\n"), await rows_between(connection, block.first, block.last))
    last = await connection.fetchval(LAST)
    for first in range(look.last + 1, last + 1, 1000):
        look.unsealed(await rows_between(connection, first, first + 999))
    return look.found()


def _read(block: Block, lines: Sequence[str]) -> tuple[dict[int, Leaf], list[str]]:
    try:
        leaves = [read_leaf(line) for line in lines]
    except ValueError:
        return {}, [f"block {block.number}: its list of events cannot be read"]
    return {leaf.position: leaf for leaf in leaves}, []
