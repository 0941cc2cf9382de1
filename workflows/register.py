"""The workflow of the register: one for the trust. It puts the orders in a row, and wakes whom a change concerns.

It holds nothing that is not in the log: ended, lost or set back, it begins anew with the next order.
"""

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.registrar import CarryOut, Registrar
    from activities.waking import Change, Waking
    from engine.commands import Answer
    from engine.refusals import refusal_of
    from engine.register.fact import REGISTER
    from engine.register.mornings import next_morning
    from engine.register.orders import REGISTER_COMMANDS, RegisterCommand
    from engine.signing import Signed
    from engine.timezone import local_date
    from workflows import guarding
    from workflows.shown import Shown

TYPE = "trust-register"
SUMMARY = "What the trust knows of its schools, people and dates"
_AWAY = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=30))


@workflow.defn(name=TYPE)
class RegisterWorkflow:
    """Takes one order after the other, each an update."""

    @workflow.init
    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._changes: list[Change] = []
        self._version = 0
        self._trust: str | None = None
        # An update can be delivered before `run` has taken its first step.
        for kind, model in REGISTER_COMMANDS.items():
            self._listen(kind, model)

    @workflow.run
    async def run(self) -> None:
        while True:
            await self._wait()
            while self._changes:
                await self._wake(self._changes.pop(0))
            if workflow.info().is_continue_as_new_suggested():
                await workflow.wait_condition(workflow.all_handlers_finished)
                if not self._changes:
                    workflow.continue_as_new()

    def _listen(self, kind: str, model: type) -> None:
        async def handle(sent: Signed[RegisterCommand]) -> Answer:
            return await self._carry_out(sent)

        def validate(sent: Signed[RegisterCommand]) -> None:
            if self._trust is not None:  # Until the first order is carried out, the activity alone can tell.
                guarding.refuse_forged(sent, self._trust, REGISTER)

        for handler in (handle, validate):
            handler.__annotations__["sent"] = Signed[model]  # type: ignore[valid-type]
        workflow.set_update_handler(kind, handle, validator=validate)

    async def _carry_out(self, sent: Signed[RegisterCommand]) -> Answer:
        order = sent.command
        async with self._lock:
            try:
                kept = await workflow.execute_activity_method(
                    Registrar.carry_out,
                    CarryOut(order=order, signature=sent.signature, at=workflow.now()),
                    # Soon, for whoever died in the middle of it is known by this alone.
                    start_to_close_timeout=timedelta(seconds=10),
                    retry_policy=_AWAY,
                    summary=Shown(order.kind),
                )
            except ActivityError as error:
                cause = error.cause
                if not isinstance(cause, ApplicationError):
                    raise
                code = cause.type or "refused"
                guarding.note(
                    refusal_of(order, sent.signature, instance=REGISTER, code=code, at=workflow.now())
                )
                raise ApplicationError(cause.message, type=code, non_retryable=True) from error
        self._trust = kept.trust or self._trust
        if kept.change:
            self._changes.append(kept.change)
        self._version = max(self._version, kept.answer.version)
        workflow.set_current_details(
            f"### The register\n\nVersion **{self._version}**; last: {order.kind}, {workflow.now():%d %B %Y %H:%M} UTC"
        )
        return kept.answer

    async def _wait(self) -> None:
        """Until something has changed, or a day begins on which posts begin or end."""
        now = workflow.now()
        morning = next_morning(now)
        try:
            await workflow.wait_condition(
                lambda: bool(self._changes) or workflow.info().is_continue_as_new_suggested(),
                timeout=morning - now,
                timeout_summary=Shown("posts that begin or end tomorrow"),
            )
        except TimeoutError:
            self._changes.append(Change(on=local_date(morning)))

    async def _wake(self, change: Change) -> None:
        await workflow.execute_activity_method(
            Waking.wake,
            change,
            start_to_close_timeout=timedelta(hours=1),
            heartbeat_timeout=timedelta(minutes=1),
            retry_policy=_AWAY,
            summary=Shown("wake the instances that it concerns"),
        )
