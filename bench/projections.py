"""How fast read models follow the log, and are made anew from it, beside only fetching the same rows."""

import asyncio
import time
from collections.abc import Sequence
from uuid import uuid4

import asyncpg

from bench import processes, trust
from bench.effort import Effort
from bench.figures import Figure, alternate, figure, ratios
from bench.ground import Ground, another_database
from engine.events import Event, InstanceStarted, TaskCompleted, TaskOpened
from engine.opening import task_id
from engine.records import Append
from storage.database import Pool
from storage.events import PostgresEventStore
from storage.projections import FOLLOWING
from storage.projections.projection import Projection
from storage.projector import Projector

NAMES = ("projection-vs-fetch", "projections-vs-fetch", "rebuild-vs-fetch", "projection-rate", "rebuild-rate")
_CYCLES, _TASKS, _PAGE = 250, 12, 1000
FETCH = """
select position, stream, version, type, schema_v, command, nth, of, occurred_at, actor, recorded_at, data
  from termwise.event where position > $1 order by position limit $2
"""


async def measure(ground: Ground, effort: Effort) -> list[Figure]:
    """In a database of its own with some thousand events: following and rebuilding, each in turn with the fetch."""
    async with another_database(ground, "bench_projections") as (dsn, records):
        events = await _fill(ground, records.store)
        raw = await asyncpg.connect(dsn)
        try:
            costliest = await _costliest(records.pool, events)

            async def fetch() -> float:
                return await _fetched(raw, events)

            async def one() -> float:
                return await _followed(records.pool, [costliest], events)

            async def all_of_them() -> float:
                return await _followed(records.pool, FOLLOWING, events)

            async def anew() -> float:
                return await _rebuilt(records.pool, costliest, events)

            followed = await alternate(one, fetch, effort.rounds)
            together = await alternate(all_of_them, fetch, effort.rounds)
            rebuilt = await alternate(anew, fetch, effort.rounds)
        finally:
            await raw.close()
    against = f"a raw asyncpg fetch of the same rows; the costliest is {costliest.name}"
    return [
        figure("projection-vs-fetch", "ratio", against, ratios(followed)),
        figure("projections-vs-fetch", "ratio", f"the same, all {len(FOLLOWING)} together", ratios(together)),
        figure("rebuild-vs-fetch", "ratio", against, ratios(rebuilt)),
        figure("projection-rate", "events/s", "the costliest alone", [ours for ours, _ in followed]),
        figure("rebuild-rate", "events/s", "the costliest alone", [ours for ours, _ in rebuilt]),
    ]


async def _fill(ground: Ground, store: PostgresEventStore) -> int:
    """Cycles of a dozen tasks each, with the events that our engine decides."""
    world = processes.chain()
    instance = await processes.start(ground, world)
    await ground.termwise.send(
        instance, processes.answer(instance, processes.chain_steps()[0], trust.officer(world))
    )
    began, *_, completed, opened = (each.event for each in await ground.records.store.read(instance))
    assert isinstance(began, InstanceStarted)
    assert isinstance(completed, TaskCompleted)
    assert isinstance(opened, TaskOpened)
    appends = [_cycle(f"bench:{number}", began, opened, completed) for number in range(_CYCLES)]
    await asyncio.gather(*(store.append(each) for each in appends))
    return sum(len(each.events) for each in appends)


def _cycle(name: str, began: InstanceStarted, opened: TaskOpened, completed: TaskCompleted) -> Append:
    events: list[Event] = [began.model_copy(update={"instance": name, "root": name})]
    for number in range(_TASKS):
        task = {"task": task_id(name, str(number))}
        events += [opened.model_copy(update=task), completed.model_copy(update=task)]
    return Append(stream=name, expected=0, command=uuid4(), events=tuple(events))


async def _costliest(pool: Pool, events: int) -> Projection:
    rates = {each.name: await _followed(pool, [each], events) for each in FOLLOWING}
    return min(FOLLOWING, key=lambda each: rates[each.name])


async def _fetched(raw: "asyncpg.Connection[asyncpg.Record]", events: int) -> float:
    begun, position = time.perf_counter(), 0
    while rows := await raw.fetch(FETCH, position, _PAGE):
        position = rows[-1]["position"]
    return events / (time.perf_counter() - begun)


async def _followed(pool: Pool, projections: Sequence[Projection], events: int) -> float:
    await _empty(pool, projections)
    begun = time.perf_counter()
    await Projector(pool, projections).catch_up()
    return events / (time.perf_counter() - begun)


async def _rebuilt(pool: Pool, projection: Projection, events: int) -> float:
    begun = time.perf_counter()
    await Projector(pool, [projection]).rebuild(projection.name)
    return events / (time.perf_counter() - begun)


async def _empty(pool: Pool, projections: Sequence[Projection]) -> None:
    for projection in projections:
        await pool.execute("delete from termwise.checkpoint where projection = $1", projection.name)
        for table in projection.tables:
            await pool.execute(f"truncate termwise.{table}")
