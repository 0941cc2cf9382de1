"""The one worker of a home, in the background: started by `up`, stopped by `down`."""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.envconfig import ClientConnectConfig

from workers import temporal
from workers.embedded.daemon import Daemon, detach, locked
from workers.settings import Settings

#: A poll lasts a minute; a poller that has not been heard of for longer is gone.
_POLL = timedelta(seconds=70)
_HERE = 'cd "$0" && exec "$@"'


def daemon(home: Path) -> Daemon:
    """What knows whether the worker of this home runs."""
    folder = home.absolute() / "worker"
    return Daemon("the worker", folder, folder / "log", signal.SIGTERM)


def start(settings: Settings, connection: ClientConnectConfig) -> int:
    """The process id of a worker that polls; started unless one runs. Raises ServerError with its last words."""
    worker = daemon(settings.home)
    worker.folder.mkdir(parents=True, exist_ok=True)

    def launch(lock: int) -> int:
        # In the folder where we are: settings may name relative paths.
        command: list[str | Path] = [
            "/bin/sh",
            "-c",
            _HERE,
            Path.cwd(),
            sys.executable,
            "-m",
            "cli.main",
            "worker",
        ]
        rooms = str(Path(__file__).parents[1])
        environment = {**os.environ, "PYTHONPATH": rooms}
        return detach(command, log=worker.log, environment=environment, keep_open=[lock])

    def polls() -> bool:
        pid = worker.pid
        return pid is not None and pid in asyncio.run(_pollers(settings.task_queue, connection))

    with locked(worker.folder / "starting"):
        worker.start(launch, polls)
    return worker.pid or 0


def stop(home: Path) -> bool:
    """Stop the worker of this home gracefully; whether there was one."""
    worker = daemon(home)
    ran = worker.pid is not None
    worker.stop()
    return ran


async def pollers(client: Client, task_queue: str) -> list[str]:
    """Who has polled the queue for workflows within a poll's length: `pid@machine`."""
    answer = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=task_queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
    )
    since = datetime.now(UTC) - _POLL
    return [each.identity for each in answer.pollers if each.last_access_time.ToDatetime(tzinfo=UTC) > since]


async def _pollers(task_queue: str, connection: ClientConnectConfig) -> set[int]:
    client = await temporal.connect(connection)
    pids = (each.partition("@")[0] for each in await pollers(client, task_queue))
    return {int(pid) for pid in pids if pid.isdigit()}
