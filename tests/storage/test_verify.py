"""What is altered is found."""

import re

import pytest

from engine.events import Event
from storage.database import Pool
from storage.events import PostgresEventStore
from storage.projections import FOLLOWING
from storage.projections.board import BOARD
from storage.projections.cycles import CYCLES
from storage.projections.inbox import INBOX
from storage.projector import Projector
from storage.queries import Queries
from storage.rebuild import rebuild
from storage.verify import verify
from tests.storage.facts import (
    append,
    claimed,
    completed,
    deferred,
    ended,
    lapsed,
    opened,
    overdue,
    resumed,
    skipped,
    started,
)


@pytest.fixture
async def lived(store: PostgresEventStore, pool: Pool) -> None:
    first = append("m:1", 0, started("m:1"), opened("t1"), opened("t2"))
    await store.append(first)
    await store.append(append("m:1", 3, claimed("t1")))
    await store.append(append("m:2", 0, started("m:2"), opened("t3")))
    await store.append(append("m:1", 4, completed("t1"), ended()))
    await store.append(first)
    await Projector(pool).catch_up()


async def test_what_nobody_touched_is_sound(lived: None, pool: Pool) -> None:
    found = await verify(pool)

    assert (found.sound, found.events, found.problems) == (True, 8, ())
    assert found.checked == ("log", "blocks", "inbox", *(each.name for each in FOLLOWING))


async def test_what_was_set_aside_is_counted_as_that_and_is_the_same_from_the_log(
    store: PostgresEventStore, pool: Pool, queries: Queries
) -> None:
    tasks = [opened(f"t{n}") for n in range(5)]
    steps: list[tuple[Event, ...]] = [
        (started("m:1"), *tasks),
        (overdue("t0"), deferred("t0"), overdue("t1"), deferred("t1"), skipped("t2"), lapsed("t3")),
        (resumed("t1"),),
    ]
    for events in steps:
        await store.append(append("m:1", await store.version("m:1"), *events))
        await Projector(pool).catch_up()

    cycle, [cell, _] = await queries.cycle("m:1"), await queries.board("m:1")

    for each in (cycle, cell):
        counts = (each.open, each.done, each.overdue, each.deferred, each.skipped, each.lapsed)
        assert counts == (2, 0, 0, 1, 1, 1)
    assert cell.next_due == tasks[4].due.at if tasks[4].due else None
    assert (await verify(pool)).problems == ()
    for projection in (INBOX, BOARD, CYCLES):
        await rebuild(pool, projection)
    assert (await queries.cycle("m:1"), (await queries.board("m:1"))[0]) == (cycle, cell)


async def test_looking_changes_nothing(lived: None, pool: Pool) -> None:
    await pool.execute("update termwise.inbox set title = 'altered' where task = 't1'")

    first, second = await verify(pool), await verify(pool)

    assert first == second
    assert await pool.fetchval("select title from termwise.inbox where task = 't1'") == "altered"


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("update termwise.inbox set status = 'completed' where task = 't2'", "inbox has a row .*'?t2"),
        ("delete from termwise.inbox where task = 't3'", "inbox lacks a row .*t3"),
        ("update termwise.cycle set open = 9 where id = 'm:2'", "cycle has a row .*m:2"),
        ("update termwise.board set done = 9 where school = ''", "board has a row"),
        ("delete from termwise.outbox where recipient = 'p-2'", "outbox lacks a row"),
        (
            "update termwise.event set actor = 'p-9' where position = 4",
            "position 4: type, time or actor differ",
        ),
        ("update termwise.event set data = '{}' where position = 4", "position 4 cannot be read"),
        ("delete from termwise.event where position = 5", "position 4 is followed by 6"),
        ("delete from termwise.event where position = 8", "head is at 8, the last event at 7"),
        ("delete from termwise.event where position = 8", "stream m:1 is at version 6, but has 5 events"),
        (
            "update termwise.event set version = 9 where position = 8",
            "version 9 of its stream follows version 5",
        ),
        ("update termwise.event set command = stream where position = 2", "has not the 3 events"),
        (
            "update termwise.stream set version = 7 where name = 'm:1'",
            "m:1 is at version 7, but has 6 events",
        ),
        ("update termwise.stream set root = 'm:9' where name = 'm:1'", "its stream's row differs"),
        ("delete from termwise.stream where name = 'm:2'", "has 2 events"),
        ("update termwise.head set position = 9", "head is at 9"),
    ],
)
async def test_harm_is_found(lived: None, pool: Pool, harm: str, told: str) -> None:
    await pool.execute("alter table termwise.event disable trigger all")
    await pool.execute(harm)

    found = await verify(pool)

    assert not found.sound
    assert any(re.search(told, problem) for problem in found.problems), found.problems
