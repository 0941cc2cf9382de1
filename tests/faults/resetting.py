"""An admin resets a workflow to its beginning: its memory is gone, the log is not."""

import asyncio

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest

from tests.desk import Desk


async def reset(desk: Desk, instance: str) -> None:
    """Reset it to its first task."""
    first = None
    # What a workflow records is in the log before Temporal knows that its task is done.
    while first is None:
        history = await desk.temporal.get_workflow_handle(instance).fetch_history()
        done = (e for e in history.events if e.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED)
        first = next((e.event_id for e in done), None)
        await asyncio.sleep(0.05)
    await desk.temporal.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=desk.temporal.namespace,
            workflow_execution=WorkflowExecution(workflow_id=instance),
            reason="an admin tries it",
            request_id=desk.queue,
            workflow_task_finish_event_id=first,
        )
    )
