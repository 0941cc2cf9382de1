"""Instances on real servers that move to another version: no run needs the old documents afterwards."""

import asyncio
from textwrap import dedent
from uuid import uuid4

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest

from engine import library
from engine.commands import MigrateInstance, command_id
from engine.definition.program import Program
from engine.errors import RefusedError
from engine.world import ENGINE_VERSION, World
from tests.desk import Desk, answer, example
from tests.worlds import calendar, directory, named, program
from workflows.display import OWNER

OLD = """
steps:
- {task: write, title: Write it, who: ceo}
- {task: sign, title: Sign it, who: ceo}
- {task: file, title: File it, who: ceo}
"""
NEW = OLD.replace("Sign it", "Seal it")
PRINTING = """
process: printing
key: "{{ tag }}"
name: "Printing, {{ tag }}"
inputs: {tag: {type: text}}
steps: [{notify: told, to: ceo, subject: It is printed, body: All of it.}]
"""
A_SCHOOL_EACH = """
inputs:
  tag: {type: text}
  schools: {type: list of school, default: all}
steps:
- for_each: visits
  over: {school: schools}
  run: as child instances
  steps:
  - {task: visit, title: Visit, who: headteacher at school}
- {task: report, title: Report, who: ceo}
"""


async def moved(desk: Desk, instance: str, text: str, owner: str | None = None) -> Program:
    """Move one instance, as the officer."""
    new = example("version: 2\n" + (f"owner: {owner}\n" if owner else "") + text)
    definition, days, people = await desk.client.keep(World(new, calendar(), directory()))
    command = MigrateInstance(
        id=command_id(instance, "migrate", definition),
        by=named(directory(), "Officer"),
        definition=definition,
        calendar=days,
        directory=people,
        reason="Agreed by the heads",
        engine=ENGINE_VERSION,
    )
    await desk.send(instance, command)
    return new


async def titles(desk: Desk, instance: str) -> list[str]:
    return [task.title for task in await desk.tasks(instance)]


async def complete(desk: Desk, instance: str) -> None:
    [task] = await desk.tasks(instance)
    await desk.complete(task)


async def run_of(desk: Desk, instance: str) -> str:
    return (await desk.temporal.get_workflow_handle(instance).describe()).run_id


async def renewed(desk: Desk, instance: str, run: str) -> None:
    """Wait until another run has taken over."""
    async with asyncio.timeout(20):
        while await run_of(desk, instance) == run:
            await asyncio.sleep(0.02)


async def test_what_a_cycle_may_run_is_still_known_after_it_began_anew(desk: Desk) -> None:
    text = """
    steps:
    - {task: write, title: Write it, who: ceo}
    - {run: print_it, process: printing, set: {tag: key}}
    - {task: file, title: File it, who: ceo}
    """
    printing = program(PRINTING)
    async with desk.worker(cached=0):
        instance = await desk.start(dedent(text), {"printing": printing})
        run = await run_of(desk, instance)
        await moved(desk, instance, dedent(text).replace("File it", "Shelve it"))
        await renewed(desk, instance, run)
        await complete(desk, instance)
        async with asyncio.timeout(20):
            while await titles(desk, instance) != ["Shelve it"]:
                await asyncio.sleep(0.02)


