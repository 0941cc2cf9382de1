"""Whoever reaches Temporal can begin workflows. None that was not asked for by who may is recorded."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.client import WorkflowExecutionStatus, WorkflowFailureError
from temporalio.exceptions import ApplicationError

from engine import library
from engine.commands import StartProcess
from engine.events import TERMWISE
from engine.world import World
from tests.desk import Desk, example
from tests.faults.thief import CHILDREN, ONE, TRUST, Thief, opened, ours, refusals
from tests.people import until
from tests.worlds import calendar, directory, named
from workers.keys import OneKey, PrivateKey, Signer
from workflows.beginning import Beginning


async def test_nobody_begins_what_they_may_not(desk: Desk) -> None:
    made = example(ONE)
    world = World(made, calendar(), directory())
    thief = Thief(desk)
    async with desk.worker():
        await thief.enrol()
        plan = await desk.client.plan(world, {"tag": "stolen"}, named(directory(), "Officer"))
        await desk.client.keep(world)
        order, by = plan.order, named(directory(), "Officer")
        before = until(directory(), "Head ash", datetime.now(UTC).date() - timedelta(days=1))
        old_staff = await desk.records.documents.put("directory", library.text(before))
        part = order.model_copy(
            update={"by": TERMWISE, "parent": "example:none", "part": "visits[ash]", "root": "example:none"}
        )
        codes = {
            "unsigned": await begun(desk, order, None),
            "by a stranger": await begun(desk, order, thief.strangers),
            "with another's key": await begun(desk, order, thief.chiefs),
            "as termwise": await begun(desk, order.model_copy(update={"by": TERMWISE}), None),
            "a child nobody asked for": await begun(desk, part, None),
            "a child in a person's name": await begun(desk, part.model_copy(update={"by": by}), ours(thief)),
            "with an old directory": await begun(
                desk, order.model_copy(update={"directory": old_staff}), ours(thief)
            ),
            "with an old directory beside the order": await begun(
                desk, order, ours(thief), directory=old_staff
            ),
            "under another id": await begun(desk, order, ours(thief), instance="example:elsewhere"),
        }

        instance = await desk.client.start(world, {"tag": "stolen"}, by)

    assert codes == {
        "unsigned": "no-signature",
        "by a stranger": "unknown-key",
        "with another's key": "other-persons-key",
        "as termwise": "not-allowed",
        "a child nobody asked for": codes["a child nobody asked for"],
        "a child in a person's name": codes["a child in a person's name"],
        "with an old directory": "old-start",
        "with an old directory beside the order": "not-allowed",
        "under another id": "not-allowed",
    }
    assert set(codes.values()) <= {
        "no-signature",
        "unknown-key",
        "other-persons-key",
        "not-allowed",
        "old-start",
        "refused",
        "broken",
    }
    assert await desk.records.store.read("example:elsewhere") == []
    assert (await desk.state(instance)).status == "running"
    assert {row.code for row in await refusals(desk, instance)} >= {"no-signature", "unknown-key"}


async def test_a_child_with_other_values_than_its_parent_gave_is_not_recorded(desk: Desk) -> None:
    async with desk.worker():
        instance = await desk.start(CHILDREN, schools=["ash"])
        [visit] = await opened(desk, instance)
        child = desk.temporal.get_workflow_handle(visit.instance)
        [started] = [
            e
            async for e in child.fetch_history_events()
            if e.HasField("workflow_execution_started_event_attributes")
        ]
        body = started.workflow_execution_started_event_attributes.input.payloads[0].data
        stolen = Beginning.model_validate_json(body)
        assert stolen.order
        forged = stolen.order.model_copy(update={"data": {"school": "beech"}, "school": "beech"})
        await child.terminate()
        before = await desk.records.store.read(visit.instance)

        code = await begun(desk, forged, None)

    assert code in {"not-allowed", "refused"} or await desk.records.store.read(visit.instance) == before
    assert await desk.records.store.read(visit.instance) == before


async def begun(
    desk: Desk,
    order: StartProcess,
    key: PrivateKey | None,
    instance: str | None = None,
    directory: str | None = None,
) -> str:
    """The code with which a workflow ends that was started with this order."""
    signature = Signer(OneKey(key), TRUST).signed(order.instance, order).signature if key else None
    beginning = Beginning(
        instance=order.instance,
        definition=order.definition,
        calendar=order.calendar,
        directory=directory or order.directory,
        order=order,
        signature=signature,
        sealed="0" * 20,
    )
    handle = await desk.temporal.start_workflow(
        "example", beginning, id=instance or order.instance, task_queue=desk.queue
    )
    with pytest.raises(WorkflowFailureError) as failed:
        await asyncio.wait_for(handle.result(), 30)
    assert (await handle.describe()).status == WorkflowExecutionStatus.FAILED
    cause = failed.value.cause
    return cause.type or "" if isinstance(cause, ApplicationError) else ""
