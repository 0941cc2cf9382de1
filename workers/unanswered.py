"""What becomes of an update that is refused or not answered: the same for instances and for the register."""

from datetime import timedelta
from uuid import UUID

from temporalio.client import Client, WorkflowFailureError, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from engine.errors import RefusedError, TermwiseError
from workers.temporal import TemporalSetupError, TemporalUnavailableError

ANSWER_WITHIN = timedelta(seconds=15)
#: How often a command is sent before its answer counts as unknown.
TRIES = 3
NO_ANSWER = frozenset({RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED})
_NOT_SET_UP = frozenset(
    {RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.NOT_FOUND}
)


class OutcomeUnknownError(TermwiseError):
    """No answer came in time. The command may still be carried out; sending it again cannot count twice."""

    def __init__(self, command: UUID) -> None:
        super().__init__(
            f"no answer came in time (command {command}); it may still be carried out. "
            "Send it again, which cannot count twice, and see `termwise doctor`: is a worker running?"
        )


def refusal(error: WorkflowUpdateFailedError | WorkflowFailureError) -> TermwiseError:
    """Why a command was refused, with the code that its rules gave it."""
    cause = error.cause
    refused = RefusedError(cause.message if isinstance(cause, ApplicationError) else str(cause))
    if isinstance(cause, ApplicationError) and cause.type:
        refused.code = cause.type
    return refused


def failure(client: Client, error: RPCError, command: UUID) -> TermwiseError:
    """What an error of the connection means for whoever sent the command."""
    if error.status in NO_ANSWER:
        return OutcomeUnknownError(command)
    if error.status in _NOT_SET_UP:
        return TemporalSetupError(f"Temporal does not accept this ({error.message}); see `termwise doctor`")
    return TemporalUnavailableError(client.service_client.config.target_host, error.message)
