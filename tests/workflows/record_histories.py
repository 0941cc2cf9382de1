"""Records the histories that later code must replay: `python -m tests.workflows.record_histories`.

Run it once for every released engine version; what it wrote for earlier versions is never touched. With `moved` it
records only the run in which an instance moves to another version.
"""

import asyncio
import json
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from definitions.loader import load_program
from engine.commands import ClaimTask, MigrateInstance, RaiseEvent, command_id
from engine.definition.compiler import compile_definition
from engine.world import ENGINE_VERSION, World
from storage.migrations import migrate
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
    )
    await desk.send(instance, command)
    async with asyncio.timeout(20):
        while (await handle.describe()).run_id == run:
            await asyncio.sleep(0.05)
    history = await desk.temporal.get_workflow_handle(instance, run_id=run).fetch_history()
    (folder / "moved.json").write_text(json.dumps(history.to_json_dict(), indent=1) + "\n")
    started = (await desk.state(instance)).started
    file = folder / "documents.json"
    known: dict[str, str] = json.loads(file.read_text())
    for digest in (program.digest, definition, days, people, started.calendar, started.directory):
        known.setdefault(digest, await desk.records.documents.get(digest))
    file.write_text(json.dumps(known, indent=1) + "\n")


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


async def main() -> None:
    folder = HISTORIES / f"engine-{ENGINE_VERSION}"
    folder.mkdir(parents=True, exist_ok=True)
    record = record_moved if sys.argv[1:] == ["moved"] else record_all
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o755)
        running = servers.start(Path(home), owned=True)
        await migrate(running.dsn)
        async with open_desk(running.dsn, running.temporal_address) as desk, desk.worker():
            await record(desk, folder)
        servers.remove(Path(home))


if __name__ == "__main__":
    asyncio.run(main())
