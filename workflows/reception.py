"""Taking what is sent to an instance: commands of people, what servers say, and the order it begins with."""

from collections.abc import Awaitable, Callable

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from engine.commands import (
        PERSON_COMMANDS,
        Answer,
        CancelProcess,
        EndChild,
        EndRun,
        PassEvent,
        PersonCommand,
        StartProcess,
    )
    from engine.decide import decide
    from engine.errors import NotAllowedError, TermwiseError
    from engine.events import TERMWISE
    from engine.refusals import refusal_of
    from engine.signing import Signed
    from workflows import guarding
    from workflows.beginning import Beginning
    from workflows.recording import Ledger
    from workflows.sealing import Heard


class Reception:
    """Takes each command of a person as an update, and hands on by `submit` what may be one.

    An instance that cannot begin has no ledger: nothing is taken, and `broken` says why.
    """

    def __init__(
        self,
        ledger: Ledger | None,
        broken: str | None,
        submit: Callable[[PersonCommand], Awaitable[Answer]],
    ) -> None:
        self._ledger = ledger
        self._broken = broken
        self._submit = submit
        for kind, model in PERSON_COMMANDS.items():
            self._listen(kind, model)

    def believes(
        self, told: Heard[EndChild] | Heard[PassEvent] | Heard[EndRun] | Heard[CancelProcess]
    ) -> bool:
        """Whether a server said it: anybody can send a signal. What is believed once is so in every replay."""
        now, since = workflow.now(), self._ledger.beginning.sealed_since if self._ledger else None
        if told.believed(now, since) and told.said.by == TERMWISE:
            return True
        where = workflow.info().workflow_id
        guarding.note(refusal_of(told.said, None, instance=where, code="unsealed", at=now))
        return False

    def _listen(self, kind: str, model: type[PersonCommand]) -> None:
        async def handle(sent: Signed[PersonCommand]) -> Answer:
            try:
                return await self._submit(sent.command)
            except TermwiseError as error:
                where = self._its.beginning.instance
                raise guarding.refused(error, sent.command, sent.signature, where) from error

        def validate(sent: Signed[PersonCommand]) -> None:
            self._refuse_early(sent)

        for handler in (handle, validate):
            handler.__annotations__["sent"] = Signed[model]  # type: ignore[valid-type]
        workflow.set_update_handler(kind, handle, validator=validate)

    def _refuse_early(self, sent: Signed[PersonCommand]) -> None:
        """A forged or plainly wrong command leaves nothing in the history."""
        its, command = self._its, sent.command
        where = its.beginning.instance
        guarding.refuse_forged(sent, its.world.directory.trust.key, where)
        if its.state is None or command.id in its.state.commands:
            return
        try:
            decide(its.world, its.state, command, workflow.now())
        except TermwiseError as error:
            # With what it was refused by: whoever asks may know that the log, or the register, is ahead of it.
            known = (its.version, its.compared.calendar, its.compared.directory)
            raise guarding.refused(error, command, sent.signature, where, known) from error

    @property
    def _its(self) -> Ledger:
        if self._ledger is None:
            raise ApplicationError(self._broken or "", type="unusable-start", non_retryable=True)
        return self._ledger


def refuse_strangers(order: StartProcess, begun: Beginning) -> None:
    """What only a worker may begin is not even looked at when none did. Raises NotAllowedError."""
    if order.by != TERMWISE and begun.pins != (order.definition, order.calendar, order.directory):
        raise NotAllowedError(f"{order.instance} was ordered with other documents than it was started with")
    part = (order.part, order.run_at, order.parent) != (None, None, None)
    by_worker = begun.sealed is not None or begun.sealed_since is None
    if (order.by == TERMWISE and not by_worker) or (order.by != TERMWISE and part):
        raise NotAllowedError(f"no cycle here has asked for {order.instance}")
