"""Whoever reaches Temporal can send anything. Nothing of it is recorded, all of it is noted, and work goes on."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import WorkflowExecutionStatus, WorkflowFailureError, WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from engine import library
from engine.commands import (
    CancelProcess,
    CompleteTask,
    EndChild,
    EndRun,
    PassEvent,
    StartProcess,
)
from engine.events import TERMWISE
from engine.register.keys import RevokeKey
from engine.signing import Signed, sign
from engine.world import World
from storage.refusals import PostgresRefusals
from storage.views import TaskRow
from tests.desk import Desk, answer, example, open_desk
from tests.people import until
from tests.worlds import calendar, directory, named
from workers.enrolling import enrol_directly
from workers.keys import OneKey, PrivateKey, Signer, new_key
from workflows.beginning import Beginning

ONE = """
steps:
- {task: sign, title: Sign it, who: school-improvement-officer}
"""
CHILDREN = """
inputs:
  tag: {type: text}
  schools: {type: list of school, default: all}
steps:
- for_each: visits
  over: {school: schools}
  run: as child instances
  steps:
  - {task: visit, title: Visit, who: headteacher at school}
"""
TRUST = "trees"
Forge = Callable[["Thief", CompleteTask, str], dict[str, Any]]


@pytest.fixture
async def desk(database: str, temporal_address: str) -> AsyncIterator[Desk]:
    async with open_desk(database, temporal_address) as opened:
        await opened.fill_register()
        yield opened


class Thief:
    """Somebody who reaches Temporal, and has a key of their own: the Chief's."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.chiefs = new_key()
        self.strangers = new_key()
        self.revoked = new_key()

    async def enrol(self) -> None:
        store = self.desk.records.store
        for key, person in ((self.chiefs, "Chief"), (self.revoked, "Officer")):
            whose = named(directory(), person)
            await enrol_directly(store, key.text, use="person", person=whose, reason="to attack with")
        chief = named(directory(), "Chief")
        revoked = RevokeKey(id=uuid4(), by=chief, key=self.revoked.id, reason="It was lost")
        await self.desk.client.register(revoked)

    async def send(self, instance: str, kind: str, *sent: object) -> str:
        """The code of the refusal."""
        handle = self.desk.temporal.get_workflow_handle(instance)
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await handle.execute_update(
                kind, args=list(sent), id=uuid4().hex, rpc_timeout=timedelta(seconds=20)
            )
        cause = refused.value.cause
        return cause.type or "" if isinstance(cause, ApplicationError) else ""


def signed(
    key: PrivateKey, command: CompleteTask, instance: str, at: datetime | None = None, trust: str = TRUST
) -> dict[str, Any]:
    """As a client of the thief's own would send it."""
    at = at or datetime.now(UTC)
    proof = sign(key._key, command, trust=trust, instance=instance, at=at)
    return json.loads(Signed[CompleteTask](command=command, signature=proof).model_dump_json())


def with_command(sent: dict[str, Any], **changes: object) -> dict[str, Any]:
    return {**sent, "command": {**sent["command"], **changes}}


def ours(thief: Thief) -> PrivateKey:
    return thief.desk.signer.keys.of("")


