"""The log: what an append answers, and that it keeps what it was given."""

import asyncio
from time import monotonic
from uuid import uuid4

import asyncpg
import pytest

from engine.records import Append
from storage.database import Pool, connect
from storage.errors import StoreUnavailableError, UnstorableError
from storage.events import PostgresEventStore
from tests.storage.facts import append, claimed, completed, opened, started


async def test_what_is_appended_is_read_back(store: PostgresEventStore) -> None:
    events = (started("m:1"), opened("t1"))
    command = uuid4()

    answer = await store.append(Append(stream="m:1", expected=0, command=command, events=events))

    read = await store.read("m:1")
    assert (answer.status, answer.version, answer.events) == ("appended", 2, ())
    assert tuple(each.event for each in read) == events
    assert [(each.position, each.version, each.command) for each in read] == [
        (1, 1, command),
        (2, 2, command),
    ]
    assert await store.version("m:1") == 2
    assert await store.find(command) == read
    assert await store.read_all(1, 10) == read[1:]


async def test_reading_can_start_late_and_stop_early(store: PostgresEventStore) -> None:
    await store.append(append("m:1", 0, started("m:1"), opened("t1"), claimed("t1"), completed("t1")))

    assert [each.version for each in await store.read("m:1", after=1, until=3)] == [2, 3]
    assert await store.read("nothing") == []
    assert await store.version("nothing") == 0
    assert await store.find(uuid4()) == []


async def test_a_wrong_version_is_a_conflict_and_shows_what_came_between(store: PostgresEventStore) -> None:
    await store.append(append("m:1", 0, started("m:1")))
    await store.append(append("m:1", 1, opened("t1")))

    late = await store.append(append("m:1", 1, opened("t2")))
    early = await store.append(append("m:1", 5, opened("t2")))

    assert (late.status, late.version, late.events) == ("conflict", 2, (opened("t1"),))
    assert (early.status, early.version, early.events) == ("conflict", 2, ())
    assert await store.version("m:1") == 2


@pytest.mark.parametrize("expected", [0, 2, 3, 9])
async def test_a_repeat_gets_the_first_answer_for_ever(
    database: str, store: PostgresEventStore, expected: int
) -> None:
    first = append("m:1", 0, started("m:1"), opened("t1"))
    await store.append(first)
    await store.append(append("m:1", 2, claimed("t1")))
    elsewhere = PostgresEventStore(await connect(database))

    otherwise = first.model_copy(update={"expected": expected, "events": (opened("t9"),)})
    answers = [await each.append(otherwise) for each in (store, elsewhere)]

    for answer in answers:
        assert (answer.status, answer.version, answer.events) == ("repeated", 2, first.events)
    assert await store.version("m:1") == 3
    await elsewhere._pool.close()


async def test_in_a_batch_each_is_judged_by_itself(store: PostgresEventStore) -> None:
    done = append("m:1", 0, started("m:1"))
    await store.append(done)
    await store.append(append("m:2", 0, started("m:2")))

    answers = await asyncio.gather(
        store.append(append("m:3", 0, started("m:3"), opened("t3"))),
        store.append(append("m:2", 0, opened("t2"))),
        store.append(done),
        store.append(append("m:4", 0, started("m:4"))),
    )

    assert [answer.status for answer in answers] == ["appended", "conflict", "repeated", "appended"]
    assert answers[1].events == (started("m:2"),)
    assert answers[2].events == done.events
    assert [each.stream for each in await store.read_all(2, 10)] == ["m:3", "m:3", "m:4"]


async def test_one_command_may_act_on_several_streams(store: PostgresEventStore) -> None:
    parent = append("m:1", 0, started("m:1"))
    child = parent.model_copy(update={"stream": "m:1:ash", "events": (started("m:1:ash", root="m:1"),)})

    await store.append(parent)
    assert (await store.append(child)).status == "appended"

    assert [each.stream for each in await store.find(parent.command)] == ["m:1", "m:1:ash"]
    assert (await store.append(child)).events == child.events


async def test_an_append_of_nothing_is_a_mistake(store: PostgresEventStore) -> None:
    with pytest.raises(ValueError, match="without events"):
        await store.append(append("m:1", 0))


async def test_a_poisoned_append_fails_alone(store: PostgresEventStore) -> None:
    good = [store.append(append(f"m:{n}", 0, started(f"m:{n}"))) for n in range(5)]
    bad = store.append(append("m:bad", 0, opened("t1", title="a NUL \0 character")))

    *answers, refused = await asyncio.gather(*good, bad, return_exceptions=True)

    assert {answer.status for answer in answers} == {"appended"}
    assert isinstance(refused, UnstorableError)
    assert "m:bad" in str(refused)
    assert await store.version("m:bad") == 0
    assert [each.position for each in await store.read_all(0, 10)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "statement",
    [
        "update termwise.event set actor = 'somebody'",
        "delete from termwise.event",
        "truncate termwise.event",
    ],
)
async def test_what_has_happened_cannot_be_changed(
    pool: Pool, store: PostgresEventStore, statement: str
) -> None:
    await store.append(append("m:1", 0, started("m:1")))

    with pytest.raises(asyncpg.RestrictViolationError, match="a correction is a new event"):
        await pool.execute(statement)


async def test_a_store_that_is_away_says_so_soon(store: PostgresEventStore, pool: Pool) -> None:
    before = monotonic()
    with pytest.raises(StoreUnavailableError):
        await connect("postgresql://trust@127.0.0.1:1/none")
    with pytest.raises(StoreUnavailableError):
        await connect("postgresql://trust@10.255.255.1/none")
    await pool.close()
    with pytest.raises(StoreUnavailableError):
        await store.append(append("m:1", 0, started("m:1")))
    assert monotonic() - before < 5


async def test_a_rollback_elsewhere_leaves_no_gap(pool: Pool, store: PostgresEventStore) -> None:
    await store.append(append("m:1", 0, started("m:1"), opened("t1")))
    with pytest.raises(UnstorableError):
        await store.append(append("m:2", 0, started("m:2"), opened("t1")))  # The id is another task's.
    await store.append(append("m:2", 0, started("m:2")))

    assert [each.position for each in await store.read_all(0, 10)] == [1, 2, 3]
