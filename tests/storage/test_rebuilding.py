"""Read models made anew from the log, while others read and append."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from engine.errors import UnknownNameError
from engine.records import Recorded
from storage.database import Connection, Pool
from storage.errors import MigrationError
from storage.events import PostgresEventStore
from storage.projections.cycles import CYCLES
from storage.projector import Projector
from storage.verify import verify
from tests.storage.counting import COUNTING, seen
from tests.storage.facts import append, opened, started


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
