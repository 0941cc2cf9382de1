"""Lines of work that come together again, on real servers: what is not needed any more is cancelled there, too."""

import asyncio

from engine.commands import JoinMember, LeaveMember, command_id
from storage.views import TaskRow
from tests.desk import Desk
from tests.worlds import directory, named

FIRST_SCHOOL = """
inputs:
  tag: {type: text}
  schools: {type: list of school, default: all}
steps:
- for_each: visits
  over: {school: schools}
  run: as child instances
  join: any
  steps:
  - {task: visit, title: Visit, who: headteacher at school}
- {task: report, title: Report, who: ceo}
"""
EACH_SCHOOL = FIRST_SCHOOL.replace("join: any", "join: all").replace("default: all", "default: [ash]")
AGREE = """
steps:
- {task: agree, title: Agree, who: headteacher, quorum: 2, outcomes: {yes: null, no: null}}
- {task: report, title: "Report {{ agree.outcome }}", who: ceo}
"""


async def until(desk: Desk, instance: str, count: int) -> list[TaskRow]:
    for _ in range(200):
        tasks = await desk.tasks(instance)
        if len(tasks) == count:
            return tasks
        await asyncio.sleep(0.05)
    raise AssertionError([task.title for task in tasks])


async def test_the_parts_that_the_work_went_on_without_are_cancelled(desk: Desk) -> None:
    async with desk.worker(cached=0):
        instance = await desk.start(FIRST_SCHOOL)
        first, *others = await until(desk, instance, 3)
        await desk.complete(first)
        for other in others:
            assert await desk.temporal.get_workflow_handle(other.instance).result() == "cancelled"
        [report] = await until(desk, instance, 1)
        await desk.complete(report)
        assert await desk.temporal.get_workflow_handle(instance).result() == "done"

    state = await desk.state(instance)
    assert report.step == "report"
    assert not state.children


async def test_a_member_that_joins_gets_a_part_and_one_that_leaves_loses_it(desk: Desk) -> None:
    officer = named(directory(), "Officer")
    async with desk.worker():
        instance = await desk.start(EACH_SCHOOL)
        join = JoinMember(
            id=command_id(instance, "join"),
            by=officer,
            address="visits",
            values={"school": "beech"},
            reason="New",
        )
        await desk.send(instance, join)
        ash, beech = sorted(await until(desk, instance, 2), key=lambda task: task.school or "")
        leave = LeaveMember(
            id=command_id(instance, "leave"), by=officer, address="visits", key="ash", reason="Gone"
        )
        await desk.send(instance, leave)
        await desk.send(instance, join)
        assert await desk.temporal.get_workflow_handle(ash.instance).result() == "cancelled"
        await desk.complete(beech)
        [report] = await until(desk, instance, 1)

    assert report.step == "report"


async def test_people_decide_together_at_the_same_time(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start(AGREE)
        seats = await until(desk, instance, 3)
        await asyncio.gather(*(desk.complete(seat, outcome="no") for seat in seats[:2]))
        [report] = await until(desk, instance, 1)

    assert report.title == "Report no"
