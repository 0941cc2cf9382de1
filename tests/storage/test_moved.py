"""Instances that move to another version: lists follow, and the log gives the same lists again."""

from storage.database import Pool
from storage.events import PostgresEventStore
from storage.projections import CYCLES, INBOX
from storage.projector import Projector
from storage.queries import Queries
from storage.rebuild import rebuild
from storage.verify import verify
from tests.storage.facts import append, completed, migrated, opened, started


async def _moved(store: PostgresEventStore) -> None:
    """Four tasks: answered before the move, open while it came, opened after; and all that in another order."""
    await store.append(append("m:1", 0, started("m:1"), opened("t1"), opened("t2"), completed("t1")))
    await store.append(append("m:2", 0, started("m:2"), opened("t4")))
    await store.append(append("m:1", 4, migrated()))
    await store.append(append("m:1", 5, opened("t3"), completed("t2")))
    await store.append(append("m:1", 7, migrated("d2", "d3")))


async def test_tasks_have_the_version_they_are_answered_under(
    store: PostgresEventStore, queries: Queries
) -> None:
    await _moved(store)

    versions = {task: (await queries.task(task)).definition for task in ("t1", "t2", "t3", "t4")}

    assert versions == {"t1": "d1", "t2": "d2", "t3": "d3", "t4": "d1"}


async def test_the_list_of_cycles_follows(pool: Pool, store: PostgresEventStore, queries: Queries) -> None:
    await _moved(store)
    await Projector(pool).catch_up()

    row = await queries.cycle("m:1")

    assert (row.definition, row.title, row.owner_role) == ("d3", "Moderation anew", "english lead")
    assert row.stages == ("collect", "agree")
    assert (await queries.cycle("m:2")).definition == "d1"


async def test_the_log_gives_the_same_lists_again(
    pool: Pool, store: PostgresEventStore, queries: Queries
) -> None:
    await _moved(store)
    await Projector(pool).catch_up()
    before = {task: await queries.task(task) for task in ("t1", "t2", "t3", "t4")}

    found = await verify(pool)
    await rebuild(pool, INBOX)
    await rebuild(pool, CYCLES)

    assert found.problems == ()
    assert {task: await queries.task(task) for task in before} == before
    assert (await queries.cycle("m:1")).definition == "d3"
