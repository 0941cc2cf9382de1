"""What somebody may do to the log who owns the database, and knows the code: nobody refuses it anything."""

from collections.abc import Sequence
from datetime import timedelta

from engine.evidence.block import Header
from engine.evidence.leaf import Leaf, hashed, read_leaf
from engine.evidence.merkle import root
from engine.evidence.published import Published, publication
from storage.database import Pool
from storage.evidence.blocks import blocks
from storage.evidence.leaves import leaf_of, rows_between
from storage.verify import Findings, verify
from workers.keys import PrivateKey

AT_ONCE = timedelta()
#: What each attack leaves free: nobody refuses it anything.
OPEN = """
alter table termwise.event disable trigger all;
alter table termwise.block disable trigger all;
"""
#: Take out position 5, and close the gap in positions and in the versions of its stream.
GAP_CLOSED = """
delete from termwise.event where position = 5;
update termwise.event set version = -version where stream = (select id from termwise.stream where name = 'm:1');
update termwise.event set version = case when -version > 4 then -version - 1 else -version end where version < 0;
update termwise.event set position = -position where position > 5;
update termwise.event set position = -position - 1 where position < 0;
update termwise.stream set version = version - 1 where name = 'm:1';
update termwise.head set position = position - 1;
"""
REWRITTEN = (
    "update termwise.event set data = replace(data::text, '{\"n\":6}', '{\"n\":9}')::json where position = 7"
)


async def published(pool: Pool, key: PrivateKey) -> list[Published]:
    """What others would be told now."""
    async with pool.acquire() as connection:
        return [
            publication(block, map(read_leaf, lines.split("\n")), key.text)
            async for block, lines in blocks(connection)
        ]


async def attacked(pool: Pool, *harm: str, known: Sequence[Published] | None = None) -> list[str]:
    """What is told after the harm was done."""
    async with pool.acquire() as connection:
        await connection.execute(OPEN)
        for each in harm:
            await connection.execute(each)
    found: Findings = await verify(pool, published=known)
    assert not found.sound
    return list(found.problems)


async def hash_anew(pool: Pool) -> None:
    """Put beside every event the hash that fits what stands there now, as an attacker would who knows the code."""
    async with pool.acquire() as connection:
        await connection.execute(OPEN)
        for row in await rows_between(connection, 1, 1000):
            await connection.execute(
                "update termwise.event set hash = $2 where position = $1",
                row["position"],
                bytes.fromhex(leaf_of(row).hash),
            )


async def seal_anew(pool: Pool, key: PrivateKey) -> None:
    """Make all blocks anew over what stands there now, chained and signed with this key."""
    async with pool.acquire() as connection:
        await connection.execute(OPEN)
        before: Header | None = None
        for old, _ in [each async for each in blocks(connection)]:
            leaves: list[Leaf] = [leaf_of(row) for row in await rows_between(connection, old.first, old.last)]
            block = Header(
                number=old.number,
                first=old.first,
                last=old.last,
                root=root([hashed(leaf.line) for leaf in leaves]).hex(),
                previous=before.hash if before else old.previous,
                sealed_at=old.sealed_at,
                key=key.id,
            )
            await connection.execute(
                "update termwise.block set root = decode($2, 'hex'), previous = decode($3, 'hex'), key = $4, "
                "signature = $5, leaves = $6 where number = $1",
                block.number,
                block.root,
                block.previous,
                block.key,
                key.signature(block.text),
                "\n".join(leaf.line for leaf in leaves),
            )
            before = block
