"""What one would write by hand on Temporal for a chain of human tasks: nothing but that.

No definition, no roles, no deadlines, no timer, no search attributes: a lock, a check that the task is open and
the person asked, the recording, the next task. `ByHand` records with our own activity, the same two events that our
engine would have decided, in the same way. `Plainly` calls an ordinary activity that inserts one row.
"""

import asyncio
from abc import ABC, abstractmethod
from datetime import timedelta
from uuid import UUID

from temporalio import activity, workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.record import Recorder
    from engine.commands import Answer, CompleteTask
    from engine.events import TaskCompleted, TaskOpened
    from engine.model import Model
    from engine.records import Append
    from storage.database import Pool

TABLE = """
create table if not exists by_hand (id uuid primary key, instance text not null, version integer not null,
    data json not null, recorded_at timestamptz not null default clock_timestamp(), unique (instance, version))
"""
INSERT = (
    "insert into by_hand (id, instance, version, data) values ($1, $2, $3, $4) on conflict (id) do nothing"
)


class Chain(Model):
    """What is started: the tasks in order, and what is said when one is opened."""

    instance: str
    tasks: tuple[str, ...]
    opened: TaskOpened


class Row(Model):
    """What the ordinary activity keeps."""

    id: UUID
    instance: str
    version: int
    data: str


class OpenGate:
    """What is written by hand asks nobody who may begin."""

    async def admit(self, stream: str, append: Append) -> None:
        """Let everything pass."""


class Till:
    """The ordinary activity."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @activity.defn
    async def keep(self, row: Row) -> None:
        """Commit one row. Safe to retry."""
        async with self._pool.acquire() as connection:
            await connection.execute(INSERT, row.id, row.instance, row.version, row.data)


class _Chain(ABC):
    """The tasks of one instance, and which of them is open."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._lock = asyncio.Lock()
        self._done: dict[UUID, int] = {}

    @property
    def finished(self) -> bool:
        return len(self._done) == len(self._chain.tasks)

    def check(self, command: CompleteTask) -> None:
        if command.id in self._done:
            return
        if self.finished or command.task != self._chain.tasks[len(self._done)]:
            raise ApplicationError("that task is not open", type="refused", non_retryable=True)
        if command.by not in self._chain.opened.candidates:
            raise ApplicationError("you are not asked", type="not-allowed", non_retryable=True)

    async def complete(self, command: CompleteTask) -> Answer:
        async with self._lock:
            self.check(command)
            if command.id not in self._done:
                await self.record(command)
                self._done[command.id] = len(self._done) + 1
        return Answer(instance=self._chain.instance, version=self._done[command.id])

    @abstractmethod
    async def record(self, command: CompleteTask) -> None:
        """Make the answer durable: the one thing in which the two below differ."""


class _Logged(_Chain):
    async def record(self, command: CompleteTask) -> None:
        done, now = len(self._done), workflow.now()
        completed = TaskCompleted(
            at=now, by=command.by, task=command.task, outcome="done", values=command.values
        )
        following = self._chain.opened.model_copy(update={"at": now, "task": self._chain.tasks[done + 1]})
        events = (completed, following)
        append = Append(stream=self._chain.instance, expected=done * 2, command=command.id, events=events)
        await workflow.execute_local_activity_method(
            Recorder.record, append, start_to_close_timeout=timedelta(seconds=5)
        )


class _Plain(_Chain):
    async def record(self, command: CompleteTask) -> None:
        data = command.model_dump_json()
        row = Row(id=command.id, instance=self._chain.instance, version=len(self._done) + 1, data=data)
        await workflow.execute_activity_method(Till.keep, row, start_to_close_timeout=timedelta(seconds=10))


@workflow.defn
class ByHand:
    """With our own recording, as a local activity."""

    @workflow.init
    def __init__(self, chain: Chain) -> None:
        self._chain = _Logged(chain)

    @workflow.run
    async def run(self, chain: Chain) -> None:
        await workflow.wait_condition(lambda: self._chain.finished)

    @workflow.update
    async def complete(self, command: CompleteTask) -> Answer:
        return await self._chain.complete(command)

    @complete.validator
    def check(self, command: CompleteTask) -> None:
        self._chain.check(command)


@workflow.defn
class Plainly:
    """With an ordinary activity and one row."""

    @workflow.init
    def __init__(self, chain: Chain) -> None:
        self._chain = _Plain(chain)

    @workflow.run
    async def run(self, chain: Chain) -> None:
        await workflow.wait_condition(lambda: self._chain.finished)

    @workflow.update
    async def complete(self, command: CompleteTask) -> Answer:
        return await self._chain.complete(command)

    @complete.validator
    def check(self, command: CompleteTask) -> None:
        self._chain.check(command)
