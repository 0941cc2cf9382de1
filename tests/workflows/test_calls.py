"""Calls on real servers: the activity of a plug-in runs, is tried again, fails, outlives workers and new runs."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.exceptions import ApplicationError

from engine.calls import call_key
from engine.commands import CancelProcess, command_id
from storage.views import TaskRow
from tests.desk import Desk
from tests.faults.resetting import reset
from tests.worlds import directory, named

CALL = """
steps:
- call: figures
  activity: fetch_figures
  with: {school: "'ash'"}
  retry: {at_most: 3, first_seconds: 1}
  timeout_seconds: 10
- {task: read, title: "Read {{ figures.failed ? 'nothing' : string(figures.pupils) }}", who: ceo}
"""


@dataclass
class Asked:
    school: str


class Register:
    """An activity that fails as often as it is told, and remembers by which key it was called."""

    def __init__(self, fails: int = 0) -> None:
        self.fails = fails
        self.keys: list[str] = []

    @activity.defn
    async def fetch_figures(self, asked: Asked) -> dict[str, object]:
        self.keys.append(activity.info().activity_id)
        if len(self.keys) <= self.fails:
            raise OSError("the register is closed")
        return {"pupils": 60, "school": asked.school}


async def test_an_activity_is_called_once_with_the_key_of_the_step(desk: Desk) -> None:
    register = Register()
    async with desk.worker(activities=[register.fetch_figures]):
        instance = await desk.start(CALL)
        task = await _task(desk, instance, "read")

    assert task.title == "Read 60"
    assert register.keys == [str(call_key(instance, "figures"))]
    scheduled = await _scheduled(desk, instance)
    assert scheduled == [("fetch_figures", "call figures")]


async def test_a_function_that_is_no_coroutine_may_be_called_too(desk: Desk) -> None:
    @activity.defn(name="fetch_figures")
    def blocking(asked: Asked) -> dict[str, object]:
        return {"pupils": len(asked.school)}

    async with desk.worker(activities=[blocking]):
        instance = await desk.start(CALL)
        assert (await _task(desk, instance, "read")).title == "Read 3"


async def test_a_try_that_fails_is_followed_by_another_with_the_same_key(desk: Desk) -> None:
    register = Register(fails=1)
    async with desk.worker(activities=[register.fetch_figures]):
        instance = await desk.start(CALL)
        assert (await _task(desk, instance, "read")).title == "Read 60"

    assert register.keys == [str(call_key(instance, "figures"))] * 2


async def test_a_final_failure_is_the_owners_to_decide_and_may_be_tried_again(desk: Desk) -> None:
    register = Register(fails=3)
    async with desk.worker(activities=[register.fetch_figures]):
        instance = await desk.start(CALL)
        failed = await _task(desk, instance, "figures_failed")
        assert failed.shown == {"Why": "OSError: the register is closed"}

        await desk.complete(failed, outcome="try_again")
        assert (await _task(desk, instance, "read")).title == "Read 60"
    assert len(set(register.keys)) == 1
    assert len(register.keys) == 4


async def test_an_activity_that_says_never_is_not_tried_again(desk: Desk) -> None:
    calls = []

    @activity.defn(name="fetch_figures")
    async def never(asked: Asked) -> None:
        calls.append(asked)
        raise ApplicationError("there is no such school", non_retryable=True)

    async with desk.worker(activities=[never]):
        instance = await desk.start(CALL)
        failed = await _task(desk, instance, "figures_failed")
        await desk.complete(failed, outcome="go_on")
        task = await _task(desk, instance, "read")

    assert failed.shown == {"Why": "there is no such school"}
    assert (len(calls), task.title) == (1, "Read nothing")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (None, "no worker here knows the activity 'fetch_figures'; install the plug-in that has it"),
        ("slow", "fetch_figures gave no answer within 1 seconds"),
        ("large", "at most 200,000 are kept"),
    ],
)
async def test_nothing_that_goes_wrong_is_stuck_silently(desk: Desk, given: str | None, why: str) -> None:
    @activity.defn(name="fetch_figures")
    async def wrong(asked: Asked) -> str:
        await asyncio.sleep(30 if given == "slow" else 0)
        return "x" * 250_000

    once = CALL.replace("at_most: 3", "at_most: 1").replace("timeout_seconds: 10", "timeout_seconds: 1")
    async with desk.worker(activities=[wrong] if given else []):
        instance = await desk.start(once)
        failed = await _task(desk, instance, "figures_failed")

    assert why in str(failed.shown["Why"])


async def test_a_cancelled_instance_cancels_the_activity(desk: Desk) -> None:
    seen = asyncio.Queue[str]()

    @activity.defn(name="fetch_figures")
    async def endless(asked: Asked) -> None:
        seen.put_nowait("begun")
        try:
            while True:
                activity.heartbeat()
                await asyncio.sleep(0.05)
        except asyncio.CancelledError:
            seen.put_nowait("cancelled")
            raise

    async with desk.worker(activities=[endless]):
        instance = await desk.start(CALL)
        await asyncio.wait_for(seen.get(), 20)
        officer = named(directory(), "Officer")
        await desk.send(
            instance, CancelProcess(id=command_id(instance, "stop"), by=officer, reason="An inspection")
        )
        assert await desk.temporal.get_workflow_handle(instance).result() == "cancelled"
        assert await asyncio.wait_for(seen.get(), 20) == "cancelled"
    kinds = [row.event.kind for row in await desk.records.store.read(instance)]
    assert kinds[-1] == "instance-cancelled"


async def test_a_workflow_that_was_reset_while_it_waits_gets_its_answer_once(desk: Desk) -> None:
    go, register = asyncio.Event(), Register()

    @activity.defn(name="fetch_figures")
    async def held(asked: Asked) -> dict[str, object]:
        await go.wait()
        return await register.fetch_figures(asked)

    async with desk.worker(activities=[held]):
        instance = await desk.start(CALL)
        await _until(desk, instance, lambda kinds: "call-requested" in kinds)
        await reset(desk, instance)
        go.set()
        task = await _task(desk, instance, "read")
        await desk.complete(task)
        assert await desk.temporal.get_workflow_handle(instance).result() == "done"

    kinds = [row.event.kind for row in await desk.records.store.read(instance)]
    assert (kinds.count("call-requested"), kinds.count("call-finished")) == (1, 1)
    assert set(register.keys) == {str(call_key(instance, "figures"))}


async def test_a_worker_killed_in_the_middle_of_a_call_loses_nothing(
    database: str, temporal_address: str, desk: Desk, tmp_path: Path
) -> None:
    register = Register()
    async with _dying_worker(database, temporal_address, desk.queue, tmp_path):
        instance = await desk.start(CALL.replace("timeout_seconds: 10", "timeout_seconds: 2"))
        async with asyncio.timeout(30):
            while not (tmp_path / "called").exists():
                await asyncio.sleep(0.05)
    async with desk.worker(activities=[register.fetch_figures]):  # the first was killed with -9 on leaving
        assert (await _task(desk, instance, "read")).title == "Read 60"

    assert register.keys == [(tmp_path / "called").read_text()]
    kinds = [row.event.kind for row in await desk.records.store.read(instance)]
    assert (kinds.count("call-requested"), kinds.count("call-finished")) == (1, 1)


async def _task(desk: Desk, instance: str, step: str) -> TaskRow:
    """The open task of a step, once it is there."""
    async with asyncio.timeout(30):
        while not (found := [task for task in await desk.tasks(instance) if task.step == step]):
            await asyncio.sleep(0.05)
    return found[0]


async def _until(desk: Desk, instance: str, holds: Callable[[list[str]], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds([row.event.kind for row in await desk.records.store.read(instance)]):
            await asyncio.sleep(0.05)


async def _scheduled(desk: Desk, instance: str) -> list[tuple[str, str]]:
    """Every activity of the history, with what its summary says."""
    history = await desk.temporal.get_workflow_handle(instance).fetch_history()
    found = [e for e in history.events if e.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED]
    return [
        (
            each.activity_task_scheduled_event_attributes.activity_type.name,
            each.user_metadata.summary.data.decode().strip('"'),
        )
        for each in found
    ]


@asynccontextmanager
async def _dying_worker(dsn: str, address: str, queue: str, folder: Path) -> AsyncIterator[None]:
    """A worker in a process of its own whose activity never answers; killed with -9 on leaving."""
    script = folder / "worker.py"
    script.write_text(
        "import asyncio, pathlib, sys\n"
        "from temporalio import activity\n"
        "from tests.desk import open_desk\n"
        "@activity.defn\n"
        "async def fetch_figures(asked: dict) -> None:\n"
        "    called = pathlib.Path(sys.argv[4]) / 'called'\n"
        "    called.write_text(activity.info().activity_id)\n"
        "    await asyncio.sleep(3600)\n"
        "async def main(dsn, address, queue):\n"
        "    async with open_desk(dsn, address) as desk:\n"
        "        desk.queue = queue\n"
        "        async with desk.worker(activities=[fetch_figures]):\n"
        "            await asyncio.sleep(3600)\n"
        "asyncio.run(main(*sys.argv[1:4]))\n"
    )
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(script), dsn, address, queue, str(folder), cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    try:
        yield
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()
