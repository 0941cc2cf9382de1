"""Processes that run processes, on real servers: each a workflow and a cycle of its own."""

import asyncio
from collections.abc import Mapping

import pytest

from engine.commands import CancelProcess, command_id
from engine.definition.program import Program
from engine.templates import slug
from engine.world import World
from storage.views import TaskRow
from tests.desk import Desk
from tests.faults.resetting import reset
from tests.worlds import calendar, directory, named, program
from workflows.display import Status

VISIT = """
process: visit
key: "{{ tag }}"
name: "A visit, {{ tag }}"
inputs: {tag: {type: text}, place: {type: school, default: ash}}
values: {nobody: null}
steps:
- {task: look, title: Look around, who: headteacher at place, outcomes: {good: , bad: }}
outcomes:
  again: {title: Visit again, when: look.outcome == 'bad'}
  done: {title: All is well, reports: {by: look.by}}
"""
RUNS = """
steps:
- run: visit_them
  process: visit
  set: {tag: "key + '-1'"}
- {task: read, title: "It ended as {{ visit_them.outcome }}", who: ceo}
"""
REGARDLESS = RUNS.replace("set:", "wait: false\n  set:")


def visiting(text: str = VISIT) -> Mapping[str, Program]:
    return {"visit": program(text)}


@pytest.mark.parametrize("cached", [1000, 0])
async def test_a_process_is_run_and_its_end_waited_for(desk: Desk, cached: int) -> None:
    async with desk.worker(cached=cached):
        instance = await desk.start(RUNS, visiting())
        look = await _task(desk, _visit(instance), "look")
        described = await desk.temporal.get_workflow_handle(look.instance).describe()
        assert not await desk.tasks(instance)
        await desk.complete(look, outcome="bad")
        read = await _task(desk, instance, "read")
        await _settled(desk, instance)
        await desk.complete(read)
        assert await desk.temporal.get_workflow_handle(instance).result() == "done"
        assert await desk.temporal.get_workflow_handle(look.instance).result() == "again"

    assert (described.workflow_type, described.id) == ("visit", _visit(instance))
    assert read.title == "It ended as again"


async def test_a_process_that_is_not_waited_for_outlives_whoever_ran_it(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start(REGARDLESS, visiting())
        read = await _task(desk, instance, "read")
        await desk.complete(read)
        assert await desk.temporal.get_workflow_handle(instance).result() == "done"
        look = await _task(desk, _visit(instance), "look")
        await desk.complete(look, outcome="good")
        assert await desk.temporal.get_workflow_handle(look.instance).result() == "done"

    assert read.title == "It ended as started"


async def test_cancelling_the_cycle_cancels_what_it_waits_for_and_leaves_the_rest(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start(RUNS, visiting())
        alone = await desk.start(REGARDLESS, visiting())
        await _task(desk, _visit(instance), "look")
        await _task(desk, _visit(alone), "look")
        for each in (instance, alone):
            await _cancel(desk, each)
        assert await desk.temporal.get_workflow_handle(_visit(instance)).result() == "cancelled"
        assert await desk.temporal.get_workflow_handle(alone).result() == "cancelled"

        assert not await desk.tasks(_visit(instance))
        assert await desk.tasks(_visit(alone))


async def test_a_process_that_is_cancelled_by_its_owner_is_an_outcome(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start(RUNS, visiting())
        await _task(desk, _visit(instance), "look")
        await _cancel(desk, _visit(instance))

        assert (await _task(desk, instance, "read")).title == "It ended as cancelled"


@pytest.mark.parametrize("ended", [False, True])
async def test_a_key_that_was_started_before_is_the_owners_to_decide(desk: Desk, *, ended: bool) -> None:
    async with desk.worker():
        first = await desk.client.start(
            World(program(VISIT), calendar(), directory()), {"tag": desk.queue}, named(directory(), "Officer")
        )
        if ended:
            await desk.complete(await _task(desk, first, "look"), outcome="good")
            await desk.temporal.get_workflow_handle(first).result()
        instance = await desk.start(RUNS.replace("key + '-1'", f"'{desk.queue}'"), visiting())
        failed = await _task(desk, instance, "visit_them_failed")
        await desk.complete(failed, outcome="go_on")
        read = await _task(desk, instance, "read")

    assert failed.shown == {"Why": f"{first} was started already, not by this step"}
    assert read.title == "It ended as not-started"


async def test_a_process_that_cannot_begin_is_the_owners_to_decide(desk: Desk) -> None:
    broken = VISIT.replace("headteacher at place", "the person nobody")
    async with desk.worker():
        instance = await desk.start(RUNS, visiting(broken))
        failed = await _task(desk, instance, "visit_them_failed")
        await desk.complete(failed, outcome="try_again")
        again = await _task(desk, instance, "visit_them_failed", other_than=failed.task)
        await desk.complete(again, outcome="go_on")
        await _task(desk, instance, "read")

    assert "the step 'look' cannot go on" in str(failed.shown["Why"])
    assert not await desk.records.store.read(_visit(instance))


async def test_a_workflow_that_was_reset_runs_nothing_twice(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start(RUNS, visiting())
        look = await _task(desk, _visit(instance), "look")
        await reset(desk, instance)
        await desk.complete(look, outcome="good")
        read = await _task(desk, instance, "read")
        await _settled(desk, instance)
        await desk.complete(read)
        assert await desk.temporal.get_workflow_handle(instance).result() == "done"

    kinds = [row.event.kind for row in await desk.records.store.read(instance)]
    assert (kinds.count("run-requested"), kinds.count("run-finished")) == (1, 1)
    visited = [row.event.kind for row in await desk.records.store.read(_visit(instance))]
    assert visited.count("instance-started") == 1


def _visit(instance: str) -> str:
    """The id of the visit that an example runs."""
    return f"visit:{slug(f'{instance}-1')}"


async def _task(desk: Desk, instance: str, step: str, other_than: str = "") -> TaskRow:
    """The open task of a step, once it is there."""
    async with asyncio.timeout(20):
        while True:
            for task in await desk.tasks(instance):
                if task.step == step and task.task != other_than:
                    return task
            await asyncio.sleep(0.05)


async def _settled(desk: Desk, instance: str) -> None:
    """Wait until the workflow itself, replayed as it is, has come to what the log says."""
    handle = desk.temporal.get_workflow_handle(instance)
    async with asyncio.timeout(30):
        while (await handle.query("status", result_type=Status)).version < (
            await desk.state(instance)
        ).version:
            await asyncio.sleep(0.1)


async def _cancel(desk: Desk, instance: str) -> None:
    officer = named(directory(), "Officer")
    stop = CancelProcess(id=command_id(instance, "stop"), by=officer, reason="An inspection")
    await desk.send(instance, stop)
