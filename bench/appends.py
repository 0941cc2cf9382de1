"""How fast the log grows: the real store against nothing but an INSERT, by one to a hundred and twenty-eight writers.

One of our appends is one event with all that belongs to it: the version check, the repeat check, the hash, what is
personal closed, the head of the log and the row of the inbox. One of theirs is a row with the text of that event, in a
table with two indexes, committed by itself. The events are in turn a task that opens and its completion. A hundred and
twenty-eight writers of ours are compared with thirty-two of theirs, for each of those has a connection.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from statistics import quantiles
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

WRITERS = (1, 8, 32, 128)
#: What the server's settings let in, with some to spare.
_CONNECTIONS = 32
_MEASURES = ("append", "append-p99", "append-rate", "append-task")
NAMES = tuple(f"{measure}-c{writers}" for measure in _MEASURES for writers in WRITERS)
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
            store, least = records.store, min(writers, _CONNECTIONS)
            raw = [await _connected(ground, opened) for _ in range(least)]
            slow: tuple[list[float], list[float]] = ([], [])
            pairs = await alternate(
                lambda: _rate([_ours(store, sample) for _ in range(writers)], effort.seconds, slow[0]),  # noqa: B023
                lambda: _rate([_theirs(each, sample) for each in raw], effort.seconds, slow[1]),  # noqa: B023
                effort.rounds,
            )
            both = await alternate(
                lambda: _rate([_tasks(store, sample) for _ in range(writers)], effort.seconds, []),  # noqa: B023
                lambda: _rate([_theirs(each, sample) for each in raw], effort.seconds, []),  # noqa: B023
                effort.rounds,
            )
        against = f"raw INSERTs, writers: {least}"
        ends = ratios(list(zip(*slow, strict=True))[1:])
        figures += [
            figure(f"append-c{writers}", "ratio", against, ratios(pairs)),
            figure(f"append-p99-c{writers}", "ratio", against, ends),
            figure(f"append-rate-c{writers}", "appends/s", "no aim", [ours for ours, _ in pairs]),
            figure(f"append-task-c{writers}", "ratio", against, ratios(both)),
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
    """One event each: a task opens, it is completed, the next opens."""
    stream = f"append:{uuid4().hex}"
    completed, opened = sample

    async def write(number: int) -> None:
        event = completed if number % 2 else opened
        event = event.model_copy(update={"task": task_id(stream, str(number // 2))})
        answer = await store.append(Append(stream=stream, expected=number, command=uuid4(), events=(event,)))
        assert answer.status == "appended"

    return write


def _tasks(store: PostgresEventStore, sample: Sample) -> Write:
    """Two events each: a task is completed, and the next opens."""
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


async def _rate(writers: list[Write], seconds: float, ends: list[float]) -> float:
    """Commits in a second; to `ends` is added the time within which ninety-nine of a hundred had their answer."""
    begun = time.perf_counter()
    times = [
        each
        for one in await asyncio.gather(*(_write(write, begun + seconds) for write in writers))
        for each in one
    ]
    elapsed = time.perf_counter() - begun
    ends.append(quantiles(times, n=100, method="inclusive")[-1])
    return len(times) / elapsed


async def _write(write: Write, until: float) -> list[float]:
    times: list[float] = []
    while (began := time.perf_counter()) < until:
        await write(len(times))
        times.append(time.perf_counter() - began)
    return times


async def _connected(ground: Ground, opened: AsyncExitStack) -> "asyncpg.Connection[asyncpg.Record]":
    connection = await asyncpg.connect(ground.dsn)
    opened.push_async_callback(connection.close)
    return connection
