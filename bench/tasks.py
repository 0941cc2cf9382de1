"""How fast people's answers go through: our client and engine against a workflow written by hand."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from uuid import uuid4

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.record import Recorder
from bench import processes, trust
from bench.effort import Effort
from bench.figures import Figure, alternate, figure, ratios
from bench.ground import Ground
from bench.handwritten import TABLE, ByHand, Chain, OpenGate, Plainly, Till
from engine.commands import Answer, CompleteTask
from engine.events import TaskOpened
from engine.world import World
from workers.worker import RESTRICTIONS

NAMES = (
    "task-vs-handwritten",
    "task-vs-handwritten-c8",
    "task-vs-plain-activity",
    "task-rate",
    "task-rate-c8",
)
_QUEUE = "bench-by-hand"
_SAME = "a workflow by hand with the same recording; aim 0.9"
_PLAIN = "a workflow by hand with an ordinary activity and one row"

Send = Callable[[CompleteTask], Awaitable[object]]
Begin = Callable[[], Awaitable[tuple[str, Send]]]


async def measure(ground: Ground, effort: Effort) -> list[Figure]:
    """Tasks per second, the two in turn; both workers live in this process, as do the clients."""
    world = processes.chain()
    stock = await Client.connect(
        ground.temporal.service_client.config.target_host, data_converter=pydantic_data_converter
    )
    async with _worker(ground, stock):
        contest = _Contest(ground, stock, world, await _opened(ground, world), effort.tasks)
        rounds = effort.rounds
        one = await alternate(lambda: contest.ours(1), lambda: contest.by_hand(ByHand, 1), rounds)
        eight = await alternate(lambda: contest.ours(8), lambda: contest.by_hand(ByHand, 8), rounds)
        plain = await alternate(lambda: contest.ours(1), lambda: contest.by_hand(Plainly, 1), rounds)
    return [
        figure("task-vs-handwritten", "ratio", _SAME, ratios(one)),
        figure("task-vs-handwritten-c8", "ratio", _SAME, ratios(eight)),
        figure("task-vs-plain-activity", "ratio", _PLAIN, ratios(plain)),
        figure("task-rate", "tasks/s", "no aim", [ours for ours, _ in one]),
        figure("task-rate-c8", "tasks/s", "no aim", [ours for ours, _ in eight]),
    ]


class _Contest:
    """One slice of either: fresh instances, one for each client, and their tasks one after the other."""

    def __init__(self, ground: Ground, stock: Client, world: World, opened: TaskOpened, tasks: int) -> None:
        self._ground = ground
        self._stock = stock
        self._world = world
        self._opened = opened
        self._tasks = tasks

    async def ours(self, clients: int) -> float:
        async def begin() -> tuple[str, Send]:
            instance = await processes.start(self._ground, self._world)
            return instance, lambda command: self._ground.termwise.send(instance, command)

        return await self._rate(begin, clients)

    async def by_hand(self, kind: type[ByHand | Plainly], clients: int) -> float:
        async def begin() -> tuple[str, Send]:
            instance = f"by-hand:{uuid4().hex}"
            tasks = tuple(processes.answer(instance, step, "").task for step in processes.chain_steps())
            chain = Chain(instance=instance, tasks=tasks, opened=self._opened)
            handle = await self._stock.start_workflow(kind.__name__, chain, id=instance, task_queue=_QUEUE)
            return instance, lambda command: handle.execute_update(
                "complete", command, id=str(command.id), result_type=Answer
            )

        return await self._rate(begin, clients)

    async def _rate(self, begin: Begin, clients: int) -> float:
        started = [await begin() for _ in range(clients)]
        at = time.perf_counter()
        # Eight clients at once get half as many tasks each: the slices stay short, and a pair under one weather.
        steps = processes.chain_steps()[: self._tasks if clients == 1 else self._tasks // 2]
        await asyncio.gather(*(self._answer_all(instance, send, steps) for instance, send in started))
        return clients * len(steps) / (time.perf_counter() - at)

    async def _answer_all(self, instance: str, send: Send, steps: Sequence[str]) -> None:
        person = trust.officer(self._world)
        for step in steps:
            await send(processes.answer(instance, step, person))


@asynccontextmanager
async def _worker(ground: Ground, stock: Client) -> AsyncIterator[None]:
    """A worker for what is written by hand: the stock converter; sandboxed, with the same modules shared as ours."""
    async with ground.records.pool.acquire() as connection:
        await connection.execute(TABLE)
    async with Worker(
        stock,
        task_queue=_QUEUE,
        workflows=[ByHand, Plainly],
        activities=[
            Recorder(ground.records.store, ground.records.register, OpenGate()).record,
            Till(ground.records.pool).keep,
        ],
        workflow_runner=SandboxedWorkflowRunner(restrictions=RESTRICTIONS),
    ):
        yield


async def _opened(ground: Ground, world: World) -> TaskOpened:
    """What our engine says when it opens a task: by hand the same is said."""
    log = await ground.records.store.read(await processes.start(ground, world))
    return next(record.event for record in log if isinstance(record.event, TaskOpened))
