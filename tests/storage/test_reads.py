"""Every way to read the log."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.database import Pool
from storage.events import PostgresEventStore
from storage.reads import LogReads, Selection
from tests.storage.facts import NOW, append, claimed, completed, ended, opened, started
from tests.storage.past import recorded_from

MAY = datetime(2027, 5, 3, 12, tzinfo=UTC)


@pytest.fixture
async def reads(pool: Pool, store: PostgresEventStore) -> LogReads:
    """Two cycles, one with a part; the second of another process. Positions 1 to 9."""
    await store.append(append("a", 0, started("a"), opened("t1")))
    await store.append(append("a/1", 0, started("a/1", "a"), opened("t2")))
    await store.append(append("b", 0, started("b", process="appraisal"), opened("t3")))
    await store.append(append("a", 2, completed("t1")))
    await store.append(append("b", 2, claimed("t3")))
    await store.append(append("a", 3, ended()))
    return LogReads(pool)


async def _positions(reads: LogReads, limit: int | None = None, **which: object) -> list[int]:
    return [each.position for each in await reads.read(Selection.model_validate(which), limit)]


@pytest.mark.parametrize(
    ("which", "positions"),
    [
        ({}, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ({"backwards": True}, [9, 8, 7, 6, 5, 4, 3, 2, 1]),
        ({"after": 3, "until": 6}, [4, 5, 6]),
        ({"after": 3, "until": 6, "backwards": True}, [6, 5, 4]),
        ({"streams": ("a",)}, [1, 2, 7, 9]),
        ({"streams": ("a",), "backwards": True}, [9, 7, 2, 1]),
        ({"streams": ("a",), "version": 3}, [1, 2, 7]),
        ({"streams": ("a", "b")}, [1, 2, 5, 6, 7, 8, 9]),
        ({"streams": ()}, []),
        ({"streams": ("nothing",)}, []),
        ({"root": "a"}, [1, 2, 3, 4, 7, 9]),
        ({"category": "moderation"}, [1, 2, 3, 4, 7, 9]),
        ({"category": "appraisal", "backwards": True}, [8, 6, 5]),
        ({"category": "appraisal", "streams": ("a",)}, []),
        ({"version": 1}, [1, 3, 5]),
        ({"occurred_until": NOW}, [1, 2, 3, 4, 5, 6, 8]),
        ({"occurred_until": NOW, "root": "a"}, [1, 2, 3, 4]),
        ({"occurred_until": NOW - timedelta(seconds=1)}, []),
    ],
)
async def test_events_are_selected(reads: LogReads, which: dict[str, object], positions: list[int]) -> None:
    assert await _positions(reads, **which) == positions


async def test_the_first_of_them_may_be_enough(reads: LogReads) -> None:
    assert await _positions(reads, 2, root="a") == [1, 2]
    assert await _positions(reads, 2, root="a", backwards=True) == [9, 7]


async def test_the_log_is_read_as_it_was_recorded_at_a_moment(reads: LogReads, pool: Pool) -> None:
    await recorded_from(pool, 0, MAY)
    await recorded_from(pool, 4, MAY + timedelta(days=1))
    await recorded_from(pool, 8, MAY + timedelta(days=2))

    found = {
        days: await reads.position_at(MAY + timedelta(days=days)) for days in (-1, 0, 0.5, 1, 1.5, 2, 400)
    }

    assert found == {-1: 0, 0: 4, 0.5: 4, 1: 8, 1.5: 8, 2: 9, 400: 9}
    assert await _positions(reads, recorded_until=MAY + timedelta(days=1), streams=("a",)) == [1, 2, 7]


async def test_a_long_selection_is_read_page_by_page_both_ways(pool: Pool, store: PostgresEventStore) -> None:
    await store.append(append("a", 0, started("a"), *(opened(f"t{n}") for n in range(1200))))
    reads = LogReads(pool)

    on = await _positions(reads, streams=("a",))
    back = await _positions(reads, backwards=True)

    assert on == [*range(1, 1202)]
    assert back == on[::-1]
