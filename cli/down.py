"""Stop the worker and the servers that `termwise up` started. The data stay.

Running cycles stand still meanwhile, and go on after the next `termwise up`.

Example: termwise down
"""

import asyncio

from cyclopts import App

from cli import local_worker
from cli.options import PLAIN, Options
from cli.output import show, write_json
from cli.setup import settings
from workers.embedded import servers

app = App(name="down")


@app.default
async def down(*, options: Options = PLAIN) -> None:
    home = settings().home
    before = servers.status(home)
    stopped = {
        "worker": await asyncio.to_thread(local_worker.stop, home),
        "temporal": before.temporal is not None,
        "postgres": before.postgres is not None,
    }
    await asyncio.to_thread(servers.stop, home)
    if options.json:
        write_json({"stopped": stopped})
        return
    names = {"worker": "the worker", "temporal": "Temporal", "postgres": "PostgreSQL"}
    ran = [names[name] for name, was in stopped.items() if was]
    show(f"Stopped: {', '.join(ran)}. The data stay in {home}." if ran else "Nothing was running.")
