"""Changing the register: an order is sent to its workflow, which is started where it does not run."""

import asyncio
from uuid import uuid4

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from engine.commands import Answer
from engine.register.fact import REGISTER
from engine.register.orders import RegisterCommand
from engine.signing import Signed
from workers.keys import Signer
from workers.settings import Settings
from workers.unanswered import ANSWER_WITHIN, NO_ANSWER, TRIES, OutcomeUnknownError, failure, refusal
from workflows.register import SUMMARY, RegisterWorkflow
from workflows.shown import Shown

_USUAL_QUEUE = Settings().task_queue


def workflow_id(task_queue: str) -> str:
    """The id of the workflow that keeps the register; of its own where workers poll another queue than the usual."""
    return REGISTER if task_queue == _USUAL_QUEUE else f"{REGISTER}@{task_queue}"


async def register(client: Client, task_queue: str, order: RegisterCommand, signer: Signer) -> Answer:
    """Send an order and wait until its facts are durable. A time-out is followed by a repeat.

    Raises RefusedError when the rules do not allow it, OutcomeUnknownError when no answer came.
    """
    # The log knows a repeated order by its own id. The update's is another, for what was refused once may be
    # allowed the next time.
    update = uuid4().hex
    for _ in range(TRIES):
        try:
            return await _send(client, task_queue, signer.signed(REGISTER, order), update)
        except WorkflowUpdateRPCTimeoutOrCancelledError:
            continue
        except WorkflowUpdateFailedError as error:
            raise refusal(error) from error
        except RPCError as error:
            if error.status in NO_ANSWER or error.status == RPCStatusCode.FAILED_PRECONDITION:
                continue
            raise failure(client, error, order.id) from error
    raise OutcomeUnknownError(order.id)


async def _send(client: Client, task_queue: str, sent: Signed[RegisterCommand], update: str) -> Answer:
    starting = WithStartWorkflowOperation(
        RegisterWorkflow.run,
        id=workflow_id(task_queue),
        task_queue=task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary=Shown(SUMMARY),
    )
    # Whatever fails is raised by the update too; here it is taken, or it would be written out at length.
    begun = asyncio.ensure_future(starting.workflow_handle())
    begun.add_done_callback(lambda done: done.cancelled() or done.exception())
    try:
        answer: Answer = await client.execute_update_with_start_workflow(
            sent.command.kind,
            sent,
            id=update,
            result_type=Answer,
            rpc_timeout=ANSWER_WITHIN,
            start_workflow_operation=starting,
        )
    finally:
        begun.cancel()
    return answer
