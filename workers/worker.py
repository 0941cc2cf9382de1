"""The Temporal worker: the workflows, the activities, and the sandbox they share."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.record import Recorder
from activities.registrar import Registrar
from activities.waking import Waking
from storage.keeping import PostgresKeeping
from workers.authority import Authority
from workers.guard import Guard
from workers.plugins import Activity
from workers.waking import TemporalWaker
from workers.wiring import Records
from workflows.process import ProcessWorkflow
from workflows.register import RegisterWorkflow

#: Pure packages that workflow code may share with the worker: loaded once, not once for every instance.
_SHARED = (
    "engine",
    "activities",
    "workflows.beginning",
    "workflows.display",
    "workflows.sealing",
    "workflows.shown",
    "cryptography",  # Loaded anew inside a sandbox, it would end the whole process at the first bad signature.
    "immutables",
    "cel_expr_python",
    "pydantic",
)
#: Activities at once in one worker.
_THREADS = 100
RESTRICTIONS = SandboxRestrictions.default.with_passthrough_modules(*_SHARED)


def process_worker(  # noqa: PLR0913 - what a worker is made of
    client: Client,
    records: Records,
    task_queue: str,
    authority: Authority,
    *,
    activities: Sequence[Activity] = (),
    cached: int = 1000,
) -> Worker:
    """A worker for every process and for the register, with the activities that they may call beside our own.

    `cached` instances stay in memory, each some hundred kilobytes.
    """
    recorder = Recorder(records.store, records.register, authority.gate)
    keeping = PostgresKeeping(records.pool, records.keyring)
    registrar = Registrar(records.store, records.documents, records.register, keeping)
    waking = Waking(records.register, records.documents, TemporalWaker(client))
    return Worker(
        client,
        task_queue=task_queue,
        workflows=[ProcessWorkflow, RegisterWorkflow],
        activities=[
            recorder.record,
            recorder.read_log,
            recorder.read_register,
            registrar.carry_out,
            waking.wake,
            *activities,
        ],
        # For activities that are not coroutines: each blocks a thread.
        activity_executor=ThreadPoolExecutor(_THREADS, "activity"),
        max_concurrent_activities=_THREADS,
        # How soon an activity that says it is alive hears that it was cancelled.
        default_heartbeat_throttle_interval=timedelta(seconds=5),
        interceptors=[Guard(authority.refusals)],
        workflow_runner=SandboxedWorkflowRunner(restrictions=RESTRICTIONS),
        max_cached_workflows=cached,
        # Without a cache the core loses tasks that it holds beside another: each comes back after ten seconds.
        max_concurrent_workflow_tasks=None if cached else 1,
        graceful_shutdown_timeout=timedelta(seconds=10),
    )
