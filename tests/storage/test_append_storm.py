"""Many writers, quarrelling over few streams, with connections cut under them."""

import asyncio
from random import Random
from uuid import UUID

import asyncpg

from engine.records import Append
from storage.database import Pool, connect
from storage.errors import StoreUnavailableError
from storage.events import PostgresEventStore
from storage.verify import verify
from tests.storage.facts import append, completed, opened, started

APPENDS, STREAMS = 200, 20

KILL = """
select pg_terminate_backend(pid) from pg_stat_activity
 where datname = current_database() and pid <> pg_backend_pid() and application_name = 'termwise'
 limit 1
"""


async def persist(store: PostgresEventStore, command: Append) -> int:
    """Append as a worker does: again after a lost connection, anew after a conflict. Returns the version."""
    while True:
        try:
            answer = await store.append(command)
        except StoreUnavailableError:
            await asyncio.sleep(0.01)
            continue
        if answer.status != "conflict":
            return answer.version
        command = command.model_copy(update={"expected": answer.version})


async def cut_connections(database: str, done: asyncio.Event) -> int:
    killer = await asyncpg.connect(database)
    cut = 0
    while not done.is_set():
        cut += bool(await killer.fetchval(KILL))
        await asyncio.sleep(0.02)
    await killer.close()
    return cut


async def test_none_is_lost_and_none_is_there_twice(database: str) -> None:
    pools = [await connect(database, size=4) for _ in range(2)]
    stores = [PostgresEventStore(pool) for pool in pools]
    chance = Random(7)  # noqa: S311
    commands = [
        append(f"m:{n % STREAMS}", chance.randrange(12), opened(f"t{n}"), completed(f"t{n}"))
        for n in range(APPENDS)
    ]
    done = asyncio.Event()
    cutting = asyncio.create_task(cut_connections(database, done))

    versions = await asyncio.gather(
        *(persist(chance.choice(stores), command) for command in commands for _ in range(2))
    )

    done.set()
    assert await cutting > 3
    await check_log(pools[0], commands, versions)
    for store, pool in zip(stores, pools, strict=True):
        await store.settled()
        await pool.close()


async def check_log(pool: Pool, commands: list[Append], versions: list[int]) -> None:
    log = await PostgresEventStore(pool).read_all(0, 10_000)
    assert [each.position for each in log] == list(range(1, 2 * APPENDS + 1))
    ends: dict[UUID, int] = {each.command: each.version for each in log}
    assert versions[::2] == versions[1::2] == [ends[command.command] for command in commands]
    assert (await verify(pool)).problems == ()


async def test_a_cancelled_caller_may_ask_again(store: PostgresEventStore) -> None:
    asked = [asyncio.create_task(store.append(append(f"m:{n}", 0, started(f"m:{n}")))) for n in range(50)]
    await asyncio.sleep(0)
    for task in asked[::2]:
        task.cancel()

    answers = await asyncio.gather(*asked, return_exceptions=True)

    assert {answer.status for answer in answers[1::2]} == {"appended"}
    assert {type(answer) for answer in answers[::2]} == {asyncio.CancelledError}
