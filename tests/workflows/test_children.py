"""A process with a child for each school, on real servers: they report, are seen, and end with their parent."""

import asyncio

from engine.commands import CancelProcess, command_id
from storage.views import TaskRow
from tests.desk import Desk
from tests.worlds import directory, named
from workflows.display import DUE, OVERDUE, PROCESS, SCHOOL, STAGE

A_SCHOOL_EACH = """
inputs:
  tag: {type: text}
  schools: {type: list of school, default: all}
steps:
- for_each: visits
  over: {school: schools}
  run: as child instances
  steps:
  - {task: visit, title: Visit, who: headteacher at school, form: {seen: {type: integer}}}
- set: {total: "visits.map(v, v.visit.seen)"}
- {task: report, title: Report, who: ceo, show: {Seen: total}}
"""


async def test_every_task_may_replay_the_whole_history(desk: Desk) -> None:
    async with desk.worker(cached=0):
        instance = await desk.start(A_SCHOOL_EACH)
        await desk.complete(await _play_visits(desk, instance))
        await desk.temporal.get_workflow_handle(instance).result()

    assert (await desk.state(instance)).status == "ended"


async def test_an_admin_sees_stage_school_and_lateness(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start(A_SCHOOL_EACH)
        await _until(desk, instance, 3)
        found = await desk.temporal.get_workflow_handle(f"{instance}/visits/ash").describe()
        attributes = found.typed_search_attributes
        metadata = await desk.temporal.get_workflow_handle(f"{instance}/visits/ash").query(
            "__temporal_workflow_metadata"
        )

    assert attributes[PROCESS] == "example"
    assert list(attributes[SCHOOL]) == ["ash"]
    assert (attributes[STAGE], attributes[OVERDUE], attributes.get(DUE)) == ("An example", 0, None)
    assert "Ash" in await found.static_summary()
    assert "| An example | Ash | 1 | 0 | 0 |" in str(metadata)
    assert "Waiting for: headteacher (1)" in str(metadata)


async def test_children_report_to_their_parent(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start(A_SCHOOL_EACH)
        report = await _play_visits(desk, instance)

    assert report.shown == {"Seen": [1, 2, 3]}


async def test_a_cancelled_cycle_takes_its_children_with_it(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start(A_SCHOOL_EACH)
        visits = await _until(desk, instance, 3)
        officer = named(directory(), "Officer")
        stop = CancelProcess(id=command_id(instance, "stop"), by=officer, reason="An inspection")
        await desk.send(instance, stop)
        for visit in visits:
            assert await desk.temporal.get_workflow_handle(visit.instance).result() == "cancelled"

        assert await desk.tasks(instance) == []
        state = await desk.state(visits[0].instance)
    assert [task.status for task in state.tasks.values()] == ["withdrawn"]


async def _play_visits(desk: Desk, instance: str) -> TaskRow:
    """Each school is visited; the task that follows."""
    for seen, task in enumerate(sorted(await _until(desk, instance, 3), key=lambda each: each.instance), 1):
        await desk.complete(task, {"seen": seen})
    [report] = await _until(desk, instance, 1)
    return report


async def _until(desk: Desk, instance: str, count: int) -> list[TaskRow]:
    """The open tasks, once there are so many: children begin and report in their own time."""
    async with asyncio.timeout(20):
        while len(tasks := await desk.tasks(instance)) != count:
            await asyncio.sleep(0.02)
    return tasks