async def test_an_instance_moves_and_begins_anew_with_the_new_version(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start(OLD)
        run = await run_of(desk, instance)
        new = await moved(desk, instance, NEW, owner="ceo")
        await renewed(desk, instance, run)
        await complete(desk, instance)
        assert await titles(desk, instance) == ["Seal it"]
        [task] = await desk.tasks(instance)
        found = await desk.temporal.get_workflow_handle(instance).describe()
        await complete(desk, instance)
        await complete(desk, instance)
        await desk.temporal.get_workflow_handle(instance).result()

    state = await desk.state(instance)
    assert (state.status, state.started.definition, task.definition) == ("ended", new.digest, new.digest)
    assert found.typed_search_attributes[OWNER] == "ceo"


async def test_a_worker_that_never_saw_the_old_version_goes_on_with_it(desk: Desk) -> None:
    """An instance never needs old files or old workers, not even to begin its next run."""
    async with desk.worker():
        instance = await desk.start(OLD)
        old = (await desk.state(instance)).started.definition
        run = await run_of(desk, instance)
        await moved(desk, instance, NEW)
        await renewed(desk, instance, run)
        await desk.temporal.get_workflow_handle(instance).query("status")

    library._documents.clear()
    async with desk.worker(cached=0):
        await complete(desk, instance)
        assert await titles(desk, instance) == ["Seal it"]
        assert not library.known(old)
        await complete(desk, instance)
        await complete(desk, instance)
        await desk.temporal.get_workflow_handle(instance).result()


async def test_every_task_may_replay_the_move_on_another_worker(desk: Desk) -> None:
    async with desk.worker(cached=0):
        instance = await desk.start(OLD)
        await moved(desk, instance, NEW)
        for _ in range(3):
            library._documents.clear()
            await complete(desk, instance)
        assert await desk.temporal.get_workflow_handle(instance).result() == "done"


async def test_a_move_that_is_repeated_counts_once(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start(OLD)
        await moved(desk, instance, NEW)
        await moved(desk, instance, NEW)

    kinds = [row.event.kind for row in await desk.records.store.read(instance)]
    assert kinds.count("instance-migrated") == 1


async def test_a_move_that_is_refused_leaves_no_trace(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start(OLD)
        run = await run_of(desk, instance)
        with pytest.raises(RefusedError, match="write is open: this task is gone"):
            await moved(desk, instance, OLD.replace("- {task: write, title: Write it, who: ceo}\n", ""))
        assert await titles(desk, instance) == ["Write it"]
        assert await run_of(desk, instance) == run


async def test_what_is_sent_while_it_moves_is_carried_out(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start(OLD)
        [task] = await desk.tasks(instance)
        await asyncio.gather(moved(desk, instance, NEW), desk.send(instance, answer(task)))
        [following] = await desk.tasks(instance)
        await desk.complete(following)
        await complete(desk, instance)
        assert await desk.temporal.get_workflow_handle(instance).result() == "done"


async def test_a_reset_to_before_the_move_rejoins_the_log_and_has_the_new_version(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start(OLD)
        run = await run_of(desk, instance)
        await moved(desk, instance, NEW)
        await renewed(desk, instance, run)
        await _reset(desk, instance, run)
        await complete(desk, instance)
        assert await titles(desk, instance) == ["Seal it"]
        await complete(desk, instance)
        await complete(desk, instance)
        assert await desk.temporal.get_workflow_handle(instance).result() == "done"
    versions = [row.version for row in await desk.records.store.read(instance)]
    assert versions == list(range(1, len(versions) + 1))


async def test_parts_that_stayed_report_to_a_cycle_that_moved_and_a_part_moves_by_itself(desk: Desk) -> None:
    new = A_SCHOOL_EACH.replace("title: Visit", "title: See").replace("title: Report", "title: Sum up")
    with_check = new.replace("at school}\n-", "at school}\n  - {task: check, title: Check, who: ceo}\n-")
    async with desk.worker():
        instance = await desk.start(A_SCHOOL_EACH)
        async with asyncio.timeout(20):
            while len(visits := await desk.tasks(instance)) != 3:
                await asyncio.sleep(0.02)
        run = await run_of(desk, instance)
        await moved(desk, instance, with_check)
        await renewed(desk, instance, run)
        await moved(desk, f"{instance}/visits/ash", with_check)
        for visit in visits:
            await desk.complete(visit)
        async with asyncio.timeout(20):
            while await titles(desk, instance) != ["Check"]:
                await asyncio.sleep(0.02)
        await complete(desk, instance)
        async with asyncio.timeout(20):
            while await titles(desk, instance) != ["Sum up"]:
                await asyncio.sleep(0.02)


async def _reset(desk: Desk, instance: str, run: str) -> None:
    """Reset to the first workflow task that was completed, dropping the updates that came after."""
    history = await desk.temporal.get_workflow_handle(instance, run_id=run).fetch_history()
    first = next(
        event.event_id
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
    )
    await desk.temporal.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=desk.temporal.namespace,
            workflow_execution=WorkflowExecution(workflow_id=instance, run_id=run),
            reason="a test",
            workflow_task_finish_event_id=first,
            request_id=uuid4().hex,
        )
    )
