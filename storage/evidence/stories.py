"""Check the events of some streams against the blocks that hold them: what `history --verify` tells."""

from collections.abc import Mapping, Sequence

import asyncpg

from engine.evidence.block import Block
from engine.evidence.comparing import differences, told
from engine.evidence.leaf import Leaf, read_leaf
from engine.evidence.published import Published
from engine.evidence.trusting import distrust
from storage.database import Connection, Pool
from storage.evidence.blocks import block_numbered, blocks_about
from storage.evidence.findings import StoryEvidence
from storage.evidence.leaves import hash_of, leaf_of, own_hash_differs, rows_of
from storage.signing_keys import enrolled_keys
from storage.unhurried import at_one_moment

VERSION = "select version from termwise.stream where name = $1"
SEALED = "select coalesce(max(last), 0) from termwise.block"


async def check_stories(
    pool: Pool, streams: Sequence[str], published: Sequence[Published] | None = None
) -> StoryEvidence:
    """Whether every event of these streams is as it was sealed, and none is missing or added."""
    async with at_one_moment(pool, read_only=True) as connection:
        look = _Look(connection, published)
        for stream in streams:
            await look.stream(stream)
        return await look.found()


class _Look:
    def __init__(self, connection: Connection, published: Sequence[Published] | None) -> None:
        self._connection = connection
        self._published = None if published is None else {each.block.number: each for each in published}
        self._blocks: dict[int, tuple[Block, str]] = {}
        self._events = self._sealed = 0
        self._problems: list[str] = []

    async def stream(self, name: str) -> None:
        """Look at one."""
        rows = await rows_of(self._connection, name)
        stored = {leaf.position: leaf for leaf in map(leaf_of, rows)}
        self._problems += _own(rows, stored)
        version = await self._connection.fetchval(VERSION, name)
        if [leaf.version for leaf in stored.values()] != list(range(1, (version or 0) + 1)):
            self._problems.append(
                f"{name} is at version {version or 0}, and its events are not those from 1 to that"
            )
        found = await blocks_about(self._connection, name, list(stored))
        self._blocks |= {block.number: (block, lines) for block, lines in found}
        self._compare(name, rows, stored, found, await self._connection.fetchval(SEALED))

    def _compare(
        self,
        name: str,
        rows: Sequence[asyncpg.Record],
        stored: Mapping[int, Leaf],
        found: Sequence[tuple[Block, str]],
        last: int,
    ) -> None:
        sealed = {leaf.position: leaf for _, lines in found for leaf in _leaves(lines) if leaf.stream == name}
        differ = {each for each in {*sealed, *stored} if sealed.get(each) != stored.get(each)}
        by_position = {row["position"]: row for row in rows}
        self._problems += told(
            differences(
                {position: leaf for position, leaf in sealed.items() if position in differ},
                {position: leaf for position, leaf in stored.items() if position in differ},
                lambda leaf, version: hash_of(by_position[leaf.position], version),
                last,
            )
        )
        self._events += len(stored)
        self._sealed += sum(position <= last for position in stored)

    async def found(self) -> StoryEvidence:
        """What became of all of it."""
        keys = await enrolled_keys(self._connection)
        as_published = 0
        for number, (block, lines) in sorted(self._blocks.items()):
            before = await block_numbered(self._connection, number - 1)
            self._problems += distrust(block, lines.split("\n"), before, keys)
            if self._published is not None and (known := self._published.get(number)):
                as_published += known.hash == block.hash
                if known.hash != block.hash:
                    self._problems.append(f"block {number} is not the one that was published")
        return StoryEvidence(
            events=self._events,
            sealed=self._sealed,
            blocks=len(self._blocks),
            keys=tuple(sorted({block.key for block, _ in self._blocks.values()})),
            published=None if self._published is None else as_published,
            problems=tuple(self._problems),
        )


def _own(rows: Sequence[asyncpg.Record], stored: Mapping[int, Leaf]) -> list[str]:
    return [
        f"position {row['position']}: {stored[row['position']].name} is not what its hash was made of"
        for row in rows
        if own_hash_differs(row, stored[row["position"]])
    ]


def _leaves(lines: str) -> list[Leaf]:
    try:
        return [read_leaf(line) for line in lines.split("\n")]
    except ValueError:
        return []  # `distrust` says of this block that its list is not the one that was signed.
