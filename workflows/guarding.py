"""What keeps a workflow whole whatever is sent to it, and how it says that it refused something.

Notes of refusals leave the workflow by a function that the worker gives it. It waits for nothing and returns nothing,
so a replay, which makes no notes, goes the same way.
"""

import inspect
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import ApplicationError
from temporalio.worker import HandleSignalInput, WorkflowInboundInterceptor

with workflow.unsafe.imports_passed_through():
    from engine.commands import Order
    from engine.errors import TermwiseError
    from engine.refusals import Refusal, refusal_of
    from engine.signing import Signature, Signed, verify

AnyOrder = TypeVar("AnyOrder", bound=Order)

#: The functions that a worker gives to its workflows.
NOTE, CLOCK = "termwise_note_refusal", "termwise_clock"


class WholeInbound(WorkflowInboundInterceptor):
    """Drops a signal that its handler cannot take: it would fail the task, again and again, for ever."""

    async def handle_signal(self, input: HandleSignalInput) -> None:  # noqa: A002 - as the SDK names it
        """Hand on what fits."""
        handler = workflow.get_signal_handler(input.signal)
        if handler is not None:
            try:
                inspect.signature(handler).bind(*input.args)
            except TypeError:
                workflow.logger.warning("signal.dropped", extra={"signal": input.signal})
                return
        await super().handle_signal(input)


def refuse_forged(sent: Signed[AnyOrder], trust: str, instance: str) -> None:
    """Refuse a command whose signature may not be believed now. For validators, which are never replayed."""
    now = workflow.extern_functions().get(CLOCK, workflow.now)()
    try:
        verify(sent.command, sent.signature, sent.key, trust=trust, instance=instance, now=now)
    except TermwiseError as error:
        raise refused(error, sent.command, sent.signature, instance) from error


def refused(
    error: TermwiseError,
    command: Order,
    signature: Signature | None,
    instance: str,
    known: tuple[object, ...] = (),
) -> ApplicationError:
    """The refusal as Temporal carries it; it is noted on the way. `known`: by what it was refused."""
    note(refusal_of(command, signature, instance=instance, code=error.code, at=workflow.now()))
    return ApplicationError(str(error), *known, type=error.code, non_retryable=True)


def note(refusal: Refusal) -> None:
    """Keep a refusal; in a replay it was kept before."""
    keep = workflow.extern_functions().get(NOTE)
    if keep is not None and not workflow.unsafe.is_replaying():
        keep(refusal)
