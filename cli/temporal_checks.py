"""What `termwise doctor` asks of Temporal."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from cli.findings import Finding, ok, problem
from cli.local_worker import daemon, pollers
from storage.events import PostgresEventStore
from workers import couriering
from workers.settings import Settings
from workflows.display import SEARCH_ATTRIBUTES

#: What has begun or ended within this time may not be known everywhere yet.
_SETTLED = timedelta(minutes=1)
_SHOWN = 5


async def registered(client: Client) -> Finding:
    """Whether the namespace knows what instances are found by."""
    listed = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    missing = sorted({key.name for key in SEARCH_ATTRIBUTES} - set(listed.custom_attributes))
    if missing:
        return problem(
            "search", f"the namespace does not know {', '.join(missing)}", "termwise up, or start a worker"
        )
    return ok("search", "the namespace knows all search attributes")


async def polled(client: Client, settings: Settings) -> Finding:
    """Whether a worker polls the task queue."""
    found = await pollers(client, settings.task_queue)
    if found:
        return ok(
            "worker", f"{len(found)} at work on task queue {settings.task_queue}: {', '.join(found[:_SHOWN])}"
        )
    pid = daemon(settings.home).pid
    if pid:
        mend = f"termwise down, then termwise up; its log is {daemon(settings.home).log}"
        return problem("worker", f"process {pid} runs but does not ask for work", mend)
    said = f"nobody works on task queue {settings.task_queue}: nothing moves"
    return problem("worker", said, "termwise up, or termwise worker")


async def couriered(client: Client, settings: Settings) -> Finding:
    """Whether there is a courier, and somebody who works for it."""
    courier = couriering.workflow_id(settings.task_queue)
    if not await pollers(client, couriering.queue(settings.task_queue)):
        return problem("courier", "nobody delivers letters", "termwise up, or termwise worker --only courier")
    if not await _runs(client, courier):
        return problem(
            "courier", f"the workflow {courier} does not run", "it is started within a minute; see its log"
        )
    return ok("courier", f"the workflow {courier} delivers letters")


async def agreement(
    client: Client, task_queue: str, log: PostgresEventStore, open_in_log: Collection[str]
) -> Finding:
    """Whether the log and Temporal have the same instances open."""
    query = f"TaskQueue = '{task_queue}' AND ExecutionStatus = 'Running'"
    running = {found.id: found.start_time async for found in client.list_workflows(query)}
    lost = [each for each in open_in_log if each not in running and not await _runs(client, each)]
    before = datetime.now(UTC) - _SETTLED
    strays = [
        each
        for each, began in running.items()
        if each not in open_in_log and began < before and not await log.version(each)
    ]
    if lost:
        said = f"open in the log, not running in Temporal: {_some(lost)}"
        return problem("cycles", said, "is this the Temporal, and the namespace, that they were started in?")
    if strays:
        said = f"running in Temporal, not in the log: {_some(strays)}"
        return problem(
            "cycles", said, "is this the database they were started with? If so, terminate them in the UI"
        )
    return ok("cycles", f"{len(open_in_log)} open, in the log and in Temporal alike")


async def _runs(client: Client, instance: str) -> bool:
    # The list of what runs may be a moment old.
    try:
        description = await client.get_workflow_handle(instance).describe()
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return False
        raise
    return description.status is WorkflowExecutionStatus.RUNNING


def _some(instances: list[str]) -> str:
    more = f" and {len(instances) - _SHOWN} more" if len(instances) > _SHOWN else ""
    return f"{', '.join(instances[:_SHOWN])}{more}"
