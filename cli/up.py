"""Start what is not running: PostgreSQL, Temporal with its web pages, and one worker.

What runs already is left alone, so it may be typed at any time. The first time, the folder of the trust
becomes its register. The data are kept in TERMWISE_HOME
(`.termwise` unless set). Servers of your own, named by TERMWISE_DATABASE and TEMPORAL_ADDRESS, are used
and not started.

Example: termwise up
"""

import asyncio

from cyclopts import App

from cli import local_worker
from cli.options import PLAIN, Options
from cli.output import facts, note, show, write_json
from cli.setup import settings
from definitions.yaml_source import SourceError
from storage.migrations import migrate
from workers import temporal
from workers.embedded import servers
from workers.enrolling import ready_local_key
from workers.key_store import ready_key_store
from workers.keys import key_ring
from workers.settings import Settings, temporal_connection
from workers.trust import import_first
from workers.wiring import open_all_records

app = App(name="up")


@app.default
async def up(*, options: Options = PLAIN) -> None:
    given = settings()
    connection = temporal_connection()
    note("Starting the servers ...")
    running = await asyncio.to_thread(
        servers.start, given.home, dsn=given.dsn, temporal_address=connection.get("target_host")
    )
    connection["target_host"] = running.temporal_address
    await migrate(running.dsn)
    await ready_key_store(given)
    await _fill_register(given)
    if given.key is None:
        await _make_key(given)
    await temporal.register_search_attributes(await temporal.connect(connection))
    note("Starting the worker ...")
    pid = await asyncio.to_thread(local_worker.start, given, connection)
    if options.json:
        write_json({"temporal": running.temporal_address, "ui": running.ui_url, "worker": pid})
        return
    show(
        "termwise is running.",
        facts(
            {
                "Temporal UI": running.ui_url,
                "Temporal": running.temporal_address,
                "Worker": f"process {pid}, its log is {local_worker.daemon(given.home).log}",
                "Next": "termwise start moderation --dry-run ...; termwise doctor; termwise down",
            }
        ),
    )


async def _fill_register(given: Settings) -> None:
    """Take the trust's folder over when nothing was imported yet; a broken one is told, and mended later."""
    async with open_all_records(given, size=2) as records:
        try:
            await import_first(given, records.store, records.register, records.documents)
        except SourceError as error:
            note(f"The register of the trust is empty: {error}")


async def _make_key(given: Settings) -> None:
    """The one key of this machine, which its worker and its command line sign with."""
    async with open_all_records(given, size=2) as records:
        await ready_local_key(records.store, key_ring(given))
