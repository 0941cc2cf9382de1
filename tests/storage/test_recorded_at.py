"""When an event was recorded is the server's time, whatever time its command speaks of."""

import asyncio
from datetime import timedelta

from storage.database import Pool
from storage.events import PostgresEventStore
from tests.storage.facts import append, started


async def test_it_is_not_when_the_event_occurred(pool: Pool, store: PostgresEventStore) -> None:
    before = await pool.fetchval("select clock_timestamp()")

    await store.append(append("m:1", 0, started("m:1")))
    late = started("m:2", at=before - timedelta(days=900))
    batch = [append("m:2", 0, late), append("m:3", 0, started("m:3"))]
    await asyncio.gather(*(store.append(each) for each in batch))

    after = await pool.fetchval("select clock_timestamp()")
    recorded = [each.recorded_at for each in await store.read_all(0, 10)]
    assert [before, *recorded, after] == sorted([before, *recorded, after])
    assert len(recorded) == 3
