"""A stream that a projection cannot take in waits alone, until it can be."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from engine.records import Recorded
from storage.database import Connection, Pool
from storage.events import PostgresEventStore
from storage.parking import parked
from storage.projections import FOLLOWING
from storage.projector import ProjectionStuckError, Projector
from storage.queries import Queries
from tests.storage.counting import COUNTED, COUNTING, at_the_head, at_work, count, park_all, seen
from tests.storage.facts import append, completed


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails is parked soon."""
    monkeypatch.setattr("storage.pace.BACK_OFF", 0.01)


async def test_a_stream_that_cannot_be_taken_in_waits_alone(
    log_of_40: int, pool: Pool, queries: Queries
) -> None:
    async def choke(connection: Connection, events: Sequence[Recorded]) -> None:
        await count(connection, events)
        if any(each.position == 22 for each in events):
            raise ValueError("Amira's mark")

    choking = replace(COUNTING, apply=choke)
    with capture_logs() as logs:
        async with at_work(Projector(pool, [choking, *FOLLOWING])), asyncio.timeout(15):
            while await pool.fetchval(COUNTED) < 37:
                await asyncio.sleep(0.05)
            await at_the_head(queries)

    # The events of m:5 are 21 to 24; the first of them was taken in.
    assert await seen(pool) == [n for n in range(1, 41) if n not in {22, 23, 24}]
    (waiting,) = await parked(pool)
    assert (waiting.projection, waiting.stream, waiting.position, waiting.waiting) == (
        "counting",
        "m:5",
        22,
        3,
    )
    (alarm,) = [log for log in logs if log["event"] == "projection.parked"]
    assert alarm["log_level"] == "error"
    assert "Amira" not in str(logs) + str(waiting)


async def test_what_was_parked_is_taken_in_in_order_once_it_can_be(
    log_of_40: int, pool: Pool, store: PostgresEventStore
) -> None:
    broken = {22, 24}
    order: list[int] = []

    async def choke(connection: Connection, events: Sequence[Recorded]) -> None:
        if broken.intersection(each.position for each in events):
            raise ValueError
        await count(connection, events)
        order.extend(each.position for each in events)

    projector = Projector(pool, [replace(COUNTING, apply=choke)])
    await park_all(pool, projector)
    await store.append(append("m:5", 4, completed("t5")))
    await projector.catch_up()
    assert (await parked(pool))[0].waiting == 4

    broken.remove(22)
    await projector.retry()
    assert [(each.position, each.attempts) for each in await parked(pool)] == [(24, 1)]
    broken.clear()
    await projector.retry("counting", "m:5")

    assert await parked(pool) == []
    assert order[-4:] == [22, 23, 24, 41]
    assert await seen(pool) == list(range(1, 42))


async def test_catching_up_tells_what_is_wrong(log_of_40: int, pool: Pool) -> None:
    async def choke(connection: Connection, events: Sequence[Recorded]) -> None:
        raise ValueError("too much")

    with pytest.raises(ProjectionStuckError, match="'counting' is stuck at positions 1 to 40"):
        await Projector(pool, [replace(COUNTING, apply=choke)]).catch_up()


async def test_a_rebuild_parks_what_it_cannot_take_in_and_forgets_what_it_can(
    log_of_40: int, pool: Pool
) -> None:
    async def choke(connection: Connection, events: Sequence[Recorded]) -> None:
        if any(each.position == 22 for each in events):
            raise ValueError
        await count(connection, events)

    assert await Projector(pool, [replace(COUNTING, apply=choke)]).rebuild("counting") == 40
    assert [each.stream for each in await parked(pool)] == ["m:5"]
    assert len(await seen(pool)) == 37

    await Projector(pool, [COUNTING]).rebuild("counting")

    assert await parked(pool) == []
    assert await seen(pool) == list(range(1, 41))
