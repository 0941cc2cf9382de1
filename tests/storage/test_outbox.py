"""Who is told what: planned once, sent by one courier at a time."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from engine.events import Event, NotificationRequested, TaskEscalated, TaskReassigned, TaskReminded
from engine.register.address_facts import AddressFailed
from engine.register.channel_facts import ChannelClosed, ChannelOpened
from storage.database import Pool
from storage.events import PostgresEventStore
from storage.outbox import Message, PostgresOutbox
from storage.projections.outbox import OUTBOX
from storage.projector import Projector
from storage.reading import page
from storage.verify import verify
from tests.storage.facts import NOW, append, migrated, opened, overdue, returned, started


def reassigned(task: str, person: str, by: str = "p-leader") -> TaskReassigned:
    return TaskReassigned(at=NOW, by=by, task=task, person=person, reason="ill")


def notification(*to: str) -> NotificationRequested:
    return NotificationRequested(
        at=NOW, by="termwise", address="n", step="n", to=to, subject="Moderation begins", body="Please read."
    )


async def plan(pool: Pool, *events: object) -> None:
    await PostgresEventStore(pool).append(append("m:1", 0, started("m:1"), *events))  # type: ignore[arg-type]
    await Projector(pool).catch_up()


async def drain(outbox: PostgresOutbox) -> list[Message]:
    """Send everything, as one courier would."""
    gone: list[Message] = []
    while claimed := await outbox.claim(10):
        for message in claimed:
            await outbox.sent(message, "smtp")
        gone += claimed
    return gone


async def test_each_is_told_once_of_what_concerns_them(pool: Pool) -> None:
    await plan(
        pool,
        opened("t1"),
        opened("t2", assignee="p-3", round=2),
        reassigned("t1", "p-4"),
        reassigned("t1", "p-5", by="p-5"),
        returned("t2"),
        TaskReminded(at=NOW, by="termwise", task="t1", days=3, to=("p-4",)),
        overdue("t1", "p-4"),
        TaskEscalated(at=NOW, by="termwise", task="t1", days=2, role="trust lead", to=("p-9", "p-9")),
        notification("p-6"),
    )

    gone = await drain(PostgresOutbox(pool))

    assert [(message.position, message.kind, message.recipient) for message in sorted(gone, key=order)] == [
        (2, "task-opened", "p-1"),
        (2, "task-opened", "p-2"),
        (3, "task-again", "p-3"),
        (4, "task-reassigned", "p-4"),
        (7, "task-reminded", "p-4"),
        (8, "task-overdue", "p-4"),
        (9, "task-escalated", "p-9"),
        (10, "notification-requested", "p-6"),
    ]
    assert {message.kind: message.parameters for message in gone}["task-escalated"] == {
        "instance": "m:1", "task": "t1", "days": 2, "role": "trust lead",
    }  # fmt: skip
    assert len({message.message_id for message in gone}) == 8


async def test_who_stands_in_is_told_besides_for_whom_as_the_event_says(pool: Pool) -> None:
    reminded = TaskReminded(
        at=NOW, by="termwise", task="t1", days=3, to=("p-1", "p-2"), deputies={"p-7": "p-2", "p-2": "p-1"}
    )
    await plan(pool, reminded)

    gone = await drain(PostgresOutbox(pool))

    told = {message.recipient: message.parameters.get("covers_for") for message in gone}
    assert told == {"p-1": None, "p-2": None, "p-7": "p-2"}
    assert (len(gone), len({message.message_id for message in gone})) == (3, 3)


def order(message: Message) -> tuple[int, str]:
    return message.position, message.recipient


async def test_a_rebuild_sends_nothing_twice(pool: Pool) -> None:
    await plan(pool, opened("t1"), notification("p-1"))
    outbox = PostgresOutbox(pool)
    (first, _) = await outbox.claim(5)
    await outbox.sent(first, "smtp")
    await pool.execute("delete from termwise.outbox where position = 3")

    await Projector(pool).rebuild("outbox")

    assert await pool.fetchval("select count(*) from termwise.outbox") == 3
    assert await pool.fetchval("select count(*) from termwise.outbox where status = 'sent'") == 1
    assert first.message_id not in {message.message_id for message in await drain(outbox)}


async def test_two_couriers_never_hold_the_same_message(pool: Pool) -> None:
    await plan(pool, *(opened(f"t{n}", candidates=tuple(f"p-{n}-{m}" for m in range(10))) for n in range(20)))
    taken: list[UUID] = []

    async def courier() -> None:
        outbox = PostgresOutbox(pool)
        while claimed := await outbox.claim(3):
            taken.extend(message.message_id for message in claimed)
            await asyncio.sleep(0)
            for message in claimed:
                await outbox.sent(message, "smtp")

    await asyncio.gather(*(courier() for _ in range(6)))

    assert len(taken) == len(set(taken)) == 200


async def test_to_one_person_things_are_told_in_order(pool: Pool) -> None:
    await plan(pool, opened("t1", assignee="p-1"), opened("t2", assignee="p-1"), opened("t3", assignee="p-2"))
    outbox = PostgresOutbox(pool)

    first, other = await outbox.claim(9)
    assert (first.position, other.position) == (2, 4)
    await outbox.failed(first, "the server is busy", datetime.now(UTC) + timedelta(hours=1))
    assert await outbox.claim(9) == []

    await outbox.dead(first, "no such address")
    (second,) = await outbox.claim(9)
    assert second.position == 3


async def test_a_failed_message_is_tried_again_when_it_is_time(pool: Pool) -> None:
    await plan(pool, opened("t1", assignee="p-1"))
    outbox = PostgresOutbox(pool)
    (message,) = await outbox.claim(1)
    await outbox.failed(message, "busy", datetime.now(UTC) - timedelta(seconds=1))

    (again,) = await outbox.claim(1)

    assert (message.attempts, again.attempts, again.message_id) == (1, 2, message.message_id)


@pytest.mark.parametrize(("lease", "found"), [(60.0, 0), (0.0, 1)])
async def test_a_courier_that_vanished_loses_its_lease(pool: Pool, lease: float, found: int) -> None:
    await plan(pool, opened("t1", assignee="p-1"))
    await PostgresOutbox(pool, lease).claim(1)

    assert len(await PostgresOutbox(pool).claim(1)) == found


def place_opened(channel: str, *kinds: str) -> ChannelOpened:
    return ChannelOpened(at=NOW, by="p-leader", channel=channel, kinds=kinds)


async def happen(pool: Pool, stream: str, after: int, *events: Event) -> None:
    await PostgresEventStore(pool).append(append(stream, after, *events))


async def planned(pool: Pool) -> list[tuple[object, ...]]:
    query = "select position, channel, recipient from termwise.outbox order by position, channel, recipient"
    return [tuple(row) for row in await pool.fetch(query)]


async def a_place_that_comes_and_goes(pool: Pool) -> list[tuple[object, ...]]:
    """Let things happen before, while and after places are open; and what is planned then."""
    await happen(pool, "m:1", 0, started("m:1"), opened("t1", assignee="p-1"))
    await happen(pool, "register", 0, place_opened("teams", "task-overdue"), place_opened("webhook"))
    await happen(pool, "m:1", 2, opened("t2", candidates=("p-1", "p-2")), overdue("t2", "p-1"))
    await happen(pool, "register", 2, ChannelClosed(at=NOW, by="p-leader", channel="webhook"))
    await happen(pool, "m:1", 4, overdue("t1", "p-1"))
    return [
        (2, "mail", "p-1"),
        (5, "mail", "p-1"),
        (5, "mail", "p-2"),
        (5, "webhook", "trust"),
        (6, "mail", "p-1"),
        (6, "teams", "trust"),
        (6, "webhook", "trust"),
        (8, "mail", "p-1"),
        (8, "teams", "trust"),
    ]


async def test_a_place_is_told_once_of_what_it_wants_while_it_is_open(pool: Pool) -> None:
    expected = await a_place_that_comes_and_goes(pool)

    await Projector(pool).catch_up()

    assert await planned(pool) == expected


async def test_what_a_place_is_told_is_the_same_however_the_log_is_cut_and_rebuilt(pool: Pool) -> None:
    expected = await a_place_that_comes_and_goes(pool)
    for at in range(1, 9):
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute("set local search_path = termwise")
            (event,) = await page(connection, at - 1, 1)
            await OUTBOX.apply(connection, [event])
    assert await planned(pool) == expected

    await Projector(pool).rebuild("outbox")

    assert await planned(pool) == expected
    assert (await verify(pool)).sound


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({"confidentiality": "public"}, True),
        ({"confidentiality": "trust"}, True),
        ({"confidentiality": "trust", "person": "p-7"}, False),
        ({"confidentiality": "personal", "about": "pupils"}, True),
        ({"confidentiality": "personal", "about": "staff"}, False),
        ({"confidentiality": "personal"}, False),
        ({"confidentiality": "personal", "about": "appraisee", "person": "p-7"}, False),
        ({"confidentiality": "sensitive"}, False),
        ({"confidentiality": "sensitive", "about": "pupils"}, False),
        ({"confidentiality": "a class of tomorrow"}, False),
    ],
)
async def test_a_place_hears_nothing_of_what_is_about_somebody(
    pool: Pool, about: dict[str, str], *, told: bool
) -> None:
    await happen(pool, "register", 0, place_opened("teams"))
    await happen(pool, "m:1", 0, started("m:1", **about), opened("t1", assignee="p-1"))
    await Projector(pool).catch_up()
    await happen(pool, "m:1", 2, overdue("t1", "p-1"))

    await Projector(pool).catch_up()

    places = [row for row in await planned(pool) if row[1] == "teams"]
    assert places == ([(3, "teams", "trust"), (4, "teams", "trust")] if told else [])
    assert [row for row in await planned(pool) if row[1] == "mail"] == [
        (3, "mail", "p-1"),
        (4, "mail", "p-1"),
    ]


async def test_a_process_that_becomes_sensitive_is_told_to_no_place_from_there_on(pool: Pool) -> None:
    await happen(pool, "register", 0, place_opened("teams"))
    await happen(pool, "m:1", 0, started("m:1"), opened("t1", assignee="p-1"))
    await happen(pool, "m:1", 2, migrated(confidentiality="sensitive"), overdue("t1", "p-1"))

    await Projector(pool).catch_up()

    assert [row for row in await planned(pool) if row[1] == "teams"] == [(3, "teams", "trust")]


async def test_a_place_hears_nothing_of_the_register(pool: Pool) -> None:
    failed = AddressFailed(at=NOW, by="termwise", person="p-7", address="0" * 64, code="5.1.1", told=("p-1",))
    await happen(pool, "register", 0, place_opened("teams"), failed)

    await Projector(pool).catch_up()

    assert await planned(pool) == [(2, "mail", "p-1")]
