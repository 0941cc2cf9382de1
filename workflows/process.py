"""The process workflow: one for every definition. It decides, records, believes, and waits.

The workflow type is the process key, so admins see `moderation`. A command is an update: its validator asks the
engine, its handler asks again under the lock, records the events, and only then lets the state move.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RawValue, RetryPolicy
from temporalio.exceptions import ApplicationError, FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.record import ReadLog, Recorder
    from engine import library
    from engine.children import passed_on, told_before
    from engine.commands import (
        PERSON_COMMANDS,
        Answer,
        CancelProcess,
        Command,
        EndCall,
        EndChild,
        EndRun,
        PassEvent,
        PassTime,
        PersonCommand,
        command_id,
    )
    from engine.decide import decide
    from engine.errors import TermwiseError
    from engine.events import (
        TERMWISE,
        ChildStarted,
        ChildWithdrawn,
        Event,
        EventRaised,
        RunRequested,
        RunWithdrawn,
    )
    from engine.evolve import answered, evolve, replay
    from engine.migration import pinned
    from engine.records import Append, Appended
    from engine.state import State
    from workflows import children, runs
    from workflows.beginning import Beginning
    from workflows.calls import Calls
    from workflows.display import Display, Status

#: A healthy database answers in milliseconds; after this the server takes over the retrying.
_LOCAL = RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=3)
#: Events of a history that is continued as new whatever is under way: the server ends one at 50,000.
_LONG = 20_000
_AWAY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))


@workflow.defn(dynamic=True)
class ProcessWorkflow:
    """One instance of one process, from its start to its end."""

    @workflow.init
    def __init__(self, args: Sequence[RawValue]) -> None:
        self._lock = asyncio.Lock()
        self._told: list[EndChild | EndRun | EndCall | PassEvent | CancelProcess] = []
        self._calls = Calls(self._told.append)
        self._unstarted: list[str] = []
        self._uncancelled = False
        self._untold: list[tuple[str, PassEvent]] = []
        self._stuck: tuple[int, str] | None = None
        self._broken: str | None = None
        self._display = Display()
        # An update can be delivered before `run` has taken its first step: all must be ready here. And an
        # exception here would be retried for ever, looking like a hang: it is kept and raised by `run`.
        try:
            self._beginning = workflow.payload_converter().from_payload(args[0].payload, Beginning)
            self._state: State | None = replay(self._beginning.log)
            self._pins = pinned(self._state) if self._state else self._beginning.pins
            self._world = library.world(*self._pins, self._beginning.processes)
            # A renewed or recovered run asks again for every open child: one that runs already is left alone.
            self._unstarted += sorted({*self._state.children, *self._state.runs}) if self._state else []
            self._uncancelled = bool(self._state and self._state.leaving)
            self._untold += told_before(self._state) if self._state else ()
        except (TermwiseError, ValueError, IndexError) as error:
            self._broken = f"{type(error).__name__}: {error}"
            self._state = None
        for kind, model in PERSON_COMMANDS.items():
            self._listen(kind, model)

    @workflow.run
    async def run(self, args: Sequence[RawValue]) -> str:  # noqa: ARG002 - read in __init__
        if self._broken:
            raise ApplicationError(self._broken, type="unusable-start", non_retryable=True)
        if self._state is None:
            await self._start()
        while self._current.status == "running":
            await self._start_children()
            self._calls.follow(self._current)
            await self._tell_children()
            await self._cancel_children()
            await self._hear()
            self._calls.follow(self._current)
            self._display.tell(self._current, self._world, self._stuck)
            self._display.show(self._current)
            await self._wait()
            if self._must_continue:
                await self._continue()
        self._display.tell(self._current, self._world, None)
        self._display.show(self._current)
        self._calls.follow(self._current)
        await children.cancel(self._current)
        await children.report(self._current)
        await runs.report(self._current)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._current.outcome or self._current.status

    @workflow.query(
        description="The instance in short: version, status, what is open and when time next matters"
    )
    def status(self) -> Status:
        return self._display.status(self._state)

    @workflow.signal(description="A child instance reports its end")
    def end_child(self, report: EndChild) -> None:
        self._told.append(report)

    @workflow.signal(description="The instance this one is part of was told that something happened outside")
    def hear_event(self, command: PassEvent) -> None:
        self._told.append(command)

    @workflow.signal(description="A process that this one runs has ended, or cannot begin")
    def end_run(self, report: EndRun) -> None:
        self._told.append(report)

    @workflow.signal(description="The instance this one is part of was cancelled")
    def cancel_part(self, command: CancelProcess) -> None:
        self._told.append(command)

    # ---- commands

    def _listen(self, kind: str, model: type[PersonCommand]) -> None:
        async def handle(command: PersonCommand) -> Answer:
            try:
                return await self._submit(command)
            except TermwiseError as error:
                raise ApplicationError(str(error), type=error.code, non_retryable=True) from error

        def validate(command: PersonCommand) -> None:
            self._refuse_early(command)

        for handler in (handle, validate):
            handler.__annotations__["command"] = model
        workflow.set_update_handler(kind, handle, validator=validate)

    def _refuse_early(self, command: PersonCommand) -> None:
        """A plainly wrong command leaves nothing in the history."""
        if self._broken:
            raise ApplicationError(self._broken, type="unusable-start", non_retryable=True)
        if command.by == TERMWISE:
            raise ApplicationError(
                "a person's command needs a person", type="not-allowed", non_retryable=True
            )
        if self._state is None or command.id in self._state.commands:
            return
        try:
            decide(self._world, self._state, command, workflow.now())
        except TermwiseError as error:
            # With the version it was refused at: whoever asks may know that the log is ahead of it.
            raise ApplicationError(str(error), self._version, type=error.code, non_retryable=True) from error

    async def _submit(self, command: Command) -> Answer:
        if command.kind != "start":
            await workflow.wait_condition(lambda: self._state is not None)
        async with self._lock:  # the state may have moved while we waited: decide inside
            while not self._answered(command):
                events = decide(self._world, self._state, command, workflow.now())
                if not events:
                    return Answer(instance=self._beginning.instance, version=self._version)
                await self._record(command, events)
            return Answer(instance=self._beginning.instance, version=self._current.commands[command.id])

    async def _record(self, command: Command, events: tuple[Event, ...]) -> None:
        append = Append(
            stream=self._beginning.instance, expected=self._version, command=command.id, events=events
        )
        if (await self._append(append)).status == "appended":
            self._believe(command, events)
            self._display.tell(self._current, self._world, self._stuck)
        else:
            # The log is ahead of us: an earlier try was recorded though its answer was lost, or this workflow was
            # reset. Rejoin it, then look again whether there is still anything to decide.
            await self._rejoin()

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
                summary="record, while the database is away",
            )  # fmt: skip

    def _believe(self, command: Command, events: tuple[Event, ...]) -> None:
        for event in events:
            self._fold(event)
        self._state = answered(self._current, command.id)
        self._repin()

    async def _rejoin(self) -> None:
        log = await workflow.execute_activity_method(
            Recorder.read_log,
            ReadLog(stream=self._beginning.instance, after=self._version),
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=_AWAY,
            summary="rejoin the log",
        )
        for record in log.records:
            self._fold(record.event)
            self._state = answered(self._current, record.command)
        self._repin()

    def _repin(self) -> None:
        """Decide with what the instance has pinned now. Whatever said so had it loaded (`workflows/documents.py`)."""
        if self._state is not None and (pins := pinned(self._state)) != self._pins:
            self._world = library.world(*pins, self._beginning.processes)
            self._pins = pins
            self._display.moved(self._world)

    def _fold(self, event: Event) -> None:
        self._state = evolve(self._state, event)
        if isinstance(event, ChildStarted | RunRequested):
            self._unstarted.append(event.child)
        if isinstance(event, EventRaised):
            self._untold += passed_on(self._current, event)
        if isinstance(event, ChildWithdrawn | RunWithdrawn):
            self._uncancelled = True

    # ---- the run

    async def _start(self) -> None:
        order = self._beginning.order
        if order is None:
            raise ApplicationError(
                "there is neither a log nor an order to start", type="unusable-start", non_retryable=True
            )
        try:
            await self._submit(order)
        except TermwiseError as error:
            await runs.report_refusal(order, str(error))
            raise ApplicationError(str(error), type=error.code, non_retryable=True) from error

    async def _wait(self) -> None:
        """Until time matters, a child reports, or the run must be renewed; one timer, rearmed only for earlier."""
        armed = self._next_moment
        ahead = armed - workflow.now() if armed else None
        try:
            if ahead is None or ahead > timedelta(0):
                await workflow.wait_condition(
                    lambda: self._woken(armed),
                    timeout=ahead,
                    timeout_summary=self._display.timer(self._current),
                )
                return
        except TimeoutError:
            pass
        await self._pass_time()

    def _woken(self, armed: datetime | None) -> bool:
        sooner = self._next_moment
        return (
            self._current.status != "running"
            or (bool(self._told) and not self._is_stuck)
            or self._must_continue
            or bool(self._unstarted)
            or self._calls.behind(self._current)
            or self._uncancelled
            or bool(self._untold)
            or self._display.stale(self._current)
            or (sooner is not None and (armed is None or sooner < armed))
        )

    async def _pass_time(self) -> None:
        # The version is part of the id: the same moment of the same state, however often it is tried.
        passed = PassTime(id=command_id(self._current.instance, "time", self._version), by=TERMWISE)
        await self._tried(passed)

    async def _start_children(self) -> None:
        while self._unstarted:
            child = self._unstarted.pop(0)
            run = self._current.runs.get(child)
            if child in self._current.children:
                await children.start(self._current, self._world, child)
            elif run is not None and not run.began:
                said = await runs.start(self._current, self._world, run)
                self._told += [said] if said else []

    async def _tell_children(self) -> None:
        while self._untold:
            await children.tell(*self._untold.pop(0))

    async def _cancel_children(self) -> None:
        if self._uncancelled:
            self._uncancelled = False
            await children.cancel(self._current)

    async def _hear(self) -> None:
        while self._told and not self._is_stuck and self._current.status == "running":
            if await self._tried(self._told[0]):
                del self._told[0]

    async def _tried(
        self, command: PassTime | EndChild | EndRun | EndCall | PassEvent | CancelProcess
    ) -> bool:
        """Whether the command was carried out. If not, the instance says why, and tries again when it has moved."""
        try:
            await self._submit(command)
        except TermwiseError as error:
            self._stuck = (self._version, str(error))
            said = {"instance": self._current.instance, "version": self._version, "why": str(error)}
            workflow.logger.error("process.stuck", extra=said)
            return False
        self._stuck = None
        return True

    async def _continue(self) -> None:
        await workflow.wait_condition(workflow.all_handlers_finished)
        if self._told:
            return  # It came while handlers finished: it is heard first, and not lost.
        definition, calendar, directory = self._pins
        workflow.continue_as_new(
            Beginning(
                instance=self._beginning.instance,
                definition=definition,
                calendar=calendar,
                directory=directory,
                processes=self._beginning.processes,
                version=self._version,
            )
        )

    @property
    def _must_continue(self) -> bool:
        info = workflow.info()
        if self._calls.running and info.get_current_history_length() < _LONG:
            return False  # A call that is under way would be made again by the new run.
        # What has moved begins anew with what it has pinned now, so that no run ever needs the old documents.
        moved = self._pins != self._beginning.pins
        return (moved or info.is_continue_as_new_suggested()) and not self._told

    @property
    def _next_moment(self) -> datetime | None:
        # A moment that cannot pass is not waited for until the state has moved.
        return None if self._is_stuck else self._current.next_moment

    @property
    def _is_stuck(self) -> bool:
        return self._stuck is not None and self._stuck[0] == self._version

    @property
    def _current(self) -> State:
        if self._state is None:
            raise ApplicationError("the instance has not started", non_retryable=True)
        return self._state

    @property
    def _version(self) -> int:
        return self._state.version if self._state else 0

    def _answered(self, command: Command) -> bool:
        return self._state is not None and command.id in self._state.commands