ATTACKS: dict[str, tuple[str, Forge]] = {
    "unsigned": ("no-signature", lambda _, c, __: json.loads(c.model_dump_json())),
    "a stranger's key": ("unknown-key", lambda t, c, i: signed(t.strangers, c, i)),
    "somebody else's key": ("other-persons-key", lambda t, c, i: signed(t.chiefs, c, i)),
    "a revoked key": ("revoked-key", lambda t, c, i: signed(t.revoked, c, i)),
    "stale": (
        "stale-signature",
        lambda t, c, i: signed(ours(t), c, i, datetime.now(UTC) - timedelta(minutes=6)),
    ),
    "from the future": (
        "stale-signature",
        lambda t, c, i: signed(ours(t), c, i, datetime.now(UTC) + timedelta(minutes=6)),
    ),
    "for another instance": ("bad-signature", lambda t, c, i: signed(ours(t), c, f"{i}-other")),
    "for another trust": ("bad-signature", lambda t, c, i: signed(ours(t), c, i, trust="other")),
    "tampered": ("bad-signature", lambda t, c, i: with_command(signed(ours(t), c, i), reason="Another")),
    "in another's name": (
        "bad-signature",
        lambda t, c, i: with_command(signed(ours(t), c, i), by=named(directory(), "Chief")),
    ),
    "as termwise": ("not-allowed", lambda t, c, i: signed(ours(t), c.model_copy(update={"by": TERMWISE}), i)),
    "no proof": (
        "bad-signature",
        lambda t, c, i: {**(s := signed(ours(t), c, i)), "signature": {**s["signature"], "value": "AAAA"}},
    ),
    "huge": (
        "no-signature",
        lambda _, c, __: with_command(
            {"command": json.loads(c.model_dump_json())}, values={"x": "y" * 1_500_000}
        ),
    ),
    "with a key it brings along": (
        "",
        lambda t, c, i: {**signed(t.strangers, c, i), "_key": {"id": t.strangers.id, "use": "local"}},
    ),
    "no command": ("", lambda *_: {"signature": {"key": 7, "at": [], "value": {}}, "command": None}),
    "not even an object": ("", lambda *_: {"signature\x00": "x" * 100}),
}


async def test_no_forged_command_is_recorded_and_each_is_noted(desk: Desk) -> None:
    thief = Thief(desk)
    async with desk.worker():
        await thief.enrol()
        instance = await desk.start(ONE)
        [task] = await desk.tasks(instance)
        before = await desk.records.store.read(instance)
        events = await history(desk, instance)

        said = {name: await attacked(thief, instance, task, forge) for name, (_, forge) in ATTACKS.items()}

        assert said == {name: code or said[name] for name, (code, _) in ATTACKS.items()}
        assert await desk.records.store.read(instance) == before
        assert await history(desk, instance) == events, "what is refused leaves nothing in the history"
        await desk.complete(task)
        assert await desk.temporal.get_workflow_handle(instance).result() == "done"

    noted = Counter(row.code for row in await refusals(desk, instance) for _ in range(row.times))
    assert noted == Counter(code for code, _ in ATTACKS.values() if code), (
        "what is no command at all is not noted"
    )


async def test_the_same_envelope_again_has_no_effect_and_elsewhere_none_at_all(desk: Desk) -> None:
    thief = Thief(desk)
    async with desk.worker():
        two = ONE + "- {task: again, title: Again, who: school-improvement-officer}\n"
        instance, other = await desk.start(two), await desk.start(two)
        [task], [elsewhere] = await desk.tasks(instance), await desk.tasks(other)
        envelope = signed(ours(thief), answer(task), instance)
        handle = desk.temporal.get_workflow_handle(instance)
        first = await handle.execute_update("complete", envelope, id="first")
        log = await desk.records.store.read(instance)

        again = await handle.execute_update("complete", envelope, id="again")
        moved = await thief.send(other, "complete", envelope)
        changed = await thief.send(other, "complete", with_command(envelope, task=elsewhere.task))

    assert again == first
    assert (moved, changed) == ("bad-signature", "bad-signature")
    assert await desk.records.store.read(instance) == log
    assert [row.code for row in await refusals(desk, other)] == ["bad-signature"] * 2


SIGNALS = {
    "end_child": EndChild(
        id=uuid4(),
        by=TERMWISE,
        at=datetime.now(UTC),
        address="visits[ash]",
        child="x",
        outcome="done",
        values={},
    ),
    "end_run": EndRun(
        id=uuid4(), by=TERMWISE, at=datetime.now(UTC), address="visits", child="x", outcome="done"
    ),
    "hear_event": PassEvent(id=uuid4(), by=TERMWISE, event="x", reason="x", raised_by="p-0001"),
    "cancel_part": CancelProcess(id=uuid4(), by=TERMWISE, reason="because"),
}


