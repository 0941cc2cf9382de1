"""Workers of the version before go on while, and after, the structure changes under them."""

import asyncio
from pathlib import Path
from shutil import copy

import asyncpg
import pytest

from engine.records import Append
from storage import migrations
from storage.appending import Prepared, bodies_of, prepare
from storage.database import Pool, connect
from storage.errors import MigrationWaitsError
from storage.events import PostgresEventStore
from storage.migrations import FOLDER, migrate
from storage.projector import Projector
from storage.verify import verify
from tests.storage.facts import append, claimed, completed, opened, started

#: What the version before sends, word for word. Never to be changed: that is the point.
OLD_LAST = "0020_channels"
OLD_ONE = "select status, version from termwise.append_one($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
OLD_BATCH = """
select status, version
  from termwise.append_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
 order by item
"""
OLD_READS = {
    "the log": """
select e.position, s.name as stream, e.version, e.schema_v, e.command, e.recorded_at, e.data
  from termwise.event e join termwise.stream s on s.id = e.stream
 where e.position > 0
 order by e.position limit 500
""",
    "the inbox": "select task, title, status, assignee, due_at, revision from termwise.inbox where status = 'open'",
    "the cycles": "select id, state, open, done, overdue from termwise.cycle where state = 'running'",
    "a checkpoint": "select version, position from termwise.checkpoint where projection = 'cycles' for update",
}


async def old_append(pool: Pool, asked: Append) -> tuple[str, int]:
    item = _prepared(asked)
    changes = item.tasks.values()
    row = await pool.fetchrow(
        OLD_ONE,
        item.stream,
        asked.stream,
        asked.expected,
        asked.command,
        item.facts,
        [event.kind for event in asked.events],
        [event.at for event in asked.events],
        [event.by for event in asked.events],
        item.bodies,
        [change.last for change in changes],
        list(item.tasks),
        [change.model_dump_json() for change in changes],
    )
    assert row
    return row["status"], row["version"]


async def old_batch(pool: Pool, *asked: Append) -> list[str]:
    items = [_prepared(each) for each in asked]
    events = [
        (number, nth, event.kind, event.at, event.by, body)
        for number, item in enumerate(items, start=1)
        for nth, (event, body) in enumerate(zip(item.append.events, item.bodies, strict=True), start=1)
    ]
    tasks = [
        (number, change.last, task, change.model_dump_json())
        for number, item in enumerate(items, start=1)
        for task, change in item.tasks.items()
    ]
    rows = await pool.fetch(
        OLD_BATCH,
        [item.stream for item in items],
        [item.append.stream for item in items],
        [item.append.expected for item in items],
        [item.append.command for item in items],
        [len(item.bodies) for item in items],
        [item.facts for item in items],
        *([row[column] for row in events] for column in range(6)),
        *([row[column] for row in tasks] for column in range(4)),
    )
    return [row["status"] for row in rows]


def _prepared(asked: Append) -> Prepared:
    assert asked.expected is not None
    return prepare(asked, asked.expected, bodies_of(asked))


async def test_old_and_new_code_write_and_read_one_log(pool: Pool, store: PostgresEventStore) -> None:
    first = append("m:1", 0, started("m:1"), opened("t1"))

    assert await old_append(pool, first) == ("appended", 2)
    assert (await store.append(append("m:1", 2, claimed("t1")))).status == "appended"
    assert (await store.append(first)).status == "repeated"
    assert await old_append(pool, append("m:1", 2, completed("t1"))) == ("conflict", 3)
    again = append("m:2", 0, started("m:2"), opened("t2"))
    assert await old_batch(pool, append("m:1", 3, completed("t1")), again) == ["appended", "appended"]
    assert await old_batch(pool, again) == ["repeated"]

    await Projector(pool).catch_up()
    read = {name: len(await pool.fetch(query)) for name, query in OLD_READS.items()}
    assert read == {"the log": 6, "the inbox": 1, "the cycles": 2, "a checkpoint": 1}
    assert (await verify(pool)).problems == ()


@pytest.fixture
async def of_before(database: str, tmp_path: Path) -> str:
    """A database as the version before left it."""
    connection = await asyncpg.connect(database)
    await connection.execute("drop schema termwise cascade")
    await connection.close()
    for file in FOLDER.glob("*.sql"):
        if file.stem <= OLD_LAST:
            copy(file, tmp_path)
    await migrate(database, tmp_path)
    return database


async def test_old_workers_write_while_the_structure_changes(of_before: str) -> None:
    pool = await connect(of_before)
    done = asyncio.Event()

    begun = [asyncio.Event() for _ in range(4)]

    async def write(writer: int) -> int:
        written = 0
        while not done.is_set() or written < 3:
            name = f"m:{writer}:{written}"
            assert await old_append(pool, append(name, 0, started(name), opened(f"t:{name}"))) == (
                "appended",
                2,
            )
            begun[writer].set()
            written += 1
        return written

    writing = [asyncio.create_task(write(writer)) for writer in range(4)]
    await asyncio.gather(*(each.wait() for each in begun))
    applied = await migrate(of_before)
    done.set()
    written = sum(await asyncio.gather(*writing))

    assert applied
    store = PostgresEventStore(pool)
    await store.append(append("m:0:0", 2, claimed("t:m:0:0")))
    await Projector(pool).catch_up()
    found = await verify(pool)
    assert (found.events, found.problems) == (2 * written + 1, ())
    await store.settled()
    await pool.close()


WAITS = """
select exists (select from pg_locks where not granted and mode = 'AccessExclusiveLock'
                                      and relation = 'termwise.event'::regclass)
"""


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """The migrations there are, and one that must have the table of events for itself."""
    for file in FOLDER.glob("*.sql"):
        copy(file, tmp_path)
    (tmp_path / "9999_later.sql").write_text("alter table termwise.event add column later integer")
    return tmp_path


async def test_a_migration_lets_appends_pass_while_somebody_reads_for_long(
    database: str, later: Path, store: PostgresEventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "HURRIED", "set local lock_timeout = '50ms'")
    monkeypatch.setattr(migrations, "LET_PASS", 0.05)
    reader = await asyncpg.connect(database)
    reading = reader.transaction()
    await reading.start()
    await reader.execute("select from termwise.event")

    migrating = asyncio.create_task(migrate(database, later))
    for n in range(3):
        while not await reader.fetchval(WAITS):
            await asyncio.sleep(0.01)
        # It stands behind the migration, and goes on as soon as that lets it pass.
        await asyncio.wait_for(store.append(append(f"m:{n}", 0, started(f"m:{n}"))), 20)
    assert not migrating.done()
    await reading.rollback()

    assert await migrating == ["9999_later"]
    await reader.close()


async def test_a_migration_that_finds_no_moment_says_so(
    database: str, later: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "HURRIED", "set local lock_timeout = '10ms'")
    monkeypatch.setattr(migrations, "LET_PASS", 0.0)
    reader = await asyncpg.connect(database)
    async with reader.transaction():
        await reader.execute("select from termwise.event")

        with pytest.raises(MigrationWaitsError, match="'9999_later' waits for a table"):
            await migrate(database, later)

    await reader.close()
    assert await migrate(database, later) == ["9999_later"]
