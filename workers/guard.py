"""The interceptor of every worker: it keeps workflows whole, and takes what they refused out of them."""

from datetime import UTC, datetime

from temporalio.worker import Interceptor, WorkflowInboundInterceptor, WorkflowInterceptorClassInput

from workers.refusals import Refusals
from workflows.guarding import CLOCK, NOTE, WholeInbound


class Guard(Interceptor):
    """Gives workflows the two functions they need from outside; both return at once and are not asked in a replay."""

    def __init__(self, refusals: Refusals) -> None:
        self._refusals = refusals

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - as the SDK names it
    ) -> type[WorkflowInboundInterceptor]:
        """The class that Temporal makes for every run."""
        # Signatures are as old as they are by the clocks on the wall, whatever time the workflow is played at.
        input.unsafe_extern_functions[CLOCK] = lambda: datetime.now(UTC)
        input.unsafe_extern_functions[NOTE] = self._refusals.note
        return WholeInbound
