"""How fast the log is read back as typed events, and how long it takes to look back at an earlier moment.

In a database of its own with a hundred thousand events: cycles of two hundred tasks, each opened and completed.
"""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import uuid4

from bench import processes, trust
from bench.effort import Effort
from bench.figures import Figure, alternate, figure, ratios
from bench.ground import Ground, another_database
from engine.access.reader import OPERATOR
from engine.events import Event, InstanceEnded, InstanceStarted, TaskCompleted, TaskOpened
from engine.opening import task_id
from engine.records import Append
from storage.as_known import KnownQueries, Moment
from storage.database import Pool
from storage.events import PostgresEventStore
from storage.log_pages import LogPages
from storage.projector import Projector
from storage.views import TaskFilter
from workers.wiring import Records

NAMES = ("replay-vs-fetch", "replay-rate", "known-board", "known-tasks")
_CYCLES, _TASKS, _PAGE, _MILLI = 250, 200, 1_000, 1_000
_RUNNING = 25
#: Every column of the same rows, as the driver gives them.
_RAW = "select * from termwise.event where position > $1 order by position limit $2"


async def measure(ground: Ground, effort: Effort) -> list[Figure]:
    """Read in turn, whole logs; then looks back at the middle of the log."""
    async with another_database(ground, "bench_replay") as (_, records):
        events = await _filled(ground, records.store)
        await Projector(records.pool, sealing=records.sealing).catch_up()
        rounds = min(effort.rounds, 8)
        pairs = await alternate(lambda: _typed(records), lambda: _raw(records.pool), rounds)
        boards, tasks = await _back(records, events * 2 // 3, rounds)
    return [
        figure("replay-vs-fetch", "ratio", "all columns of the same rows, by asyncpg", ratios(pairs)),
        figure("replay-rate", "events/s", "no aim", [ours for ours, _ in pairs]),
        figure("known-board", "ms", "one cycle of 402 events, of 100,000", boards),
        figure("known-tasks", "ms", "all open tasks of the trust, 25 cycles of 250 running", tasks),
    ]


async def _filled(ground: Ground, store: PostgresEventStore) -> int:
    """The log, and how many events it has. Most cycles are over."""
    world = processes.chain()
    instance = await processes.start(ground, world)
    log = await ground.records.store.read(instance)
    start = next(each.event for each in log if isinstance(each.event, InstanceStarted))
    opened = next(each.event for each in log if isinstance(each.event, TaskOpened))
    by, total = trust.officer(world), 0
    for number in range(_CYCLES):
        cycle = f"bench:{number}"
        events: list[Event] = [start.model_copy(update={"instance": cycle, "root": cycle})]
        for place in range(_TASKS):
            address = f"step_{place}"
            task = task_id(cycle, address)
            events.append(opened.model_copy(update={"task": task, "address": address}))
            if number >= _RUNNING:
                at = datetime.now(UTC)
                events.append(TaskCompleted(at=at, by=by, task=task, outcome="done", values={"mark": "high"}))
        if number >= _RUNNING:
            events.append(InstanceEnded(at=datetime.now(UTC), by=by, outcome="done", title="Done"))
        total += len(events)
        await store.append(Append(stream=cycle, expected=0, command=uuid4(), events=tuple(events)))
    return total


async def _typed(records: Records) -> float:
    pages, position = LogPages(records.sealing, fetch=_PAGE, kept=2 * _PAGE), 0
    began = time.perf_counter()
    try:
        async with records.pool.acquire() as connection:
            while entries := await pages.after(connection, position, _PAGE):
                position = entries[-1].position
    finally:
        await pages.close()
    return position / (time.perf_counter() - began)


async def _raw(pool: Pool) -> float:
    position = 0
    began = time.perf_counter()
    async with pool.acquire() as connection:
        while rows := await connection.fetch(_RAW, position, _PAGE):
            position = rows[-1]["position"]
    return float(position / (time.perf_counter() - began))


async def _back(records: Records, position: int, rounds: int) -> tuple[list[float], list[float]]:
    then = KnownQueries(records.pool, OPERATOR, Moment(position=position))
    boards = [await _timed(lambda: then.board("bench:100")) for _ in range(rounds)]
    tasks = [await _timed(lambda: then.tasks(TaskFilter())) for _ in range(rounds)]
    return boards, tasks


async def _timed(ask: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await ask()
    return (time.perf_counter() - began) * _MILLI
