"""The process workflow on real servers: decide, record, believe, wait."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError

from engine.commands import (
    ClaimTask,
    DeferTask,
    PersonCommand,
    RaiseEvent,
    ReleaseTask,
    SkipTask,
    command_id,
)
from engine.errors import RefusedError
from engine.events import TaskEscalated, TaskOverdue, TaskReminded
from engine.world import World
from tests.desk import Desk, answer, example
from tests.worlds import calendar, directory, named
from workers.client import AlreadyStartedError

ONE_TASK = """
steps:
- {task: sign, title: Sign it, who: school-improvement-officer, stage: Signing}
"""
TWO_TASKS = """
steps:
- {task: write, title: Write it, who: school-improvement-officer, stage: Writing}
- {task: sign, title: Sign it, who: ceo, stage: Signing}
"""


async def test_a_process_runs_from_start_to_end(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start(TWO_TASKS)
        for _ in range(2):
            [task] = await desk.tasks(instance)
            await desk.complete(task)
        outcome = await desk.temporal.get_workflow_handle(instance).result()

    state = await desk.state(instance)
    assert (outcome, state.status, state.outcome) == ("done", "ended", "done")


async def test_the_workflow_type_is_the_process(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start(ONE_TASK)
        found = await desk.temporal.get_workflow_handle(instance).describe()

    assert (found.workflow_type, found.id) == ("example", instance)
    assert instance.startswith("example:")


async def test_a_refused_command_leaves_no_trace(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start(ONE_TASK)
        [task] = await desk.tasks(instance)
        before = await _history_length(desk, instance)

        with pytest.raises(RefusedError, match="Chief is not asked to do 'Sign it'") as refused:
            await desk.send(instance, answer(task, by=named(directory(), "Chief")))

        assert refused.value.code == "not-allowed"
        assert await _history_length(desk, instance) == before
    assert [row.event.kind for row in await desk.records.store.read(instance)][-1] == "task-opened"


async def test_a_repeat_gets_the_first_answer_even_after_the_end(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start(TWO_TASKS)
        [task] = await desk.tasks(instance)
        first = await desk.complete(task)
        [other] = await desk.tasks(instance)
        await desk.complete(other)
        await desk.temporal.get_workflow_handle(instance).result()

        assert await desk.send(instance, answer(task)) == first
    assert len(await desk.records.store.read(instance)) == (await desk.state(instance)).version


async def test_the_same_key_is_refused_with_the_running_one(desk: Desk) -> None:
    world = World(example(ONE_TASK), calendar(), directory())
    async with desk.worker():
        officer = named(world.directory, "Officer")
        instance = await desk.client.start(world, {"tag": desk.queue}, officer)
        with pytest.raises(AlreadyStartedError, match=instance):
            await desk.client.start(world, {"tag": desk.queue}, officer)


async def test_concurrent_commands_are_decided_one_after_the_other(desk: Desk) -> None:
    both = ONE_TASK.replace("school-improvement-officer", "school-improvement-officer or ceo")
    async with desk.worker():
        instance = await desk.start(both)
        [task] = await desk.tasks(instance)
        answers = await asyncio.gather(
            *(desk.send(instance, answer(task, by=person)) for person in task.candidates),
            return_exceptions=True,
        )

    done = [each for each in answers if not isinstance(each, BaseException)]
    assert len(done) == 1
    assert isinstance(next(each for each in answers if isinstance(each, BaseException)), RefusedError)


async def test_claiming_releasing_and_claiming_again_are_three_commands(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start(
            ONE_TASK.replace("school-improvement-officer", "school-improvement-officer or ceo")
        )
        for number, kind in enumerate((ClaimTask, ReleaseTask, ClaimTask)):
            [task] = await desk.tasks(instance)
            person = task.candidates[0]
            identity = command_id(task.task, kind.__name__, task.revision)
            command: PersonCommand = kind(id=identity, by=person, task=task.task)
            await desk.send(instance, command)
            [task] = await desk.tasks(instance)
            assert task.assignee == (None if number == 1 else person)


async def test_reminders_and_escalations_come_with_time_and_one_timer(desk: Desk) -> None:
    slow = """
    steps:
    - for_each: visits
      over: {n: "[1, 2, 3, 4, 5]"}
      steps:
      - {task: visit, title: Visit, who: school-improvement-officer, due: 5 school days after start,
         remind: [1], escalate: {2: ceo}}
    """
    async with desk.worker():
        instance = await desk.start(slow)
        handle = desk.temporal.get_workflow_handle(instance)
        await desk.clock.fast_forward(handle, timedelta(days=30))
        state = await desk.state(instance)
        events = [row.event for row in await desk.records.store.read(instance)]

    for kind in (TaskReminded, TaskOverdue, TaskEscalated):
        assert sum(isinstance(event, kind) for event in events) == 5
    assert state.next_moment is None
    timers = [
        event
        for event in (await handle.fetch_history()).events
        if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED
    ]
    assert len(timers) == 3, "one for each moment, not one for each task"


async def test_what_was_put_off_comes_back_by_itself_and_may_then_be_skipped(desk: Desk) -> None:
    text = """
    steps:
    - {task: visit, title: Visit, who: school-improvement-officer, due: 5 school days after start,
       skip: {closed: It is closed}, defer: {away: Nobody is there}}
    """
    codes: dict[str, Any] = {"by": named(directory(), "Officer")}
    async with desk.worker():
        instance = await desk.start(text)
        handle = desk.temporal.get_workflow_handle(instance)
        [task] = await desk.tasks(instance)
        today = calendar().local_date((await desk.state(instance)).now)
        codes["task"] = task.task
        put_off = DeferTask(
            id=command_id(instance, "defer"), code="away", until=today + timedelta(days=2), **codes
        )
        first = await desk.send(instance, put_off)
        repeated = await desk.send(instance, put_off)
        assert await desk.tasks(instance) == []
        await desk.clock.fast_forward(handle, timedelta(days=3))
        [back] = await desk.tasks(instance)
        await desk.send(instance, SkipTask(id=command_id(instance, "skip"), code="closed", **codes))
        await handle.result()

    assert first == repeated
    assert (back.status, back.deferred_until) == ("open", None)
    kinds = [row.event.kind for row in await desk.records.store.read(instance)]
    assert [kind for kind in kinds if kind.startswith("task-")] == [
        "task-opened",
        "task-deferred",
        "task-resumed",
        "task-skipped",
    ]


async def test_nobody_can_act_as_termwise_itself(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start(ONE_TASK)
        [task] = await desk.tasks(instance)
        with pytest.raises(RefusedError, match="needs a person"):
            await desk.send(instance, answer(task, by="termwise"))


async def test_an_event_from_outside_ends_a_wait(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start("steps:\n- {wait: news, event: news-arrived, by: ceo}\n")
        news = RaiseEvent(
            id=command_id(instance, "news"),
            by=named(directory(), "Chief"),
            event="news-arrived",
            reason="A call",
        )
        await desk.send(instance, news)
        assert await desk.temporal.get_workflow_handle(instance).result() == "done"


async def test_a_start_that_cannot_be_read_fails_and_says_why(desk: Desk) -> None:
    async with desk.worker():
        handle = await desk.temporal.start_workflow(
            "nonsense", {"a": 1}, id=f"nonsense-{desk.queue}", task_queue=desk.queue
        )
        with pytest.raises(WorkflowFailureError) as failed:
            await asyncio.wait_for(handle.result(), 20)

    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.type == "unusable-start"


async def _history_length(desk: Desk, instance: str) -> int:
    """Once the worker has told Temporal all: what is recorded is seen in the log before that."""
    handle = desk.temporal.get_workflow_handle(instance)
    async with asyncio.timeout(20):
        while (seen := await handle.describe()).raw_description.HasField("pending_workflow_task"):
            await asyncio.sleep(0.02)
    return seen.history_length
