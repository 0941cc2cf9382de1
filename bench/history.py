"""What a task leaves in Temporal: events and bytes of history, recording included."""

from collections.abc import Sequence
from datetime import timedelta

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle

from bench import processes, trust
from bench.effort import Effort
from bench.figures import Figure, figure
from bench.ground import Ground
from engine.world import World
from workers.client import Termwise

NAMES = (
    "events-per-task",
    "bytes-per-task",
    "events-per-task-all-in",
    "bytes-per-task-all-in",
    "events-per-task-for-each",
    "bytes-per-task-for-each",
    "events-per-task-over-weeks",
    "bytes-per-task-over-weeks",
)
AIM = "aim 6.5; an update alone costs 5"
#: Where the marginal cost is measured: past the start, before the end, over four changes of stage.
FROM, TO = 5, 55
#: How long each task waits for its person where time passes; the first reminder goes out meanwhile.
PATIENCE = timedelta(days=2)
#: What only the moving of virtual time leaves behind; a real cluster has none of it.
_OF_THE_CLOCK = (
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED,
)
Handle = WorkflowHandle[object, object]
Size = tuple[int, int]


async def measure(ground: Ground, effort: Effort) -> list[Figure]:
    """Three processes from start to end, through the real client and worker."""
    chain, each = processes.chain(), processes.each()
    runs = range(effort.histories)
    chained = [await _chain(ground, chain) for _ in runs]
    widened = [await _each(ground, each) for _ in runs]
    weeks = await _weeks(ground, chain)
    return [
        *_figures("", [marginal for marginal, _ in chained]),
        *_figures("-all-in", [whole for _, whole in chained]),
        *_figures("-for-each", widened),
        *_figures("-over-weeks", [weeks], "no aim; an update alone costs 5"),
    ]


def _figures(kind: str, sizes: Sequence[tuple[float, float]], against: str = AIM) -> list[Figure]:
    events, size = zip(*sizes, strict=True)
    return [
        figure(f"events-per-task{kind}", "events", against, events),
        figure(f"bytes-per-task{kind}", "bytes", "no aim", size),
    ]


async def _chain(ground: Ground, world: World) -> tuple[tuple[float, float], tuple[float, float]]:
    """The cost of one more task in the middle, and of all with start and end shared out."""
    instance = await processes.start(ground, world)
    handle = ground.temporal.get_workflow_handle(instance)
    sizes: list[Size] = []
    for number, step in enumerate(processes.chain_steps()):
        if number in {FROM, TO}:
            sizes.append(await _size(handle))
        await _complete(ground.termwise, world, instance, step)
    await handle.result()
    whole = _shared((0, 0), await _size(handle), processes.CHAIN_LENGTH)
    return _shared(sizes[0], sizes[1], TO - FROM), whole


async def _each(ground: Ground, world: World) -> tuple[float, float]:
    """All the tasks of a for-each, start and end shared out."""
    instance = await processes.start(ground, world)
    handle = ground.temporal.get_workflow_handle(instance)
    addresses = processes.each_addresses(world)
    for address in addresses:
        await _complete(ground.termwise, world, instance, address)
    await handle.result()
    return _shared((0, 0), await _size(handle), len(addresses))


async def _weeks(ground: Ground, world: World) -> tuple[float, float]:
    """The chain over four months of virtual time: timers fire, reminders are recorded; all of it shared out."""
    instance = await processes.start(ground, world, in_time=True)
    handle = ground.temporal.get_workflow_handle(instance)
    for step in processes.chain_steps():
        await ground.clock.fast_forward(handle, PATIENCE)
        await _complete(ground.in_time, world, instance, step)
    await handle.result()
    history = await handle.fetch_history()
    of_the_clock = [event.ByteSize() for event in history.events if event.event_type in _OF_THE_CLOCK]
    events, size = await _size(handle)
    return _shared((len(of_the_clock), sum(of_the_clock)), (events, size), processes.CHAIN_LENGTH)


async def _complete(client: Termwise, world: World, instance: str, address: str) -> None:
    await client.send(instance, processes.answer(instance, address, trust.officer(world)))


async def _size(handle: Handle) -> Size:
    info = (await handle.describe()).raw_description.workflow_execution_info
    return info.history_length, info.history_size_bytes


def _shared(before: Size, after: Size, tasks: int) -> tuple[float, float]:
    return (after[0] - before[0]) / tasks, (after[1] - before[1]) / tasks
