"""How fast the log grows: the real store against nothing but an INSERT, at one, eight and thirty-two writers.

One of our appends is what a completed task of the chain really yields: two events with the version check, the
repeat check, the head of the log, the hash, what is personal closed, and the inbox. One of theirs is a single row with
as many bytes as one of those events, in a table with two indexes, committed by itself.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg

from bench import processes, trust
from bench.effort import Effort
from bench.figures import Figure, alternate, figure, ratios
from bench.ground import Ground
from engine.events import EVENT, TaskCompleted, TaskOpened
from engine.opening import task_id
from engine.records import Append
from storage.events import PostgresEventStore
from workers.wiring import open_records

WRITERS = (1, 8, 32)
NAMES = (*(f"append-c{writers}" for writers in WRITERS), *(f"append-rate-c{writers}" for writers in WRITERS))
_TABLE = """
create table if not exists raw (position bigserial primary key, stream uuid not null, version integer not null,
    type text not null, actor text not null, recorded_at timestamptz not null, data json not null,
    unique (stream, version))
"""
_INSERT = "insert into raw (stream, version, type, actor, recorded_at, data) values ($1, $2, $3, $4, $5, $6)"

Write = Callable[[int], Awaitable[object]]


async def measure(ground: Ground, effort: Effort) -> list[Figure]:
    """Commits per second, the two in turn; a writer waits for its commit before it writes again."""
    async with ground.records.pool.acquire() as connection:
        await connection.execute(_TABLE)
    sample = await _sample(ground)
    figures: list[Figure] = []
    for writers in WRITERS:
        # Connections of its own, as many as the worker's; theirs has one for each writer.
        closed = open_records(ground.dsn, size=16, keyring=ground.records.keyring)
        async with closed as records, AsyncExitStack() as opened:
            store = records.store
            raw = [await _connected(ground, opened) for _ in range(writers)]
            pairs = await alternate(
                lambda: _rate([_ours(store, sample) for _ in range(writers)], effort.seconds),  # noqa: B023
                lambda: _rate([_theirs(connection, sample) for connection in raw], effort.seconds),  # noqa: B023
                effort.rounds,
            )
        figures += [
            figure(f"append-c{writers}", "ratio", f"raw INSERTs, writers: {writers}", ratios(pairs)),
            figure(f"append-rate-c{writers}", "appends/s", "no aim", [ours for ours, _ in pairs]),
        ]
    return figures


Sample = tuple[TaskCompleted, TaskOpened]


async def _sample(ground: Ground) -> Sample:
    """The two events of a completed task, as our engine decided them."""
    world = processes.chain()
    instance = await processes.start(ground, world)
    await ground.termwise.send(
        instance, processes.answer(instance, processes.chain_steps()[0], trust.officer(world))
    )
    completed, opened = (record.event for record in (await ground.records.store.read(instance))[-2:])
    assert isinstance(completed, TaskCompleted)
    assert isinstance(opened, TaskOpened)
    return completed, opened


def _ours(store: PostgresEventStore, sample: Sample) -> Write:
    stream = f"append:{uuid4().hex}"
    completed, opened = sample

    async def write(number: int) -> None:
        events = (
            completed.model_copy(update={"task": task_id(stream, str(number - 1))}),
            opened.model_copy(update={"task": task_id(stream, str(number))}),
        )
        answer = await store.append(
            Append(stream=stream, expected=2 * number, command=uuid4(), events=events)
        )
        assert answer.status == "appended"

    return write


def _theirs(connection: "asyncpg.Connection[asyncpg.Record]", sample: Sample) -> Write:
    stream: UUID = uuid4()
    kind, actor = sample[1].kind, sample[0].by
    bodies = [EVENT.dump_json(event).decode() for event in sample]

    async def write(number: int) -> None:
        body = bodies[number % 2]
        await connection.execute(_INSERT, stream, number, kind, actor, datetime.now(UTC), body)

    return write


async def _rate(writers: list[Write], seconds: float) -> float:
    begun = time.perf_counter()
    counts = await asyncio.gather(*(_write(write, begun + seconds) for write in writers))
    return sum(counts) / (time.perf_counter() - begun)


async def _write(write: Write, until: float) -> int:
    count = 0
    while time.perf_counter() < until:
        await write(count)
        count += 1
    return count


async def _connected(ground: Ground, opened: AsyncExitStack) -> "asyncpg.Connection[asyncpg.Record]":
    connection = await asyncpg.connect(ground.dsn)
    opened.push_async_callback(connection.close)
    return connection
