"""Recording: how the state of an instance moves. Only what is durable is believed.

What was decided with an older calendar or directory than the register has is not recorded: the instance takes on
those of today first, by an event of its own, and decides anew.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.record import ReadLog, Recorder
    from engine import library
    from engine.commands import Answer, Command, RenewInstance, command_id
    from engine.decide import decide
    from engine.errors import RefusedError, TermwiseError
    from engine.events import TERMWISE, Event, InstanceMigrated, InstanceRenewed
    from engine.evolve import answered, evolve, replay
    from engine.migration import pinned
    from engine.records import Append, Appended, Begins
    from engine.register.standing import Pins, Standing
    from engine.state import State
    from engine.world import World
    from workflows.beginning import Beginning
    from workflows.shown import Shown

#: A healthy database answers in milliseconds; after this the server takes over the retrying.
_LOCAL = RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=3)
_AWAY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))


class Ledger:
    """An instance as far as the log has it: its state, and the world it decides with.

    `heard` is told of every event that is believed; `moved` of a world that another version brought.
    Raises what is wrong with the beginning.
    """

    def __init__(
        self, beginning: Beginning, heard: Callable[[State, Event], None], moved: Callable[[World], None]
    ) -> None:
        self.beginning = beginning
        self._heard = heard
        self._moved = moved
        self._lock = asyncio.Lock()
        self.state: State | None = replay(beginning.log)
        self.pins = pinned(self.state) if self.state else beginning.pins
        self.world = library.world(*self.pins, self.processes)
        self._begun_with = beginning.pins
        self._passed_over: Pins | None = None

    @property
    def current(self) -> State:
        """The state of an instance that has begun."""
        if self.state is None:
            raise ValueError("nothing was recorded")
        return self.state

    @property
    def version(self) -> int:
        """How much of the log is believed."""
        return self.state.version if self.state else 0

    @property
    def processes(self) -> Mapping[str, str]:
        """The definitions that it may run: what its log says, whatever the run was started with."""
        return self.state.started.processes if self.state else self.beginning.processes

    @property
    def has_moved(self) -> bool:
        """Whether it has another version than this run began with. To follow the register is no such move."""
        return self.pins != self._begun_with

    @property
    def compared(self) -> Pins:
        """What is compared with the register: what it has, or what it saw there and could not take on."""
        _, calendar, directory = self.pins
        return self._passed_over or Pins(calendar=calendar, directory=directory)

    def answered(self, command: Command) -> bool:
        """Whether the command was carried out."""
        return self.state is not None and command.id in self.state.commands

    async def submit(self, command: Command) -> Answer:
        """Carry out a command, once. Raises TermwiseError when the rules do not allow it."""
        if command.kind != "start":
            await workflow.wait_condition(lambda: self.state is not None)
        async with self._lock:  # The state may have moved while we waited: decide inside.
            while not self.answered(command):
                events = await self._decide(command)
                if events is None:
                    continue
                if not events:
                    return self._answer(self.version)
                await self._record(command, events)
            return self._answer(self.state.commands[command.id] if self.state else 0)

    async def look(self) -> None:
        """Take on what the register says now, and plan anew the work of whoever has gone."""
        async with self._lock:
            standing = await self._standing()
            if standing is not None:
                await self._renew(standing.pins)

    async def _decide(self, command: Command) -> tuple[Event, ...] | None:
        """None when it would have been refused by what the register no longer says: it is to be decided anew."""
        try:
            return decide(self.world, self.state, command, workflow.now())
        except TermwiseError:
            if self.state is None or not self.beginning.follows:
                raise
            standing = await self._standing()
            if standing is None or standing.pins == self.compared:
                raise
            await self._renew(standing.pins)
            return None

    async def _record(self, command: Command, events: tuple[Event, ...]) -> None:
        told = await self._append(self._append_of(command, events, self.compared if self.state else None))
        if told.status == "refused":
            error = RefusedError(told.why)
            error.code = told.code
            raise error
        if told.status == "appended":
            self._believe(command, events)
        elif told.status == "stale" and told.pins:
            await self._renew(told.pins)
        else:
            # The log is ahead of us: an earlier try was recorded though its answer was lost, or this workflow was
            # reset. Rejoin it, then look again whether there is still anything to decide.
            await self._rejoin()

    async def _renew(self, pins: Pins) -> None:
        """Take these on, as a command of its own; where they are another trust's, go on without them."""
        renewal = RenewInstance(
            id=command_id(self.beginning.instance, "renew", self.version, pins.calendar, pins.directory),
            by=TERMWISE,
            calendar=pins.calendar,
            directory=pins.directory,
        )
        try:
            events = decide(self.world, self.state, renewal, workflow.now())
        except TermwiseError as error:
            self._passed_over = pins
            said = {"instance": self.beginning.instance, "version": self.version, "why": str(error)}
            workflow.logger.error("process.not_renewed", extra=said)
            return
        if not events:
            return
        told = await self._append(self._append_of(renewal, events, None))
        if told.status == "appended":
            self._believe(renewal, events)
        else:
            await self._rejoin()

    def _append_of(self, command: Command, events: tuple[Event, ...], pins: Pins | None) -> Append:
        return Append(
            stream=self.beginning.instance,
            expected=self.version,
            command=command.id,
            events=events,
            pins=pins,
            begins=None if self.state else self._begins(),
        )

    def _begins(self) -> Begins | None:
        """By whose order it begins: whoever records it asks for the proof."""
        given = self.beginning
        if given.order is None:
            return None
        return Begins(
            order=given.order,
            signature=given.signature,
            sealed=given.sealed,
            trust=self.world.directory.trust.key,
            asked_at=workflow.info().start_time,
        )

    async def _append(self, append: Append) -> Appended:
        try:
            return await workflow.execute_local_activity_method(
                Recorder.record, append, start_to_close_timeout=timedelta(seconds=5), retry_policy=_LOCAL,
            )  # fmt: skip
        except FailureError as error:
            # A local activity fails with its own error, not wrapped as an ordinary activity's is.
            if is_cancelled_exception(error):
                raise
            return await workflow.execute_activity_method(
                Recorder.record, append, start_to_close_timeout=timedelta(seconds=10), retry_policy=_AWAY,
                summary=Shown("record, while the database is away"),
            )  # fmt: skip

    async def _standing(self) -> Standing | None:
        try:
            return await workflow.execute_local_activity_method(
                Recorder.read_register, start_to_close_timeout=timedelta(seconds=5), retry_policy=_LOCAL,
            )  # fmt: skip
        except FailureError as error:
            if is_cancelled_exception(error):
                raise
            return await workflow.execute_activity_method(
                Recorder.read_register, start_to_close_timeout=timedelta(seconds=10), retry_policy=_AWAY,
                summary=Shown("read the register, while the database is away"),
            )  # fmt: skip

    async def _rejoin(self) -> None:
        log = await workflow.execute_activity_method(
            Recorder.read_log,
            ReadLog(stream=self.beginning.instance, after=self.version),
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=_AWAY,
            summary=Shown("rejoin the log"),
        )
        events = []
        for record in log.records:
            self._fold(record.event)
            self.state = answered(self.current, record.command)
            events.append(record.event)
        self._repin(events)

    def _believe(self, command: Command, events: tuple[Event, ...]) -> None:
        for event in events:
            self._fold(event)
        self.state = answered(self.current, command.id)
        self._repin(events)

    def _fold(self, event: Event) -> None:
        self.state = evolve(self.state, event)
        self._heard(self.current, event)

    def _repin(self, events: Iterable[Event]) -> None:
        """Decide with what the instance has pinned now. Whatever said so had it loaded (`workflows/documents.py`)."""
        if (pins := pinned(self.current)) == self.pins:
            return
        self.world = library.world(*pins, self.processes)
        self.pins = pins
        migrated = False
        for event in events:
            migrated = migrated or isinstance(event, InstanceMigrated)
            if isinstance(event, InstanceRenewed):
                self._passed_over = None
                self._begun_with = (self._begun_with[0], event.calendar, event.directory)
        if migrated:
            self._moved(self.world)

    def _answer(self, version: int) -> Answer:
        return Answer(instance=self.beginning.instance, version=version)
