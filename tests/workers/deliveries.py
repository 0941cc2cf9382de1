"""What couriers of the tests are given to deliver, and what comes of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from activities.courier import Round, Tally
from engine.events import Event, NotificationRequested
from engine.people import Directory
from storage.database import Pool
from storage.events import PostgresEventStore
from storage.outbox import PostgresOutbox
from storage.projector import Projector
from tests import worlds
from tests.known import at_ten, known
from tests.post_office import PostOffice
from tests.storage.facts import NOW, append, opened, started
from workers.courier import ROUND, Courier, courier, with_outbox
from workers.settings import Settings

PEOPLE = worlds.directory()


#: The headteacher of the first school, a lead there, and a teacher.
HEAD, LEAD, TEACHER = "p-0003", "p-0004", "p-0006"


def settings(office: PostOffice, **other: object) -> Settings:
    facts: dict[str, Any] = {
        "smtp_host": "127.0.0.1",
        "smtp_port": office.port,
        "smtp_from": "termwise@trust.example",
        "smtp_starttls": False,
    }
    return Settings(**facts | other)


async def happen(pool: Pool, after: int, *events: Event, stream: str = "m:1") -> None:
    """Let this happen after so many other things, and plan what is to be told of it."""
    await PostgresEventStore(pool).append(append(stream, after, *events))
    await Projector(pool).catch_up()


async def plan(pool: Pool, *events: Event) -> None:
    """Let a cycle begin, and this happen in it."""
    await happen(pool, 0, started("m:1"), *events)


def asked(task: str, person: str, **other: object) -> Event:
    return opened(task, assignee=person, candidates=(person,), **other)


def notice(*to: str, body: str = "Please read.") -> NotificationRequested:
    return NotificationRequested(
        at=NOW, by="termwise", address="n", step="n", to=to, subject="Moderation begins", body=body
    )


async def deliver(pool: Pool, settings: Settings, people: Directory = PEOPLE) -> Tally:
    """Attend to everything that is due now."""
    it = courier(settings, pool, known(people), clock=at_ten, lasting=0)
    return await it.round(Round(), asyncio.Event())


def with_own_outbox(
    outbox: PostgresOutbox, pool: Pool, office: PostOffice, lasting: float = ROUND
) -> Courier:
    """A courier whose outbox is not quite like others."""
    return with_outbox(outbox, settings(office), pool, known(), clock=at_ten, lasting=lasting)


async def make_due(pool: Pool) -> None:
    """Let the time of the next try come."""
    await pool.execute(
        "update termwise.outbox set next_at = now(), leased_until = null where status = 'planned'"
    )


async def ends(pool: Pool) -> list[tuple[object, ...]]:
    query = "select status, carrier, attempts, error from termwise.outbox order by position, recipient"
    return [tuple(row) for row in await pool.fetch(query)]


@asynccontextmanager
async def running(*couriers: Courier) -> AsyncIterator[None]:
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for each in couriers:
            group.create_task(rounds(each, stop))
        yield
        stop.set()


async def rounds(it: Courier, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await it.round(Round(), stop)


async def until_sent(pool: Pool, count: int) -> None:
    await eventually(lambda: sent(pool), count)


async def sent(pool: Pool) -> int:
    return int(await pool.fetchval("select count(*) from termwise.outbox where status = 'sent'"))


async def eventually(counted: Callable[[], Awaitable[int]], count: int) -> None:
    async with asyncio.timeout(60):
        while await counted() < count:
            await asyncio.sleep(0.01)