async def test_no_forged_signal_is_heard_and_none_stops_the_workflow(desk: Desk) -> None:
    async with desk.worker(cached=0):
        instance = await desk.start(CHILDREN, schools=["ash"])
        [task] = await opened(desk, instance)
        log, children = await desk.records.store.read(instance), await desk.records.store.read(task.instance)
        for where in (instance, task.instance):
            handle = desk.temporal.get_workflow_handle(where)
            for name, said in SIGNALS.items():
                await handle.signal(name, json.loads(said.model_dump_json()))
                await handle.signal(name, said)  # Marked as what a worker says, and not sealed.
                await handle.signal(name)
                await handle.signal(name, args=[1, 2, 3])
                await handle.signal(name, {"kind": []})
            await handle.signal("look_at_register", args=["x", "y"])
            await handle.signal("no_such_signal", "x")
        # Signals are heard in order: with the last noted, all were heard.
        for where in (instance, task.instance):
            await noticed(desk, where, {("unsealed", said.kind) for said in SIGNALS.values()})

        assert await desk.records.store.read(instance) == log
        assert await desk.records.store.read(task.instance) == children
        await desk.complete(task)
        assert await asyncio.wait_for(desk.temporal.get_workflow_handle(instance).result(), 60) == "done"


async def test_a_sealed_signal_is_worth_nothing_elsewhere(desk: Desk) -> None:
    """The very bytes that one instance was told, sent to another by somebody who has read the history."""
    async with desk.worker():
        first, second = await desk.start(CHILDREN, schools=["ash"]), await desk.start(ONE)
        [visit] = await opened(desk, first)
        await desk.complete(visit)
        await desk.temporal.get_workflow_handle(first).result()
        told = [
            event.workflow_execution_signaled_event_attributes
            for event in (await desk.temporal.get_workflow_handle(first).fetch_history()).events
            if event.HasField("workflow_execution_signaled_event_attributes")
        ]
        handle = desk.temporal.get_workflow_handle(second)
        await handle.signal("end_child", RawValue(told[0].input.payloads[0]))
        [task] = await desk.tasks(second)
        await desk.complete(task)
        await handle.result()

    assert "seal" in told[0].input.payloads[0].metadata
    assert {row.code for row in await refusals(desk, second)} == {"unsealed"}


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


async def test_attacks_that_wait_while_no_worker_runs_are_refused_by_the_next(
    database: str, temporal_address: str, desk: Desk
) -> None:
    thief = Thief(desk)
    async with desk.worker():
        instance = await desk.start(ONE)
    [task] = await desk.tasks(instance)
    handle = desk.temporal.get_workflow_handle(instance)
    waiting = [
        asyncio.create_task(attacked(thief, instance, task, ATTACKS[name][1]))
        for name in ("unsigned", "a stranger's key", "tampered")
    ]
    async with asyncio.timeout(30):
        while not (await handle.describe()).raw_description.HasField("pending_workflow_task"):
            await asyncio.sleep(0.05)
    await handle.signal("cancel_part", json.loads(SIGNALS["cancel_part"].model_dump_json()))
    async with desk.worker(cached=0):
        codes = await asyncio.gather(*waiting)
        await desk.complete(task)
        assert await handle.result() == "done"

    assert codes == ["no-signature", "unknown-key", "bad-signature"]


async def attacked(thief: Thief, instance: str, task: TaskRow, forge: Forge) -> str:
    return await thief.send(instance, "complete", forge(thief, answer(task), instance))


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


async def opened(desk: Desk, instance: str, count: int = 1) -> list[TaskRow]:
    async with asyncio.timeout(30):
        while len(tasks := await desk.tasks(instance)) < count:
            await asyncio.sleep(0.05)
    return tasks


async def history(desk: Desk, instance: str) -> int:
    return len((await desk.temporal.get_workflow_handle(instance).fetch_history()).events)


async def noticed(desk: Desk, instance: str, expected: set[tuple[str, str]]) -> None:
    """Wait until these refusals are written down, by code and kind, and no others."""
    async with asyncio.timeout(30):
        while {(row.code, row.kind) for row in await refusals(desk, instance)} < expected:
            await asyncio.sleep(0.05)
    assert {(row.code, row.kind) for row in await refusals(desk, instance)} == expected


async def refusals(desk: Desk, instance: str):  # noqa: ANN201
    await desk.judging.refusals.flush()
    return await PostgresRefusals(desk.records.pool).read(instance=instance)
