"""The process workflow: one for every definition. It decides, records, believes, and waits.

The workflow type is the process key, so admins see `moderation`. A command is an update: its validator asks the
engine, its handler asks again under the lock, records the events, and only then lets the state move.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from engine.commands import (
        Answer,
        CancelProcess,
        Command,
        EndCall,
        EndChild,
        EndRun,
        PassEvent,
        PassTime,
        command_id,
    )
    from engine.errors import TermwiseError
    from engine.events import TERMWISE
    from engine.state import State
    from engine.world import World
    from workflows import children, guarding, runs
    from workflows.beginning import Beginning, beginning_in
    from workflows.calls import Calls
    from workflows.display import Display, Status
    from workflows.errands import Errands
    from workflows.reception import Reception, refuse_strangers
    from workflows.recording import Ledger
    from workflows.sealing import Heard
    from workflows.shown import Shown

#: Events of a history that is continued as new whatever is under way: the server ends one at 50,000.
_LONG = 20_000


@workflow.defn(dynamic=True)
class ProcessWorkflow:
    """One instance of one process, from its start to its end."""

    @workflow.init
    def __init__(self, args: Sequence[RawValue]) -> None:
        self._ledger: Ledger | None = None
        self._told: list[EndChild | EndRun | EndCall | PassEvent | CancelProcess] = []
        self._calls = Calls(self._told.append)
        self._errands = Errands(self._told.append)
        self._looks = False
        self._stuck: tuple[int, str] | None = None
        self._broken: str | None = None
        self._display = Display()
        # An update can be delivered before `run` has taken its first step: all must be ready here. And an
        # exception here would be retried for ever, looking like a hang: it is kept and raised by `run`.
        try:
            self._beginning = beginning_in(args[0].payload)
            self._ledger = Ledger(self._beginning, self._errands.hear_of, self._display.moved)
            if state := self._ledger.state:
                self._errands.take_up(state)
        except (TermwiseError, ValueError, IndexError) as error:
            self._broken = f"{type(error).__name__}: {error}"
        usable = None if self._broken else self._ledger
        self._reception = Reception(usable, self._broken, self._submit)

    @workflow.run
    async def run(self, args: Sequence[RawValue]) -> str:  # noqa: ARG002 - read in __init__
        if self._broken:
            raise ApplicationError(self._broken, type="unusable-start", non_retryable=True)
        if self._state is None:
            await self._start()
        while self._current.status == "running":
            await self._errands.start(self._its)
            self._calls.follow(self._current)
            await self._errands.tell()
            await self._errands.cancel(self._its)
            await self._hear()
            await self._look()
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
    def end_child(self, report: Heard[EndChild]) -> None:
        self._believe_told(report)

    @workflow.signal(description="The instance this one is part of was told that something happened outside")
    def hear_event(self, command: Heard[PassEvent]) -> None:
        self._believe_told(command)

    @workflow.signal(description="A process that this one runs has ended, or cannot begin")
    def end_run(self, report: Heard[EndRun]) -> None:
        self._believe_told(report)

    @workflow.signal(description="The instance this one is part of was cancelled")
    def cancel_part(self, command: Heard[CancelProcess]) -> None:
        self._believe_told(command)

    def _believe_told(
        self, told: Heard[EndChild] | Heard[PassEvent] | Heard[EndRun] | Heard[CancelProcess]
    ) -> None:
        if self._reception.believes(told):
            self._told.append(told.said)

    @workflow.signal(description="The register has changed: go on with what it says now")
    def look_at_register(self) -> None:
        self._looks = True

    async def _submit(self, command: Command) -> Answer:
        answer = await self._its.submit(command)
        self._display.tell(self._current, self._world, self._stuck)
        return answer

    async def _start(self) -> None:
        order = self._beginning.order
        if order is None:
            raise ApplicationError(
                "there is neither a log nor an order to start", type="unusable-start", non_retryable=True
            )
        try:
            refuse_strangers(order, self._beginning)
            await self._submit(order)
        except TermwiseError as error:
            # Nobody is told of what a stranger has started in our name.
            if self._beginning.sealed or self._beginning.sealed_since is None:
                await runs.report_refusal(order, str(error))
            where = workflow.info().workflow_id
            raise guarding.refused(error, order, self._beginning.signature, where) from error

    async def _wait(self) -> None:
        """Until time matters, a child reports, or the run must be renewed; one timer, rearmed only for earlier."""
        armed = self._next_moment
        ahead = armed - workflow.now() if armed else None
        try:
            if ahead is None or ahead > timedelta(0):
                await workflow.wait_condition(
                    lambda: self._woken(armed),
                    timeout=ahead,
                    timeout_summary=Shown(self._display.timer(self._current)),
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
            or self._errands.waiting
            or self._calls.behind(self._current)
            or self._looks
            or self._display.stale(self._current)
            or (sooner is not None and (armed is None or sooner < armed))
        )

    async def _pass_time(self) -> None:
        # The version is part of the id: the same moment of the same state, however often it is tried.
        passed = PassTime(id=command_id(self._current.instance, "time", self._version), by=TERMWISE)
        await self._tried(passed)

    async def _hear(self) -> None:
        while self._told and not self._is_stuck and self._current.status == "running":
            if await self._tried(self._told[0]):
                del self._told[0]

    async def _look(self) -> None:
        if self._looks and self._current.status == "running":
            self._looks = False
            await self._its.look()

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
        if self._told or self._looks:
            return  # It came while handlers finished: it is heard first, and not lost.
        definition, calendar, directory = self._its.pins
        workflow.continue_as_new(
            Beginning(
                instance=self._beginning.instance,
                definition=definition,
                calendar=calendar,
                directory=directory,
                processes=dict(self._its.processes),
                version=self._version,
                follows=True,
            )
        )

    @property
    def _must_continue(self) -> bool:
        info = workflow.info()
        if self._calls.running and info.get_current_history_length() < _LONG:
            return False  # A call that is under way would be made again by the new run.
        # What has moved begins anew with what it has pinned now, so that no run ever needs the old documents.
        moved = self._its.has_moved
        return (moved or info.is_continue_as_new_suggested()) and not self._told

    @property
    def _next_moment(self) -> datetime | None:
        # A moment that cannot pass is not waited for until the state has moved.
        return None if self._is_stuck else self._current.next_moment

    @property
    def _is_stuck(self) -> bool:
        return self._stuck is not None and self._stuck[0] == self._version

    @property
    def _its(self) -> Ledger:
        if self._ledger is None:
            raise ApplicationError(self._broken or "there is no beginning", non_retryable=True)
        return self._ledger

    @property
    def _world(self) -> World:
        return self._its.world

    @property
    def _state(self) -> State | None:
        return self._ledger.state if self._ledger else None

    @property
    def _current(self) -> State:
        if self._state is None:
            raise ApplicationError("the instance has not started", non_retryable=True)
        return self._state

    @property
    def _version(self) -> int:
        return self._state.version if self._state else 0
