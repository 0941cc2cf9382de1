"""What an append may expect: a version of its own stream, any, and versions of streams it leaves alone."""

import asyncio
from collections.abc import Sequence

import asyncpg
import pytest

from engine.records import Append, StreamCheck
from storage.database import Pool
from storage.events import PostgresEventStore
from storage.hashing import event_hash
from tests.storage.facts import append, claimed, commented, opened, started

HASHES = """
select s.name, e.version, e.type, e.schema_v, e.command, e.nth, e.of, e.occurred_at, e.actor, e.data, e.hash
  from termwise.event e join termwise.stream s on s.id = e.stream order by e.position
"""


def checking(asked: Append, *checks: tuple[str, int]) -> Append:
    return asked.model_copy(
        update={"checks": tuple(StreamCheck(stream=name, version=version) for name, version in checks)}
    )


def anywhere(asked: Append) -> Append:
    return asked.model_copy(update={"expected": None})


async def test_every_event_is_stored_with_its_hash(pool: Pool, store: PostgresEventStore) -> None:
    await store.append(append("m:1", 0, started("m:1"), opened("t1")))
    await asyncio.gather(*(store.append(append(f"m:{n}", 0, started(f"m:{n}"))) for n in range(2, 5)))

    rows = [tuple(row) for row in await pool.fetch(HASHES)]

    assert len(rows) == 5
    assert [row[-1] for row in rows] == [event_hash(*row[:-1]) for row in rows]


async def test_a_note_goes_to_whatever_version_there_is(store: PostgresEventStore) -> None:
    first = await store.append(anywhere(append("m:1", 7, started("m:1"))))
    second = await store.append(anywhere(append("m:1", 7, opened("t1"))))

    assert (first.status, first.version) == ("appended", 1)
    assert (second.status, second.version) == ("appended", 2)


async def test_of_many_notes_at_once_none_is_turned_away(store: PostgresEventStore, pool: Pool) -> None:
    other = PostgresEventStore(pool)
    await store.append(append("m:1", 0, started("m:1"), opened("t1")))
    notes = [anywhere(append("m:1", 0, commented("t1"))) for _ in range(20)]

    answers = await asyncio.gather(*(each.append(note) for note in notes for each in (store, other)))

    assert {answer.status for answer in answers} == {"appended", "repeated"}
    assert sorted({answer.version for answer in answers}) == list(range(3, 23))
    rows = [tuple(row) for row in await pool.fetch(HASHES)]
    assert [row[-1] for row in rows] == [event_hash(*row[:-1]) for row in rows]
    await other.settled()


async def test_a_check_of_another_stream_holds_or_is_a_conflict_that_names_it(
    store: PostgresEventStore,
) -> None:
    await store.append(append("register", 0, started("register"), opened("t0")))

    good = checking(append("m:1", 0, started("m:1")), ("register", 2), ("nothing", 0))
    bad = checking(append("m:2", 0, started("m:2")), ("register", 1), ("nothing", 0), ("m:1", 1))
    answers = [await store.append(each) for each in (good, bad, anywhere(bad))]

    assert [answer.status for answer in answers] == ["appended", "conflict", "conflict"]
    assert [answer.version for answer in answers] == [1, 0, 0]
    assert answers[1].moved == answers[2].moved == (StreamCheck(stream="register", version=2),)
    assert await store.version("m:2") == 0
    assert await store.version("register") == 2
    assert await store.version("nothing") == 0


async def test_a_repeat_is_recognised_although_its_check_no_longer_holds(store: PostgresEventStore) -> None:
    asked = checking(append("m:1", 0, started("m:1")), ("register", 0))
    await store.append(asked)
    await store.append(append("register", 0, started("register")))

    answer = await store.append(asked)

    assert (answer.status, answer.version, answer.events) == ("repeated", 1, asked.events)


async def test_in_one_batch_nothing_slips_between_a_check_and_the_append(store: PostgresEventStore) -> None:
    """Two may each check the other's stream, and only the first may have its way."""
    for round_ in range(5):
        one, two = f"a:{round_}", f"b:{round_}"
        keeps_busy = store.append(append(f"busy:{round_}", 0, started(f"busy:{round_}")))
        first = store.append(checking(append(one, 0, started(one)), (two, 0)))
        second = store.append(checking(append(two, 0, started(two)), (one, 0)))
        third = store.append(checking(append(f"c:{round_}", 0, started("c")), ("register", 0)))

        answers = await asyncio.gather(keeps_busy, first, second, third)

        assert [answer.status for answer in answers] == ["appended", "appended", "conflict", "appended"]
        assert answers[2].moved == (StreamCheck(stream=one, version=1),)


class Doubled:
    """Seals by writing every text twice over, as nothing of ours does, so that it shows."""

    async def seal(self, append: Append, bodies: Sequence[str]) -> Sequence[str]:
        assert len(append.events) == len(bodies)
        return [f'{{"sealed":{body}}}' for body in bodies]

    async def opened(self, texts: Sequence[str]) -> Sequence[str]:
        return [text.removeprefix('{"sealed":')[:-1] for text in texts]


async def test_what_is_sealed_is_stored_and_hashed_and_reads_as_before(pool: Pool) -> None:
    store = PostgresEventStore(pool, Doubled())
    asked = append("m:1", 0, started("m:1"), opened("t1"), claimed("t1"))
    await store.append(asked)

    rows = [tuple(row) for row in await pool.fetch(HASHES)]

    assert all(row[-2].startswith('{"sealed":{') for row in rows)
    assert [row[-1] for row in rows] == [event_hash(*row[:-1]) for row in rows]
    assert tuple(each.event for each in await store.read("m:1")) == asked.events
    assert (await store.append(asked)).events == asked.events
    assert [each.event for each in await store.read_all(0, 9)] == list(asked.events)
    await store.settled()


async def test_what_is_no_hash_is_refused(pool: Pool) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="event_hash_is_sha256"):
        await pool.execute(
            "insert into termwise.event values (1, gen_random_uuid(), 1, 'k', 1, gen_random_uuid(), 1, 1, now(), "
            "'p', now(), '{}', 'short')"
        )


async def test_it_is_recorded_when_it_was_recorded_and_not_when_it_occurred(
    store: PostgresEventStore, pool: Pool
) -> None:
    before = await pool.fetchval("select clock_timestamp()")

    await store.append(append("m:1", 0, started("m:1")))
    await asyncio.gather(*(store.append(append(f"m:{n}", 0, started(f"m:{n}"))) for n in range(2, 6)))

    after = await pool.fetchval("select clock_timestamp()")
    recorded = [each.recorded_at for each in await store.read_all(0, 10)]
    assert len(recorded) == 5
    assert before <= min(recorded) <= max(recorded) <= after
