"""Read models that follow the log: each event once, whatever is cut off when."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from engine.errors import UnknownNameError
from engine.records import Append, Recorded
from storage.database import Connection, Pool, connect
from storage.errors import HoleError, MigrationError, StoreUnavailableError
from storage.events import PostgresEventStore
from storage.health import health
from storage.listener import listen
from storage.parking import parked
from storage.projections import FOLLOWING
from storage.projections.cycles import CYCLES
from storage.projections.projection import Projection
from storage.projector import ProjectionStuckError, Projector, advance
from storage.queries import Queries
from storage.verify import verify
from tests.storage.facts import append, claimed, completed, ended, opened, started

#: Counts every event it is given: twice is seen, and so is never.
SEEN = "create table termwise.seen (position bigint not null)"


async def count(connection: Connection, events: Sequence[Recorded]) -> None:
    await connection.executemany("insert into seen values ($1)", [(each.position,) for each in events])


KILL = """
select pg_terminate_backend(pid) from pg_stat_activity
 where pid <> pg_backend_pid() and datname = current_database()
"""

COUNTED = "select count(*) from termwise.seen"
COUNTING = Projection(name="counting", version=1, tables={"seen": ()}, apply=count)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails is parked soon."""
    monkeypatch.setattr("storage.pace.BACK_OFF", 0.01)


@pytest.fixture
async def log_of_40(store: PostgresEventStore, pool: Pool) -> int:
    await pool.execute(SEEN)
    for n in range(10):
        await store.append(append(f"m:{n}", 0, started(f"m:{n}"), opened(f"t{n}"), claimed(f"t{n}")))
        await store.append(append(f"m:{n}", 3, completed(f"t{n}")))
    return 40


async def seen(pool: Pool) -> list[int]:
    return [row[0] for row in await pool.fetch("select position from termwise.seen order by 1")]


async def persist(store: PostgresEventStore, command: Append) -> None:
    """Again until it is done: every connection of the pool may have been cut."""
    with suppress(StoreUnavailableError):
        await store.append(command)
        return
    await persist(store, command)


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


async def park_all(pool: Pool, projector: Projector) -> None:
    """Run it until something is parked."""
    async with at_work(projector), asyncio.timeout(15):
        while not await parked(pool):
            await asyncio.sleep(0.05)


async def test_catching_up_tells_what_is_wrong(log_of_40: int, pool: Pool) -> None:
    async def choke(connection: Connection, events: Sequence[Recorded]) -> None:
        raise ValueError("too much")

    with pytest.raises(ProjectionStuckError, match="'counting' is stuck at positions 1 to 40"):
        await Projector(pool, [replace(COUNTING, apply=choke)]).catch_up()


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


async def test_a_newer_version_is_rebuilt_by_itself(log_of_40: int, pool: Pool) -> None:
    await Projector(pool, [COUNTING]).catch_up()
    await pool.execute("update termwise.seen set position = 0")

    await Projector(pool, [replace(COUNTING, version=2)]).catch_up()

    assert await seen(pool) == list(range(1, 41))
    assert await pool.fetchval("select count(*) from pg_namespace where nspname like 'termwise_build%'") == 0


async def test_an_old_worker_leaves_to_a_newer_one_what_that_keeps(
    log_of_40: int, pool: Pool, store: PostgresEventStore
) -> None:
    old, new = Projector(pool, [COUNTING]), Projector(pool, [replace(COUNTING, version=2)])
    await asyncio.gather(old.catch_up(), new.catch_up())
    await store.append(append("m:new", 0, started("m:new")))

    await old.catch_up()
    assert len(await seen(pool)) == 40
    await new.catch_up()

    assert await seen(pool) == list(range(1, 42))
    with pytest.raises(MigrationError, match="newer termwise"):
        await old.rebuild("counting")


@pytest.mark.parametrize("name", ["inbox", "cycles", "board", "outbox"])
async def test_a_rebuild_gives_the_same_rows(log_of_40: int, pool: Pool, name: str) -> None:
    projector = Projector(pool)
    await projector.catch_up()
    table = {"cycles": "cycle"}.get(name, name)
    rows = f"select * from termwise.{table} t order by t::text"  # noqa: S608 - a name of our own
    before = await pool.fetch(rows)

    assert await projector.rebuild(name) == log_of_40

    assert await pool.fetch(rows) == before
    assert (await verify(pool)).problems == ()


async def test_a_rebuild_mends_rows_and_is_unseen_until_done(log_of_40: int, pool: Pool) -> None:
    await Projector(pool).catch_up()
    await pool.execute("update termwise.cycle set title = 'altered'")
    seen_meanwhile: list[int] = []

    async def watched(connection: Connection, events: Sequence[Recorded]) -> None:
        await CYCLES.apply(connection, events)
        seen_meanwhile.append(
            await pool.fetchval("select count(*) from termwise.cycle where title = 'altered'")
        )

    await Projector(pool, [replace(CYCLES, apply=watched)]).rebuild("cycles")

    assert seen_meanwhile == [10]
    assert await pool.fetchval("select count(*) from termwise.cycle where title = 'Moderation'") == 10


async def test_the_inbox_is_rebuilt_while_others_append(
    log_of_40: int, pool: Pool, store: PostgresEventStore
) -> None:
    async def go_on() -> None:
        for n in range(60):
            await store.append(append(f"n:{n}", 0, started(f"n:{n}"), opened(f"u{n}")))

    appending = asyncio.create_task(go_on())
    while not appending.done():
        await Projector(pool).rebuild("inbox")

    await appending
    assert (await verify(pool)).problems == ()
    assert await pool.fetchval("select count(*) from termwise.inbox where status = 'open'") == 60


async def test_an_unknown_projection_is_refused(pool: Pool) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'inbox'"):
        await Projector(pool).rebuild("inbx")


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
