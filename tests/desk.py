"""Real servers with a worker for one test: start processes, send commands, read the log."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from textwrap import dedent
from uuid import uuid4

from pydantic import JsonValue
from temporalio.client import Client
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from activities.registrar import Registrar
from definitions.trust import TrustFolder
from engine import library
from engine.commands import Answer, CompleteTask, PersonCommand, command_id
from engine.definition.program import Program
from engine.evolve import replay
from engine.people import Directory
from engine.register.people import ImportDirectory
from engine.register.standing import Standing
from engine.state import State
from engine.world import World
from storage.views import TaskFilter, TaskRow
from tests.worlds import calendar, directory, named, program
from workers import temporal
from workers.authority import Authority, authority
from workers.client import Termwise
from workers.enrolling import enrol_directly
from workers.keys import OneKey, Signer, new_key
from workers.plugins import Activity
from workers.trust import take_over
from workers.wiring import Records, open_records
from workers.worker import process_worker


@dataclass
class Desk:
    """A client, a worker and the log, on a task queue of their own."""

    records: Records
    clock: TimeSkipper
    temporal: Client
    codec_client: Client
    judging: Authority
    signer: Signer
    queue: str = field(default_factory=lambda: f"test-{uuid4().hex}")

    @property
    def client(self) -> Termwise:
        return Termwise(
            self.clock.client,
            self.records.store,
            self.records.documents,
            self.queue,
            self.records.register,
            self.signer,
        )

    @asynccontextmanager
    async def worker(self, cached: int = 1000, activities: Sequence[Activity] = ()) -> AsyncIterator[None]:
        """A worker; with `cached=0` every task replays the whole history."""
        async with (
            self.judging.refusals.running(),
            process_worker(
                self.codec_client, self.records, self.queue, self.judging,
                activities=activities, cached=cached,
            ),
        ):  # fmt: skip
            yield

    async def start(
        self, definition: Program | str, processes: Mapping[str, Program] | None = None, **inputs: JsonValue
    ) -> str:
        """Start a process as the improvement officer; with it are pinned those that it runs."""
        made = example(definition) if isinstance(definition, str) else definition
        world = World(made, calendar(), directory(), processes or {})
        given = {**inputs, **({"tag": uuid4().hex} if "tag" in made.definition.inputs else {})}
        return await self.client.start(world, given, named(world.directory, "Officer"))

    async def fill_register(self, people: Directory | None = None) -> Standing:
        """The trust of the tests becomes the register."""
        trust = TrustFolder(people or directory(), calendar())
        records = self.records
        registrar = Registrar(records.store, records.documents, records.register)
        standing = await take_over(trust, registrar, records.documents)
        assert standing is not None
        return standing

    async def import_people(self, people: Directory, by: str = "p-0001") -> Answer:
        """The register takes over what this directory says."""
        digest = await self.records.documents.put("directory", library.text(people))
        return await self.client.register(
            ImportDirectory(id=command_id("import", digest, by), by=by, directory=digest)
        )

    async def tasks(self, instance: str) -> list[TaskRow]:
        """The open tasks of a cycle."""
        return await self.records.queries.tasks(TaskFilter(root=instance, limit=1000))

    async def complete(
        self, task: TaskRow, values: dict[str, JsonValue] | None = None, **more: str
    ) -> Answer:
        """Answer a task as whoever is asked first."""
        return await self.client.send(task.instance, answer(task, values, **more))

    async def state(self, instance: str) -> State:
        """What the log says."""
        state = replay(await self.records.store.read(instance))
        assert state is not None
        return state

    async def send(self, instance: str, command: PersonCommand) -> Answer:
        return await self.client.send(instance, command)


def answer(task: TaskRow, values: dict[str, JsonValue] | None = None, **more: str) -> CompleteTask:
    """The command that answers a task."""
    by = more.pop("by", task.assignee or task.candidates[0])
    identity = command_id(task.instance, task.task, "complete", by, more)
    return CompleteTask(id=identity, by=by, task=task.task, values=values or {}, **more)


def example(text: str) -> Program:
    """A definition whose key is different in every test."""
    inputs = "" if "inputs:" in text else "inputs:\n  tag: {type: text}\n"
    return program('key: "{{ tag }}"\n' + inputs + dedent(text))


@asynccontextmanager
async def open_desk(dsn: str, address: str) -> AsyncIterator[Desk]:
    """Connect to the test run's servers."""
    async with open_records(dsn) as records:
        client = await temporal.connect({"target_host": address})
        await temporal.register_search_attributes(client)
        key = new_key()
        await enrol_directly(records.store, key.text, use="local", reason="to be tested with")
        judging = await authority(records.pool, key)
        own = await temporal.connect(
            {"target_host": address}, judging.codec(records.store, records.documents)
        )
        clock = TimeSkipper(client, config=TimeSkippingConfig(enabled=False))
        yield Desk(records, clock, client, own, judging, Signer(OneKey(key), directory().trust.key))
