"""The sealed blocks as the database keeps them."""

import json
from collections.abc import AsyncIterator, Sequence

import asyncpg

from engine.evidence.block import Block
from storage.database import CONNECT_TIMEOUT, Connection, Pool, translated

LAST = """
select number, first, last, encode(root, 'hex') as root, encode(previous, 'hex') as previous, sealed_at, key, signature
  from termwise.block order by number desc limit 1
"""
NEXT = """
select number, first, last, encode(root, 'hex') as root, encode(previous, 'hex') as previous, sealed_at, key, signature,
       leaves
  from termwise.block where number > $1 order by number limit $2
"""
HOLDING = """
select number, first, last, encode(root, 'hex') as root, encode(previous, 'hex') as previous, sealed_at, key, signature,
       leaves
  from termwise.block where last >= $1 order by last limit 1
"""
NUMBERED = """
select number, first, last, encode(root, 'hex') as root, encode(previous, 'hex') as previous, sealed_at, key, signature
  from termwise.block where number = $1
"""
#: What speaks of a stream, or holds one of these positions.
ABOUT = """
select number, first, last, encode(root, 'hex') as root, encode(previous, 'hex') as previous, sealed_at, key, signature,
       leaves
  from termwise.block
 where position($1 in leaves) > 0 or exists (select from unnest($2::bigint[]) as p where p between first and last)
 order by number
"""
INSERT = """
insert into termwise.block (number, first, last, root, previous, sealed_at, key, signature, leaves)
values ($1, $2, $3, decode($4, 'hex'), decode($5, 'hex'), $6, $7, $8, $9)
"""
BEGIN = "insert into termwise.block_task (task, block) values ($1, 0) on conflict do nothing"
HELD = "select block from termwise.block_task where task = $1 for no key update"
MOVE = "update termwise.block_task set block = $2 where task = $1"

#: Blocks read at a time.
_PAGE = 16
#: Seconds for a look through all of them.
_UNHURRIED = 600


async def last_block(connection: Connection) -> Block | None:
    """The newest; None while nothing was sealed."""
    row = await connection.fetchrow(LAST)
    return Block(**row) if row else None


async def blocks(connection: Connection) -> AsyncIterator[tuple[Block, str]]:
    """All of them in order, each with the lines that it holds."""
    after = 0
    while found := await blocks_after(connection, after, _PAGE):
        for each in found:
            yield each
        after = found[-1][0].number


async def blocks_after(connection: Connection, after: int, limit: int) -> list[tuple[Block, str]]:
    """The next of them, at most so many."""
    return [_with_lines(row) for row in await connection.fetch(NEXT, after, limit)]


async def block_holding(connection: Connection, position: int) -> tuple[Block, str] | None:
    """The one that holds this position, with its lines; None while it was not sealed."""
    row = await connection.fetchrow(HOLDING, position)
    return _with_lines(row) if row else None


async def blocks_about(
    connection: Connection, stream: str, positions: Sequence[int]
) -> list[tuple[Block, str]]:
    """Those that hold an event of the stream, as they were sealed, or one of these positions. Reads every block."""
    rows = await connection.fetch(ABOUT, json.dumps(stream), positions, timeout=_UNHURRIED)
    return [_with_lines(row) for row in rows]


async def block_numbered(connection: Connection, number: int) -> Block | None:
    """The one with that number."""
    row = await connection.fetchrow(NUMBERED, number)
    return Block(**row) if row else None


async def insert_block(connection: Connection, block: Block, lines: str) -> None:
    """Keep it for good."""
    await connection.execute(
        INSERT,
        block.number,
        block.first,
        block.last,
        block.root,
        block.previous,
        block.sealed_at,
        block.key,
        block.signature,
        lines,
    )


async def task_held(connection: Connection, task: str) -> int:
    """Take the lease of a task until the transaction ends; the number of the block it has come to."""
    number = await connection.fetchval(HELD, task)
    if number is None:
        await connection.execute(BEGIN, task)
        return await task_held(connection, task)
    return int(number)


async def task_moved(connection: Connection, task: str, number: int) -> None:
    """Say that the task has come to this block; in the transaction that holds its lease."""
    await connection.execute(MOVE, task, number)


async def newest(pool: Pool) -> Block | None:
    """The newest block; None while nothing was sealed."""
    with translated():
        async with pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
            return await last_block(connection)


def _with_lines(row: asyncpg.Record) -> tuple[Block, str]:
    values = dict(row)
    lines = str(values.pop("leaves"))
    return Block(**values), lines
