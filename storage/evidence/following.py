"""Follow the blocks, to tell others: from a number on, or from where a task has come."""

from collections.abc import Awaitable, Callable

from engine.evidence.block import Block
from engine.evidence.leaf import read_leaf
from engine.evidence.published import Published, publication
from engine.signing import SigningKey
from storage.database import Connection, Pool, translated
from storage.evidence.blocks import blocks_after, task_held, task_moved
from storage.evidence.errors import UnknownSignerError
from storage.signing_keys import enrolled_keys

#: Blocks told at a time.
_SOME = 16


async def next_publications(pool: Pool, after: int) -> list[Published]:
    """What is to be told of the blocks that follow that number."""
    with translated():
        async with pool.acquire() as connection:
            return await _next(connection, after, _SOME)


async def tell_next(pool: Pool, task: str, tell: Callable[[Published], Awaitable[None]]) -> bool:
    """Tell the next block of this task, and whether there was one. When telling fails, it stays the next.

    One at a time, whoever else follows; a crash in between tells it again.
    """
    with translated():
        async with pool.acquire() as connection, connection.transaction():
            number = await task_held(connection, task)
            found = await _next(connection, number, 1)
            if not found:
                return False
            await tell(found[0])
            await task_moved(connection, task, found[0].block.number)
            return True


async def _next(connection: Connection, after: int, limit: int) -> list[Published]:
    found = await blocks_after(connection, after, limit)
    if not found:
        return []
    keys = await enrolled_keys(connection)
    return [
        publication(block, map(read_leaf, lines.split("\n")), _public(keys, block)) for block, lines in found
    ]


def _public(keys: dict[str, SigningKey], block: Block) -> str:
    key = keys.get(block.key)
    if key is None:
        raise UnknownSignerError(
            f"block {block.number} is signed with the key {block.key}, which nobody has enrolled; "
            "see `termwise records verify`"
        )
    return key.public
