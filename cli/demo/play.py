"""Playing a cycle: staff answer what is open, and when nobody is asked, time moves on."""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta

from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper

from cli.demo.news import News
from cli.demo.screen import Screen
from cli.demo.staff import Staff
from engine.commands import PersonCommand
from engine.errors import TermwiseError
from engine.evolve import replay
from storage.projector import Projector
from storage.views import TaskFilter, TaskRow
from workers.reporting import read_board
from workers.wiring import Office

_AT_ONCE = 4
_SECONDS_BETWEEN_LOOKS = 0.2
_BEFORE_DUE = timedelta(hours=4)
_SOON = timedelta(days=1)
_MIDDAY = time(12)
_BEFORE_THE_SESSION = {"judge", "confirm", "lay_out", "second_judgement"}
#: How far time moves in one step while nobody is asked.
_STEP = timedelta(days=2)
#: How many such steps may bring nothing.
_PATIENCE = 60


class StandstillError(TermwiseError):
    """Nobody is asked anything, and time brings nothing."""


class Play:
    """One cycle. `clock` moves the workflows' virtual time; all else is as in a real term."""

    def __init__(
        self, office: Office, clock: TimeSkipper, staff: Staff, screen: Screen, instance: str
    ) -> None:
        self._office = office
        self._clock = clock
        self._staff = staff
        self._screen = screen
        self._instance = instance
        self._news = News(office.trust.directory)
        self._talks: Counter[str] = Counter()
        self._seen = 0
        self._idle = 0
        self._projector = Projector(office.records.pool, sealing=office.records.sealing)

    async def run(self) -> None:
        """Play to the end. People act on the day things are due, so that reminders go out before."""
        watching = asyncio.create_task(self._watch())
        try:
            while await self._running():
                await self._turn()
            await self._look()
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    async def _running(self) -> bool:
        handle = self._office.temporal.get_workflow_handle(self._instance)
        return (await handle.describe()).status == WorkflowExecutionStatus.RUNNING

    async def _turn(self) -> None:
        tasks = await self._office.records.queries.tasks(TaskFilter(root=self._instance, limit=1000))
        if not tasks:
            await self._pass(_STEP)
            self._idle += 1
            if self._idle > _PATIENCE:
                raise StandstillError(f"{self._instance} does not go on; see it in the Temporal UI")
            return
        self._idle = 0
        for instance in {task.instance for task in tasks}:
            await self._until_due(instance, [task for task in tasks if task.instance == instance])
        # The packs are on the tables before anybody judges them.
        tasks.sort(key=lambda task: task.step != "lay_out")
        answers = [(task.instance, self._answer(task)) for task in tasks]
        limit = asyncio.Semaphore(_AT_ONCE)
        await asyncio.gather(*(self._do(instance, command, limit) for instance, command in answers))

    def _answer(self, task: TaskRow) -> PersonCommand:
        pack = str(task.shown.get("Pack"))
        self._talks[pack] += task.step == "dialogue"
        return self._staff.answer(task, self._talks[pack])

    async def _do(self, instance: str, command: PersonCommand, limit: asyncio.Semaphore) -> None:
        async with limit:
            await self._office.client.send(instance, command)

    async def _until_due(self, instance: str, tasks: list[TaskRow]) -> None:
        """Teachers use the time they have until the schools meet; afterwards everybody answers by the next day."""
        handle = self._office.temporal.get_workflow_handle(instance)
        when = min(self._acts_at(task) for task in tasks)
        ahead = when - await self._clock.get_current_time(handle)
        if ahead > timedelta(0):
            await self._clock.fast_forward(handle, ahead)

    def _acts_at(self, task: TaskRow) -> datetime:
        last = (task.due_at or task.opened_at) - _BEFORE_DUE
        when = last if task.step in _BEFORE_THE_SESSION else min(last, task.opened_at + _SOON)
        calendar = self._office.trust.calendar
        day = calendar.local_date(when)
        if calendar.is_school_day(task.school, day):
            return when
        return calendar.at(calendar.shift(day, 1, school=task.school), _MIDDAY)

    async def _pass(self, duration: timedelta) -> None:
        """Move the clocks: of the children while there are any, for a parent waits for them in its own time."""
        state = replay(await self._office.records.store.read(self._instance))
        open_children = sorted(state.children) if state else []
        for instance in open_children or [self._instance]:
            # One that ends meanwhile has no clock any more; one that has not begun yet has none so far.
            with suppress(RPCError, RuntimeError):
                handle = self._office.temporal.get_workflow_handle(instance)
                await self._clock.fast_forward(handle, duration)

    async def _watch(self) -> None:
        while True:
            await self._look()
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

    async def _look(self) -> None:
        records = await self._office.records.store.read_all(self._seen, 1000)
        for line in self._news.lines(records):
            self._screen.say(line)
        self._seen = records[-1].position if records else self._seen
        directory = self._office.trust.directory
        await self._projector.catch_up()
        self._screen.show(
            await read_board(self._office.records, directory, self._instance, datetime.now(UTC))
        )
