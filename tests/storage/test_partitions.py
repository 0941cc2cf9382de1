"""A log of parts: converted while it holds events, it is appended to, read, verified and protected as before."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from storage.database import Pool
from storage.events import PostgresEventStore
from storage.migrations import FOLDER
from storage.projections import FOLLOWING, INLINE
from storage.projector import Projector
from storage.verify import verify
from tests.storage.facts import append, claimed, completed, migrated, opened, started

SCRIPT = FOLDER.parent / "upkeep/partition_log.sql"
PARTS = "select tableoid::regclass::text as part, count(*)::integer as events from termwise.event group by 1 order by 1"
PLAN = "explain select 1 from termwise.event where position > 70 order by position limit 10"


@pytest.fixture
async def parted(pool: Pool, store: PostgresEventStore) -> list[asyncpg.Record]:
    """A log of 30 events that was made one of parts; its rows as they were. The first part ends before 41."""
    for n in range(10):
        await store.append(append(f"m:{n}", 0, started(f"m:{n}"), opened(f"t{n}"), claimed(f"t{n}")))
    rows = await pool.fetch("select * from termwise.event order by position")
    await pool.execute(SCRIPT.read_text())
    await pool.execute("select termwise.part_log(41)")
    return rows


async def test_what_was_there_is_there(parted: list[asyncpg.Record], pool: Pool) -> None:
    assert await pool.fetch("select * from termwise.event order by position") == parted
    assert (await verify(pool)).problems == ()


async def test_it_is_appended_to_and_read(
    parted: list[asyncpg.Record], pool: Pool, store: PostgresEventStore
) -> None:
    again = append("m:0", 3, completed("t0"))
    answers = [(await store.append(again)).status, (await store.append(again)).status]
    stale = await store.append(append("m:0", 3, claimed("t0")))
    await asyncio.gather(*(store.append(append(f"m:{n}", 3, completed(f"t{n}"))) for n in range(1, 10)))
    await pool.execute("select termwise.add_part(41, 61)")
    for n in range(20):
        await store.append(append(f"n:{n}", 0, started(f"n:{n}"), opened(f"u{n}")))
    await store.append(append("n:0", 2, migrated()))

    assert (answers, stale.status) == (["appended", "repeated"], "conflict")
    # A repeat finds its first, in whatever part that is.
    assert (await store.append(again)).status == "repeated"
    assert await pool.fetch(PARTS) == [("event_first", 40), ("event_from_41", 20),
                                       ("event_from_61", 21)]  # fmt: skip
    assert [each.version for each in await store.read("n:0")] == [1, 2, 3]
    assert [each.position for each in await store.read_all(0, 1000)] == list(range(1, 82))
    projector = Projector(pool)
    await projector.catch_up()
    for each in (*INLINE, *FOLLOWING):
        await projector.rebuild(each.name)
    assert (await verify(pool)).problems == ()
    plan = "\n".join(row[0] for row in await pool.fetch(PLAN))
    assert "event_from_61" in plan
    assert "event_first" not in plan


async def test_it_is_protected(parted: list[asyncpg.Record], pool: Pool, store: PostgresEventStore) -> None:
    await asyncio.gather(*(store.append(append(f"n:{n}", 0, started(f"n:{n}"))) for n in range(20)))

    for table in ("event", "event_first", "event_from_41"):
        for statement in ("update {} set actor = 'p-9'", "delete from {}", "truncate {}"):
            with pytest.raises(asyncpg.RestrictViolationError):
                await pool.execute(statement.format(f"termwise.{table}"))
    row = dict(parted[-1]) | {"position": 99, "command": uuid4()}
    columns = ", ".join(row)
    values = ", ".join(f"${n}" for n in range(1, len(row) + 1))
    doubled = f"insert into termwise.event ({columns}) values ({values})"  # noqa: S608 - its own columns
    await pool.execute(doubled, *row.values())
    # What no index sees any more, the head's lock and the stream's row still prevent; and this is found.
    assert (await verify(pool)).problems


async def test_a_part_ends_after_what_is_there(parted: list[asyncpg.Record], pool: Pool) -> None:
    with pytest.raises(asyncpg.RaiseError, match="has passed position 20"):
        await pool.execute("select termwise.add_part(41, 20)")
