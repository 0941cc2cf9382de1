"""A projection that counts what it is given, and projectors at work."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from engine.records import Recorded
from storage.database import Connection, Pool
from storage.parking import parked
from storage.projections.projection import Projection
from storage.projector import Projector
from storage.queries import Queries

#: Counts every event it is given: twice is seen, and so is never.
SEEN = "create table termwise.seen (position bigint not null)"


async def count(connection: Connection, events: Sequence[Recorded]) -> None:
    await connection.executemany("insert into seen values ($1)", [(each.position,) for each in events])


COUNTED = "select count(*) from termwise.seen"
COUNTING = Projection(name="counting", version=1, tables={"seen": ()}, apply=count)


async def seen(pool: Pool) -> list[int]:
    return [row[0] for row in await pool.fetch("select position from termwise.seen order by 1")]


async def at_the_head(queries: Queries) -> None:
    while any(lag.behind for lag in await queries.lag()):
        await asyncio.sleep(0.02)


@asynccontextmanager
async def at_work(projector: Projector) -> AsyncIterator[None]:
    """It follows the log for as long as the block runs, and ends when it is asked to."""
    stop = asyncio.Event()
    running = asyncio.create_task(projector.run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(running, 2)


async def park_all(pool: Pool, projector: Projector) -> None:
    """Run it until something is parked."""
    async with at_work(projector), asyncio.timeout(15):
        while not await parked(pool):
            await asyncio.sleep(0.05)
