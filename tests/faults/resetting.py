"""An admin resets a workflow to its beginning: its memory is gone, the log is not."""

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest

from tests.desk import Desk


async def reset(desk: Desk, instance: str) -> None:
    """Reset it to its first task."""
    history = await desk.temporal.get_workflow_handle(instance).fetch_history()
    first = next(
        e.event_id for e in history.events if e.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
    )
    await desk.temporal.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=desk.temporal.namespace,
            workflow_execution=WorkflowExecution(workflow_id=instance),
            reason="an admin tries it",
            request_id=desk.queue,
            workflow_task_finish_event_id=first,
        )
    )
