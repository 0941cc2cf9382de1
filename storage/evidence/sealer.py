"""Close blocks over the log: each event in exactly one, however many processes seal, wherever one of them dies."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import asyncpg
import structlog

from engine.evidence.block import NONE_BEFORE, Block, Header
from engine.evidence.leaf import hashed
from engine.evidence.merkle import root
from storage.database import Connection, Pool, translated
from storage.errors import HoleError
from storage.evidence.blocks import insert_block, last_block, task_held, task_moved
from storage.evidence.leaves import leaf_of, own_hash_differs, rows_between

log = structlog.get_logger()

#: A block is closed when so many events wait, or when the first of them has waited so long.
EVENTS = 1024
AGE = timedelta(seconds=60)

SEAL = "seal"
WAITING = """
select (select max(position) from termwise.event) as last,
       (select recorded_at from termwise.event where position > $1 order by position limit 1) as since,
       clock_timestamp() as now
"""


class BlockKey(Protocol):
    """The key that blocks are signed with."""

    @property
    def id(self) -> str:
        """By which it is enrolled."""
        ...

    def signature(self, text: bytes) -> str:
        """Ed25519 over the text, in base64."""
        ...


async def seal(pool: Pool, key: BlockKey, *, events: int = EVENTS, age: timedelta = AGE) -> Block | None:
    """Close the next block if one is due, and return it. Give an age of zero to seal whatever waits.

    Raises HoleError where an event is missing: what cannot be whole is not sealed.
    """
    with translated():
        async with pool.acquire() as connection, connection.transaction():
            await task_held(connection, SEAL)
            before = await last_block(connection)
            waiting = await connection.fetchrow(WAITING, before.last if before else 0)
            assert waiting is not None  # noqa: S101 - it is one row always
            if not _due(waiting, before, events, age):
                return None
            return await _close(connection, key, before, events, waiting["now"])


def _due(waiting: asyncpg.Record, before: Block | None, events: int, age: timedelta) -> bool:
    if waiting["since"] is None:
        return False
    many = waiting["last"] - (before.last if before else 0) >= events
    waited: timedelta = waiting["now"] - waiting["since"]
    # A clock that was set back must not hold up sealing until it has caught up.
    return many or waited >= age or waited < timedelta()


async def _close(
    connection: Connection, key: BlockKey, before: Block | None, events: int, now: datetime
) -> Block:
    first = before.last + 1 if before else 1
    rows = await rows_between(connection, first, first + events - 1)
    lines = _lines(rows, first)
    header = Header(
        number=before.number + 1 if before else 1,
        first=first,
        last=first + len(lines) - 1,
        root=root([hashed(line) for line in lines]).hex(),
        previous=before.hash if before else NONE_BEFORE,
        sealed_at=now,
        key=key.id,
    )
    block = Block(**header.model_dump(), signature=key.signature(header.text))
    await insert_block(connection, block, "\n".join(lines))
    await task_moved(connection, SEAL, block.number)
    return block


def _lines(rows: Sequence[asyncpg.Record], first: int) -> list[str]:
    lines = []
    for expected, row in enumerate(rows, start=first):
        if row["position"] != expected:
            raise HoleError(expected - 1, row["position"])
        leaf = leaf_of(row)
        if own_hash_differs(row, leaf):
            # It is sealed as it stands, so that nothing more can be done to it; `records verify` names it.
            log.error("event.altered", position=leaf.position, stream=leaf.stream, version=leaf.version)
        lines.append(leaf.line)
    return lines
