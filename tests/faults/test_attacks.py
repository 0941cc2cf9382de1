"""Whoever reaches Temporal can send anything. Nothing of it is recorded, all of it is noted, and work goes on."""

import asyncio
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from temporalio.common import RawValue

from engine.commands import (
    CancelProcess,
    EndChild,
    EndRun,
    PassEvent,
)
from engine.events import TERMWISE
from storage.views import TaskRow
from tests.desk import Desk, answer
from tests.faults.thief import (
    CHILDREN,
    ONE,
    Forge,
    Thief,
    history,
    noticed,
    opened,
    ours,
    refusals,
    signed,
    with_command,
)
from tests.worlds import directory, named

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
