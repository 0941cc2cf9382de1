"""What is altered is found."""

import re

import pytest

from storage.database import Pool
from storage.events import PostgresEventStore
from storage.projector import Projector
from storage.verify import verify
from tests.storage.facts import append, claimed, completed, ended, opened, started


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
    assert found.checked == ("log", "inbox", "cycles", "board", "outbox")


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
