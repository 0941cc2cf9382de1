"""Read models that follow the log: each event once, whatever is cut off when."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from engine.records import Append, Recorded
from storage.database import Connection, Pool, connect
from storage.errors import HoleError, StoreUnavailableError
from storage.events import PostgresEventStore
from storage.health import health
from storage.listener import listen
from storage.parking import parked
from storage.projector import Projector, advance
from storage.queries import Queries
from storage.verify import verify
from tests.storage.counting import COUNTING, at_the_head, at_work, count, seen
from tests.storage.facts import append, ended, opened, started

KILL = """
select pg_terminate_backend(pid) from pg_stat_activity
 where pid <> pg_backend_pid() and datname = current_database()
"""


async def persist(store: PostgresEventStore, command: Append) -> None:
    """Again until it is done: every connection of the pool may have been cut."""
    with suppress(StoreUnavailableError):
        await store.append(command)
        return
    await persist(store, command)


async def test_every_event_is_taken_in_once_by_many_projectors(log_of_40: int, pool: Pool) -> None:
    await asyncio.gather(*(Projector(pool, [COUNTING]).catch_up() for _ in range(3)))

    assert await seen(pool) == list(range(1, 41))


async def test_a_connection_cut_before_the_commit_loses_and_repeats_nothing(
    log_of_40: int, database: str
) -> None:
    cuts = iter([True, False, True, True])

    async def cut(connection: Connection, events: Sequence[Recorded]) -> None:
        await count(connection, events)
        if next(cuts, False):
            await connection.execute("select pg_terminate_backend(pg_backend_pid())")

    pool = await connect(database)
    unavailable = 0
    for _ in range(20):
        try:
            await advance(pool, replace(COUNTING, apply=cut), limit=7)
        except StoreUnavailableError:
            unavailable += 1

    assert unavailable == 3
    assert await seen(pool) == list(range(1, 41))
    await pool.close()


async def test_it_follows_the_log_while_it_runs(
    pool: Pool, store: PostgresEventStore, queries: Queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "storage.projector.POLL", 3600.0
    )  # Whoever rests is woken by the bell, or not at all.

    async with at_work(Projector(pool)), asyncio.timeout(20):
        for n in range(1, 6):  # One may come while they still look; not one after the other.
            await store.append(append(f"m:{n}", 0, started(f"m:{n}"), opened(f"t{n}")))
            await at_the_head(queries)

    assert (await queries.cycle("m:1")).open == 1


async def test_it_survives_lost_connections(
    database: str, store: PostgresEventStore, queries: Queries
) -> None:
    pool, killer = await connect(database), await connect(database, size=1)

    async with at_work(Projector(pool)):
        for n in range(20):
            with suppress(StoreUnavailableError):
                await store.append(append(f"m:{n}", 0, started(f"m:{n}"), opened(f"t{n}")))
            await killer.execute(KILL)
        await persist(store, append("m:last", 0, started("m:last"), ended()))
        async with asyncio.timeout(10):
            await at_the_head(queries)

    assert (await verify(killer)).problems == ()
    await pool.close()
    await killer.close()


async def test_a_hole_stops_everything_and_is_an_alarm(log_of_40: int, pool: Pool) -> None:
    await pool.execute(
        "alter table termwise.event disable trigger all; delete from termwise.event where position = 9"
    )

    with pytest.raises(HoleError, match="position 8 is followed by 10"):
        await Projector(pool).catch_up()
    with capture_logs() as logs:
        async with at_work(Projector(pool, [COUNTING])), asyncio.timeout(10):
            while not [log for log in logs if log["event"] == "log.hole"]:
                await asyncio.sleep(0.02)

    assert await parked(pool) == []
    assert await seen(pool) == list(range(1, 9))
    assert (await health(pool)).hole == 9


async def test_a_listener_that_hears_no_more_is_noticed_and_replaced(pool: Pool) -> None:
    stop, heard = asyncio.Event(), asyncio.Queue[None]()
    with capture_logs() as logs:
        running = asyncio.create_task(listen(pool, lambda: heard.put_nowait(None), stop, pulse=0.1))
        await heard.get()
        # Alive, but its server has forgotten it: as behind a pooler that shares connections.
        (listener,) = [each for each in pool._holders if each._in_use]  # type: ignore[attr-defined]
        await listener._con.execute("unlisten *")
        async with asyncio.timeout(10):
            await heard.get()
        stop.set()
        await asyncio.wait_for(running, 5)

    assert [log["event"] for log in logs] == ["listener.lost"]
