"""What happens outside, on real servers: the cycle tells its children, and the lists follow."""

import asyncio

from engine.commands import RaiseEvent, command_id
from engine.state import State
from tests.desk import Desk
from tests.worlds import directory, named

VISITS = """
on:
  inspection-notified: {of: school, do: stop the clock, until: inspection-ended}
inputs:
  tag: {type: text}
  schools: {type: list of school, default: all}
steps:
- for_each: visits
  over: {school: schools}
  run: as child instances
  steps:
  - {task: visit, title: Visit, who: headteacher at school, due: 5 school days after opened}
- {task: report, title: Report, who: ceo}
"""


async def test_the_children_of_a_school_stand_still_and_go_on(desk: Desk) -> None:
    # Nothing is cached: every step replays the whole history, so what is told must be told the same again.
    async with desk.worker(cached=0):
        instance = await desk.start(VISITS)
        async with asyncio.timeout(60):
            while len(visits := await desk.tasks(instance)) != 3:
                await asyncio.sleep(0.05)
            ash = next(task for task in visits if task.school == "ash")

            await raised(desk, instance, "inspection-notified")
            stopped = await child(desk, ash.instance, stops=1)
            await raised(desk, instance, "inspection-ended")
            going = await child(desk, ash.instance, stops=0)

    assert stopped.tasks[ash.task].stopped == ("on-inspection-notified[ash]",)
    assert stopped.next_moment is None
    assert going.tasks[ash.task].stopped == ()
    assert going.next_moment is not None
    others = [await desk.state(task.instance) for task in visits if task.school != "ash"]
    assert not any(state.raised for state in others)
    row = next(task for task in await desk.tasks(instance) if task.task == ash.task)
    due = going.tasks[ash.task].due
    assert due
    assert (row.due_at, row.revision) == (due.at, ash.revision + 1)


async def raised(desk: Desk, instance: str, event: str) -> None:
    """The officer says what happened to the school ash."""
    officer = named(directory(), "Officer")
    command = RaiseEvent(
        id=command_id(instance, event), by=officer, event=event, reason="A call", values={"school": "ash"}
    )
    await desk.send(instance, command)


async def child(desk: Desk, instance: str, stops: int) -> State:
    """The child, once its clock stands still for so many reasons."""
    while True:
        state = await desk.state(instance)
        if state.raised and len(state.stops) == stops:
            return state
        await asyncio.sleep(0.05)
