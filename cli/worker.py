"""Run the services here, until Ctrl-C or SIGTERM: they finish what they hold, then end.

The worker moves the processes, the projector keeps lists and boards, the courier sends messages. They may
be started before the servers they need, in any order and any number.

Example: termwise worker --only projector
"""

import asyncio
import signal
from typing import Annotated

from cyclopts import App, Parameter

from cli.options import PLAIN, Options
from cli.setup import settings
from workers import logs
from workers.services import SERVICES, Service, serve

app = App(name="worker")


@app.default
async def worker(
    *,
    only: Annotated[tuple[Service, ...], Parameter(help="Run this service alone; may be repeated.")] = (),
    options: Options = PLAIN,
) -> None:
    given = settings()
    logs.configure("json" if options.json else given.log_format)
    logs.forward_core()
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    await serve(given, stop, only or SERVICES)
