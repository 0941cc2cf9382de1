"""The projector, a rebuild and the sealer are killed at each of their steps in turn."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.records import Recorded
from storage.database import Connection, Pool, connect
from storage.events import PostgresEventStore
from storage.evidence.blocks import blocks
from storage.evidence.sealer import seal
from storage.migrations import migrate
from storage.projections import FOLLOWING, INLINE
from storage.projections.projection import Projection
from storage.projector import Projector
from storage.rebuild import rebuild
from storage.verify import verify
from tests.faults.long.checker import Checked
from tests.faults.long.conftest import Table
from tests.faults.long.dying import Work, dies
from tests.faults.long.own_server import OwnServer
from tests.storage.facts import append, claimed, completed, opened, started
from workers.enrolling import enrol_directly
from workers.keys import new_key

#: Takes down each event that it is given: one twice is seen, and so is one never.
SEEN = "create table termwise.seen (position bigint not null)"


async def count(connection: Connection, events: Sequence[Recorded]) -> None:
    await connection.executemany("insert into seen values ($1)", [(each.position,) for each in events])


COUNTING = Projection(name="counting", version=1, tables={"seen": ()}, apply=count)
EVERY = (*FOLLOWING, COUNTING)


async def prepare(dsn: str) -> None:
    await migrate(dsn)
    pool = await connect(dsn, size=1)
    await pool.execute(SEEN)
    await pool.close()


async def grow(dsn: str, step: int) -> None:
    """A little more for the projector to do."""
    pool = await connect(dsn, size=2)
    store, name, task = PostgresEventStore(pool), f"m:{step}", f"t{step}"
    await store.append(append(name, 0, started(name), opened(task), claimed(task)))
    await store.append(append(name, 3, completed(task)))
    await store.settled()
    await pool.close()


async def catch_up(pool: Pool) -> None:
    await Projector(pool, EVERY).catch_up()


async def finished(dsn: str) -> Checked:
    """What is wrong when a projector that nobody kills has come to the end."""
    pool = await connect(dsn)
    await catch_up(pool)
    there = [row[0] for row in await pool.fetch("select position from termwise.seen order by 1")]
    found = await verify(pool)
    await pool.close()
    missed = () if there == list(range(1, found.events + 1)) else ("an event was counted twice, or never",)
    return Checked(found.events, 0, (*found.problems, *missed))


@pytest.mark.parametrize("answered", [False, True])
def test_a_projector_is_killed_at_every_step(server: OwnServer, table: Table, *, answered: bool) -> None:
    dsn = server.start()
    asyncio.run(prepare(dsn))
    step = 1
    asyncio.run(grow(dsn, 0))

    while dies(dsn, step, catch_up, answered=answered):
        asyncio.run(grow(dsn, step))
        step += 1

    checked = asyncio.run(finished(dsn))
    when = "after the answer" if answered else "before it is sent"
    table.add("projector", f"killed at each of {step - 1} statements, {when}", checked)
    assert checked.problems == ()
    assert step > 50


def test_a_rebuild_is_killed_at_every_step(server: OwnServer, table: Table) -> None:
    dsn = server.start()
    asyncio.run(prepare(dsn))
    asyncio.run(grow(dsn, 0))
    kills = 0

    for projection in (*INLINE, *FOLLOWING):
        work = _rebuilding(projection)
        step = 1
        while dies(dsn, step, work, answered=step % 2 == 0):
            asyncio.run(grow(dsn, 1000 * kills + step))
            step += 1
            kills += 1

    checked = asyncio.run(finished(dsn))
    table.add("rebuild", f"killed at each of {kills} statements, of every projection", checked)
    assert checked.problems == ()
    assert kills > 50


@pytest.mark.parametrize("answered", [False, True])
def test_a_sealer_is_killed_at_every_step(server: OwnServer, table: Table, *, answered: bool) -> None:
    dsn = server.start()
    asyncio.run(prepare(dsn))
    key = new_key()
    asyncio.run(enrol(dsn, key.text))

    async def seal_all(pool: Pool) -> None:
        while await seal(pool, key, events=3, age=timedelta()):
            pass

    step = 1
    asyncio.run(grow(dsn, 0))
    while dies(dsn, step, seal_all, answered=answered):
        asyncio.run(grow(dsn, step))
        step += 1

    checked, blocks = asyncio.run(sealed(dsn, seal_all))
    when = "after the answer" if answered else "before it is sent"
    table.add("sealer", f"killed at each of {step - 1} statements, {when}; {blocks} blocks", checked)
    assert checked.problems == ()
    assert step > 20


async def enrol(dsn: str, public: str) -> None:
    pool = await connect(dsn, size=2)
    store = PostgresEventStore(pool)
    await enrol_directly(store, public, use="server", reason="The first key")
    await store.settled()
    await pool.close()


async def sealed(dsn: str, seal_all: Work) -> tuple[Checked, int]:
    """What is wrong when a sealer that nobody kills has come to the end; how many blocks there are."""
    pool = await connect(dsn)
    await seal_all(pool)
    await pool.close()
    checked = await finished(dsn)
    pool = await connect(dsn, size=1)
    async with pool.acquire() as connection:
        found = [block async for block, _ in blocks(connection)]
    await pool.close()
    covered = [position for block in found for position in range(block.first, block.last + 1)]
    twice = (
        () if covered == list(range(1, checked.events + 1)) else ("an event is in two blocks, or in none",)
    )
    return replace(checked, problems=(*checked.problems, *twice)), len(found)


def _rebuilding(projection: Projection) -> Work:
    async def work(pool: Pool) -> None:
        await rebuild(pool, projection)

    return work
