"""Records the histories that later code must replay: `python -m tests.workflows.record_histories`.

Run it once for every released engine version; what it wrote for earlier versions is never touched. With `moved` it
records only the run in which an instance moves to another version, with `constructs` only that of `constructs.yaml`.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from pydantic import JsonValue
from temporalio import activity

from definitions.loader import load_program
from engine.commands import (
    ClaimTask,
    DeferTask,
    MigrateInstance,
    RaiseEvent,
    ResumeTask,
    SkipTask,
    command_id,
)
from engine.definition.compiler import compile_definition
from engine.world import ENGINE_VERSION, World
from storage.migrations import migrate
from storage.views import TaskRow
from tests.desk import Desk, open_desk
from tests.worlds import calendar, directory, named
from workers.embedded import servers

HERE = Path(__file__).parent
HISTORIES = HERE / "histories"


async def play(desk: Desk) -> list[str]:
    """Play `everything.yaml` so that each kind of event happens; the instances it left."""
    instance = await desk.start(load_program(HERE / "everything.yaml"))
    handle = desk.temporal.get_workflow_handle(instance)
    sent_back = False
    while tasks := await desk.tasks(instance):
        for task in tasks:
            values = {"pages": 3} if task.step == "draft" else {}
            if task.step == "check" and not sent_back:
                await desk.clock.fast_forward(handle, timedelta(days=20))
                await desk.complete(task, outcome="poor", reason="Too short")
                sent_back = True
            elif task.step == "check":
                await desk.complete(task, outcome="good")
            else:
                if task.assignee is None:
                    claim = ClaimTask(
                        id=command_id(task.task, "claim"), by=task.candidates[0], task=task.task
                    )
                    await desk.send(task.instance, claim)
                await desk.complete(task, values)
    await desk.clock.fast_forward(handle, timedelta(days=4))
    await _news(desk, instance)
    visits = await _visits(desk, instance)
    for visit in visits:
        await desk.complete(visit)
    await handle.result()
    return [instance, *(visit.instance for visit in visits)]


async def _news(desk: Desk, instance: str) -> None:
    async with asyncio.timeout(20):
        while not (await desk.state(instance)).waits:
            await asyncio.sleep(0.05)
    chief = named(directory(), "Chief")
    await desk.send(
        instance, RaiseEvent(id=command_id(instance, "n"), by=chief, event="news-arrived", reason="A call")
    )


async def _visits(desk: Desk, instance: str):  # noqa: ANN202
    async with asyncio.timeout(20):
        while len(tasks := await desk.tasks(instance)) < 3:
            await asyncio.sleep(0.05)
    return tasks


@activity.defn
async def echo(given: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """What `constructs.yaml` calls."""
    return given


async def _open(desk: Desk, instance: str, step: str, count: int = 1) -> list[TaskRow]:
    """The open tasks of a step, once there are so many."""
    async with asyncio.timeout(30):
        while True:
            found = [task for task in await desk.tasks(instance) if task.step == step]
            if len(found) == count:
                return found
            await asyncio.sleep(0.05)


async def record_constructs(desk: Desk, folder: Path) -> None:
    """Record the run of `constructs.yaml`. Adds to the documents, and changes none."""
    instance = await desk.start(load_program(HERE / "constructs.yaml"))
    officer = named(directory(), "Officer")
    for seat in (await _open(desk, instance, "approve", 3))[:2]:
        await desk.complete(seat, outcome="approved")
    visits = await _open(desk, instance, "visit", 3)
    ash = next(task for task in visits if task.school == "ash")
    for event in ("inspection-notified", "inspection-ended"):
        happened = RaiseEvent(
            id=command_id(instance, event), by=officer, event=event, reason="A call", values={"school": "ash"}
        )
        await desk.send(instance, happened)
    await desk.complete(ash)
    [write] = await _open(desk, instance, "write")
    skip = SkipTask(id=command_id(write.task, "skip"), by=write.assignee or "", task=write.task, code="known")
    await desk.send(instance, skip)
    [later] = await _open(desk, instance, "later")
    chief = later.assignee or ""
    until = later.due_on or calendar().known.last
    defer = DeferTask(id=command_id(later.task, "defer"), by=chief, task=later.task, code="busy", until=until)
    await desk.send(instance, defer)
    await desk.send(instance, ResumeTask(id=command_id(later.task, "resume"), by=chief, task=later.task))
    [later] = await _open(desk, instance, "later")
    await desk.complete(later)
    handle = desk.temporal.get_workflow_handle(instance)
    await handle.result()
    history = await handle.fetch_history()
    (folder / "constructs.json").write_text(json.dumps(history.to_json_dict(), indent=1) + "\n")
    started = (await desk.state(instance)).started
    await _keep(desk, folder, (started.definition, started.calendar, started.directory))


async def _keep(desk: Desk, folder: Path, digests: Iterable[str]) -> None:
    file = folder / "documents.json"
    known: dict[str, str] = json.loads(file.read_text())
    for digest in digests:
        known.setdefault(digest, await desk.records.documents.get(digest))
    file.write_text(json.dumps(known, indent=1) + "\n")


async def record_moved(desk: Desk, folder: Path) -> None:
    """Record the run in which an instance moves to another version. Adds to the documents, and changes none."""
    program = load_program(HERE / "everything.yaml")
    newer = program.definition.model_copy(update={"version": 2, "owner": "ceo"})
    new = compile_definition(newer)
    instance = await desk.start(program)
    handle = desk.temporal.get_workflow_handle(instance)
    run = (await handle.describe()).run_id
    definition, days, people = await desk.client.keep(World(new, calendar(), directory()))
    command = MigrateInstance(
        id=command_id(instance, "migrate"),
        by=named(directory(), "Officer"),
        definition=definition,
        reason="Agreed by the heads",
        engine=ENGINE_VERSION,
    )
    await desk.send(instance, command)
    async with asyncio.timeout(20):
        while (await handle.describe()).run_id == run:
            await asyncio.sleep(0.05)
    history = await desk.temporal.get_workflow_handle(instance, run_id=run).fetch_history()
    (folder / "moved.json").write_text(json.dumps(history.to_json_dict(), indent=1) + "\n")
    started = (await desk.state(instance)).started
    old = (program.digest, started.calendar, started.directory)
    await _keep(desk, folder, (*old, definition, days, people))


async def record_all(desk: Desk, folder: Path) -> None:
    """Record everything, and begin the documents anew."""
    instances = await play(desk)
    for number, instance in enumerate(instances[:2]):
        history = await desk.temporal.get_workflow_handle(instance).fetch_history()
        name = ("parent", "child")[number]
        (folder / f"{name}.json").write_text(json.dumps(history.to_json_dict(), indent=1) + "\n")
    started = (await desk.state(instances[0])).started
    pinned = {
        d: await desk.records.documents.get(d)
        for d in (started.definition, started.calendar, started.directory)
    }
    (folder / "documents.json").write_text(json.dumps(pinned, indent=1) + "\n")
    await record_moved(desk, folder)
    await record_constructs(desk, folder)


async def main() -> None:
    folder = HISTORIES / f"engine-{ENGINE_VERSION}"
    folder.mkdir(parents=True, exist_ok=True)
    only = {"moved": record_moved, "constructs": record_constructs}
    record = only.get(" ".join(sys.argv[1:]), record_all)
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o755)
        running = servers.start(Path(home), owned=True)
        await migrate(running.dsn)
        async with open_desk(running.dsn, running.temporal_address) as desk, desk.worker(activities=[echo]):
            await record(desk, folder)
        servers.remove(Path(home))


if __name__ == "__main__":
    asyncio.run(main())
