"""The Temporal worker: the workflow, the activities, and the sandbox they share."""

from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.ports import EventStore
from activities.record import Recorder
from workflows.process import ProcessWorkflow

#: Pure packages that workflow code may share with the worker: loaded once, not once for every instance.
_SHARED = (
    "engine",
    "activities",
    "workflows.beginning",
    "workflows.display",
    "immutables",
    "cel_expr_python",
    "pydantic",
)
RESTRICTIONS = SandboxRestrictions.default.with_passthrough_modules(*_SHARED)


def process_worker(client: Client, store: EventStore, task_queue: str, *, cached: int = 1000) -> Worker:
    """A worker for every process. `cached` instances stay in memory, each some hundred kilobytes."""
    recorder = Recorder(store)
    return Worker(
        client,
        task_queue=task_queue,
        workflows=[ProcessWorkflow],
        activities=[recorder.record, recorder.read_log],
        workflow_runner=SandboxedWorkflowRunner(restrictions=RESTRICTIONS),
        max_cached_workflows=cached,
        graceful_shutdown_timeout=timedelta(seconds=10),
    )
