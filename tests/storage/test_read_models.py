"""Every read model: the same rows however the log is cut, whatever waited, and after a rebuild."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.events import Event, TaskAttached
from engine.records import Recorded
from engine.register.record_facts import PersonErased
from storage.activity import audit, of_person
from storage.database import Connection, Pool
from storage.events import PostgresEventStore
from storage.parking import parked
from storage.projections import FOLLOWING
from storage.projections.projection import Projection
from storage.projector import Projector, advance, retry_all
from storage.queries import Queries
from storage.search import search
from storage.standing import dashboard, outcomes
from storage.verify import verify
from tests.storage import facts
from tests.storage.facts import NOW, append

COPIED = """
insert into termwise.search select 'x', kind, instance, task, position, at, people, title, body
  from termwise.search where id = 'ash-1'
"""


def story(instance: str) -> list[list[Event]]:
    """Commands of a cycle in which everything happens that read models tell of."""
    task = [f"{instance}-{n}" for n in range(6)]
    late = facts.completed(task[1]).model_copy(update={"late": True, "at": NOW + timedelta(days=9)})
    return [
        [facts.started(instance, name=f"Moderation of {instance}"), *(facts.opened(each) for each in task)],
        [facts.claimed(task[0]), facts.commented(task[0])],
        [facts.overdue(task[1]), facts.completed(task[0]), late],
        [facts.returned(task[2]), facts.deferred(task[3]), facts.skipped(task[4])],
        [facts.migrated(), facts.resumed(task[3]), facts.lapsed(task[5])],
        [TaskAttached(at=NOW, by="p-3", task=task[3], label="Marking grid", link="https://example.org/1")],
        [facts.ended()],
    ]


@pytest.fixture
async def two_cycles(store: PostgresEventStore) -> None:
    for one, other in zip(story("ash"), story("beech"), strict=True):
        for stream, events in (("ash", one), ("beech", other)):
            await store.append(append(stream, await store.version(stream), *events))


async def rows(pool: Pool, projection: Projection) -> list[list[str]]:
    found = []
    for table, named in projection.tables.items():
        columns = ", ".join(named) or "*"
        query = f"select to_jsonb(r)::text from (select {columns} from termwise.{table}) r order by 1"  # noqa: S608
        found.append([row[0] for row in await pool.fetch(query)])
    return found


async def empty(pool: Pool, projection: Projection) -> None:
    await pool.execute("delete from termwise.checkpoint where projection = $1", projection.name)
    for table in projection.tables:
        await pool.execute(f"delete from termwise.{table}")  # noqa: S608 - a name of our own


@pytest.mark.parametrize("projection", FOLLOWING, ids=lambda each: each.name)
async def test_however_the_log_is_cut_and_whatever_waited_the_rows_are_the_same(
    two_cycles: None, pool: Pool, projection: Projection
) -> None:
    await Projector(pool, [projection]).catch_up()
    whole = await rows(pool, projection)
    assert all(whole)

    for size in (1, 7):
        await empty(pool, projection)
        while await advance(pool, projection, size):
            pass
        assert await rows(pool, projection) == whole
    await empty(pool, projection)
    await one_waits(pool, projection)
    assert await rows(pool, projection) == whole
    await Projector(pool, [projection]).rebuild(projection.name)
    assert await rows(pool, projection) == whole


async def one_waits(pool: Pool, projection: Projection) -> None:
    """Take everything in, but one cycle only after the other."""
    await park_ash(pool, projection)
    await retry_all(pool, projection)
    assert await parked(pool) == []


async def park_ash(pool: Pool, projection: Projection) -> None:
    """Take in everything but one cycle, which waits."""

    async def choke(connection: Connection, events: Sequence[Recorded]) -> None:
        if any(each.stream == "ash" and each.version > 3 for each in events):
            raise ValueError
        await projection.apply(connection, events)

    await Projector(pool, [replace(projection, apply=choke)]).rebuild(projection.name)
    assert [each.stream for each in await parked(pool)] == ["ash"]


async def test_all_of_it_is_what_the_log_says(two_cycles: None, pool: Pool) -> None:
    await Projector(pool).catch_up()

    assert (await verify(pool)).problems == ()


async def test_a_rebuild_mends_what_was_harmed_and_writes_nothing_else(two_cycles: None, pool: Pool) -> None:
    await Projector(pool).catch_up()
    same = "select xmin::text || ctid::text from termwise.search where id <> 'ash-1' order by id"
    before = [row[0] for row in await pool.fetch(same)]
    await pool.execute("update termwise.search set body = 'nonsense' where id = 'ash-1'")
    await pool.execute(COPIED)

    await Projector(pool).rebuild("search")

    assert (await verify(pool)).problems == ()
    assert [row[0] for row in await pool.fetch(same)] == before


async def test_words_are_found_where_they_are(two_cycles: None, pool: Pool, queries: Queries) -> None:
    await Projector(pool).catch_up()

    assert [hit.kind for hit in await search(pool, queries, "moderating ash")] == ["cycle"]
    assert {hit.task for hit in await search(pool, queries, '"six books"')} >= {"ash-0", "beech-5"}
    (grid, _) = await search(pool, queries, "marking grid")
    assert (grid.kind, grid.title, grid.words) == ("comment", "Send the samples", "Marking grid")
    assert await search(pool, queries, "marking -grid") == []


async def test_words_of_a_cycle_in_which_somebody_was_erased_are_found_no_more(
    two_cycles: None, store: PostgresEventStore, pool: Pool, queries: Queries
) -> None:
    await Projector(pool).catch_up()
    erased = PersonErased(at=NOW, by="p-9", person="p-3", reason="They asked", cycles=("ash",))
    await store.append(append("register", 0, erased))

    await Projector(pool).catch_up()

    assert {hit.instance for hit in await search(pool, queries, "books or grid or so")} == {"beech"}
    assert {hit.kind for hit in await search(pool, queries, "ash")} == {"cycle"}
    await Projector(pool).rebuild("search")
    assert {hit.instance for hit in await search(pool, queries, "books or grid or so")} == {"beech"}
    assert (await verify(pool)).problems == ()


@pytest.mark.parametrize(
    "projection", [each for each in FOLLOWING if each.forget], ids=lambda each: each.name
)
async def test_what_waited_while_somebody_was_erased_brings_no_words_back(
    two_cycles: None, store: PostgresEventStore, pool: Pool, projection: Projection
) -> None:
    erased = PersonErased(at=NOW, by="p-9", person="p-3", reason="They asked", cycles=("ash",))
    await store.append(append("register", 0, erased))
    await Projector(pool, [projection]).catch_up()
    as_it_should_be = await rows(pool, projection)
    await empty(pool, projection)

    await park_ash(pool, projection)
    await retry_all(pool, projection)

    assert await parked(pool) == []
    assert await rows(pool, projection) == as_it_should_be


async def test_what_somebody_did_is_known_and_so_is_what_they_were_asked(
    two_cycles: None, pool: Pool, queries: Queries
) -> None:
    await Projector(pool).catch_up()

    own = await of_person(pool, queries, "p-1", limit=3)
    done = await audit(pool, queries, instance="ash", limit=1000)

    assert [(each.instance, each.part, each.kind) for each in own[:2]] == [
        ("beech", "did", "task-skipped"),
        ("beech", "did", "task-deferred"),
    ]
    assert {each.instance for each in done} == {"ash"}
    assert "termwise" not in {each.person for each in done}
    assert [each.kind for each in done][-1] == "instance-started"


async def test_each_school_stands_somewhere_and_each_cycle_came_to_an_end(
    two_cycles: None, pool: Pool, queries: Queries
) -> None:
    await Projector(pool).catch_up()

    assert await dashboard(pool, queries) == []
    (school,) = await dashboard(pool, queries, ended=True)
    (ends,) = await outcomes(pool, queries, process="moderation")
    (answers,) = await outcomes(pool, queries, steps=True)

    counts = (school.on_time, school.late, school.returned, school.deferred, school.skipped, school.lapsed)
    assert (school.school, school.cycles, *counts) == ("ash", 2, 2, 2, 2, 0, 2, 2)
    assert (ends.title, ends.outcomes, ends.median_days) == ("Moderation anew", {"Finished": 2}, 9.0)
    assert answers.outcomes == {"away": 2, "open": 2, "send back": 2, "sent": 4, "silent": 2}
