"""What happens to a process when something it needs is away, dies, or is set back. Nothing lost, nothing twice."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from engine.commands import Answer
from storage.views import TaskRow
from tests.desk import Desk, answer, open_desk
from tests.faults.proxy import Proxy
from tests.faults.resetting import reset

CHAIN = """
steps:
- for_each: lines
  over: {line: "[1, 2, 3, 4, 5, 6, 7, 8]"}
  steps:
  - {task: one, title: One, who: ceo}
  - {task: two, title: Two, who: ceo}
  - {task: three, title: Three, who: ceo}
"""


@pytest.fixture
async def desk(database: str, temporal_address: str) -> AsyncIterator[Desk]:
    async with open_desk(database, temporal_address) as opened:
        yield opened


async def test_a_command_waits_while_the_database_is_away(
    database: str, temporal_address: str, desk: Desk
) -> None:
    async with (
        Proxy(database) as proxy,
        open_desk(proxy.dsn, temporal_address) as behind_the_proxy,
        behind_the_proxy.worker(),
    ):
        desk.queue = behind_the_proxy.queue
        instance = await desk.start(CHAIN)
        [task, *_] = await desk.tasks(instance)

        await proxy.cut()
        sent = asyncio.create_task(desk.complete(task))
        await _retried_by_the_server(desk, instance)
        assert not sent.done(), f"there is no answer before the events are durable: {sent}"
        assert (await desk.state(instance)).tasks[task.task].status == "open"

        await proxy.mend()
        answered = await asyncio.wait_for(sent, 60)

    log = await desk.records.store.read(instance)
    assert answered == Answer(instance=instance, version=log[-1].version)
    assert await _completed(desk, instance) == 1


async def test_a_worker_killed_in_the_middle_loses_nothing(
    database: str, temporal_address: str, desk: Desk, tmp_path: Path
) -> None:
    async with _worker_process(database, temporal_address, desk.queue, tmp_path):
        instance = await desk.start(CHAIN)
        working = asyncio.create_task(_work_off(desk, instance))
        async with asyncio.timeout(60):
            while await _completed(desk, instance) < 6:
                await asyncio.sleep(0.01)
    assert await _completed(desk, instance) < 24
    async with desk.worker():  # the first was killed with -9 on leaving
        await asyncio.wait_for(working, 90)
        await desk.temporal.get_workflow_handle(instance).result()

    _each_once(await desk.records.store.read(instance))


async def test_a_workflow_that_was_reset_rejoins_the_log(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start(CHAIN)
        handle = desk.temporal.get_workflow_handle(instance)
        for _ in range(4):
            [task, *_] = await desk.tasks(instance)
            await desk.complete(task)
        await reset(desk, instance)
        await asyncio.wait_for(_work_off(desk, instance), 60)
        assert await handle.result() == "done"

    _each_once(await desk.records.store.read(instance))


async def test_a_long_process_is_continued_as_new(database: str) -> None:
    suggest = ["--dynamic-config-value", "limit.historyCount.suggestContinueAsNew=40"]
    temporal = Path(sys.executable).parent / "temporal"
    skipping = ["--dynamic-config-value", "frontend.WorkflowTimeSkippingEnabled=true"]
    async with (
        await WorkflowEnvironment.start_local(
            dev_server_existing_path=str(temporal), dev_server_extra_args=[*suggest, *skipping]
        ) as environment,
        open_desk(database, environment.client.service_client.config.target_host) as desk,
    ):
        async with desk.worker():
            instance = await desk.start(CHAIN)
            [task, *_] = await desk.tasks(instance)
            first = await desk.complete(task)
            await _work_off(desk, instance)
            assert await desk.temporal.get_workflow_handle(instance).result() == "done"
            assert await desk.send(instance, answer(task)) == first
        runs = [run async for run in desk.temporal.list_workflows(f"WorkflowId = '{instance}'")]
        _each_once(await desk.records.store.read(instance))

    assert len(runs) >= 2


async def _retried_by_the_server(desk: Desk, instance: str) -> None:
    """Wait until the worker has given up on a quick answer and the server keeps trying."""
    handle = desk.temporal.get_workflow_handle(instance)
    async with asyncio.timeout(60):
        while not (await handle.describe()).raw_description.pending_activities:
            await asyncio.sleep(0.05)


async def _work_off(desk: Desk, instance: str) -> None:
    """Complete whatever is open until nothing is, several at once, as people do."""
    while tasks := await desk.tasks(instance):
        await asyncio.gather(*(_complete(desk, task) for task in tasks))


async def _complete(desk: Desk, task: TaskRow) -> None:
    while True:
        try:
            await desk.complete(task)
        except Exception as error:  # noqa: BLE001 - whatever happens, the person tries again with the same command
            if "already completed" in str(error):
                return
            await asyncio.sleep(0.1)
        else:
            return


async def _completed(desk: Desk, instance: str) -> int:
    return sum(row.event.kind == "task-completed" for row in await desk.records.store.read(instance))


def _each_once(log: list) -> None:  # type: ignore[type-arg]
    assert [row.version for row in log] == list(range(1, len(log) + 1))
    opened = [row.event.task for row in log if row.event.kind == "task-opened"]
    completed = Counter(row.event.task for row in log if row.event.kind == "task-completed")
    assert len(opened) == 24
    assert completed == dict.fromkeys(opened, 1)
    assert log[-1].event.kind == "instance-ended"


@asynccontextmanager
async def _worker_process(dsn: str, address: str, queue: str, folder: Path) -> AsyncIterator[None]:
    """A worker in a process of its own, killed with -9 on leaving."""
    script = folder / "worker.py"
    script.write_text(
        "import asyncio, sys\n"
        "from tests.desk import open_desk\n"
        "async def main(dsn, address, queue):\n"
        "    async with open_desk(dsn, address) as desk:\n"
        "        desk.queue = queue\n"
        "        async with desk.worker():\n"
        "            print('ready', flush=True)\n"
        "            await asyncio.Event().wait()\n"
        "asyncio.run(main(*sys.argv[1:]))\n"
    )
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(script), dsn, address, queue,
        stdout=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    assert process.stdout
    assert (await asyncio.wait_for(process.stdout.readline(), 30)).strip() == b"ready"
    try:
        yield
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()
