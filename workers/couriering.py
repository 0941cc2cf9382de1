"""The courier's worker, and the workflow that it serves: started where it does not run."""

import asyncio
from datetime import timedelta

import structlog
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.courier import CourierActivities, Deliveries
from storage.listener import pause
from workers.settings import Settings
from workers.worker import RESTRICTIONS
from workflows.courier import COURIER, Bag, CourierWorkflow
from workflows.shown import Shown

log = structlog.get_logger()

_USUAL_QUEUE = Settings().task_queue
#: Seconds between two looks whether it still runs: somebody may have terminated it.
LOOK = 60.0
_STOPS_WITHIN = timedelta(seconds=10)
_SUMMARY = "Sends letters as they come due; what fails is an activity of its own"


def workflow_id(task_queue: str) -> str:
    """The id of the courier; of its own where workers poll another queue than the usual."""
    return COURIER if task_queue == _USUAL_QUEUE else f"{COURIER}@{task_queue}"


def queue(task_queue: str) -> str:
    """The task queue that the courier's workers poll, beside that of the processes."""
    return f"{task_queue}-{COURIER}"


def courier_worker(client: Client, deliveries: Deliveries, task_queue: str) -> Worker:
    """A worker for the courier alone. `task_queue` is that of the processes."""
    activities = CourierActivities(deliveries)
    return Worker(
        client,
        task_queue=queue(task_queue),
        workflows=[CourierWorkflow],
        activities=[activities.deliver_round, activities.deliver_letter, activities.reach_channel],
        default_heartbeat_throttle_interval=timedelta(seconds=5),
        max_heartbeat_throttle_interval=timedelta(seconds=5),
        workflow_runner=SandboxedWorkflowRunner(restrictions=RESTRICTIONS),
        graceful_shutdown_timeout=_STOPS_WITHIN,
    )


async def keep_running(client: Client, task_queue: str, stop: asyncio.Event) -> None:
    """See to it that there is a courier, until `stop`. Harmless where there is one."""
    while not stop.is_set():
        try:
            await start(client, task_queue)
        except RPCError as error:
            log.warning("courier.waiting", error=error.message)
        await pause(stop, LOOK)


async def start(client: Client, task_queue: str) -> None:
    """Start the courier unless it runs. Raises RPCError."""
    await client.start_workflow(
        CourierWorkflow.run,
        Bag(),
        id=workflow_id(task_queue),
        task_queue=queue(task_queue),
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary=Shown(_SUMMARY),
    )


async def try_now(client: Client, task_queue: str) -> None:
    """Let whatever waits for its next try be tried now. Raises RPCError where there is no courier."""
    await client.get_workflow_handle(workflow_id(task_queue)).signal(CourierWorkflow.try_now)
