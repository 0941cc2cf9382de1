"""Where it is measured: servers of its own in a temporary home, gone afterwards, with the real client and worker."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from temporalio.api.workflowservice.v1 import GetSystemInfoRequest
from temporalio.client import Client
from temporalio.envconfig import ClientConnectConfig
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from bench import trust
from bench.databases import create_database
from storage.migrations import migrate
from workers import temporal
from workers.authority import authority
from workers.client import Termwise
from workers.embedded import servers
from workers.enrolling import enrol_directly
from workers.key_store import ready_key_store
from workers.keys import OneKey, Signer, new_key
from workers.settings import Settings
from workers.wiring import Records, open_all_records, open_records
from workers.worker import process_worker

QUEUE = "bench"


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything a benchmark may use. The worker polls."""

    dsn: str
    records: Records
    temporal: Client
    clock: TimeSkipper
    termwise: Termwise
    in_time: Termwise
    """The same client, but what it starts lives in the virtual time that `clock` moves."""


@asynccontextmanager
async def open_ground() -> AsyncIterator[Ground]:
    """Start the servers and the worker; whatever happens, nothing is left of them."""
    home = _home()
    try:
        running = await asyncio.to_thread(servers.start, home, owned=True)
        await migrate(running.dsn)
        own = Settings(home=home)
        await ready_key_store(own)
        async with open_all_records(own, size=16) as records, _work(running, records) as ground:
            yield ground
    finally:
        await asyncio.to_thread(servers.remove, home)


def _home() -> Path:
    home = Path(tempfile.mkdtemp(prefix="termwise-bench-"))
    home.chmod(0o755)  # PostgreSQL, started by root, runs as another account and must get in.
    return home


@asynccontextmanager
async def _work(running: servers.Running, records: Records) -> AsyncIterator[Ground]:
    where = ClientConnectConfig(target_host=running.temporal_address)
    client = await temporal.connect(where, keyring=records.keyring)
    await temporal.register_search_attributes(client)
    key = new_key()
    await enrol_directly(records.store, key.text, use="local", reason="to measure with")
    judging, signer = await authority(records.pool, key), Signer(OneKey(key), trust.directory().trust.key)
    codec = judging.codec(records.store, records.documents)
    own = await temporal.connect(where, codec, records.keyring)
    clock = TimeSkipper(client, config=TimeSkippingConfig(enabled=False))
    async with judging.refusals.running(), process_worker(own, records, QUEUE, judging):
        yield Ground(
            dsn=running.dsn,
            records=records,
            temporal=client,
            clock=clock,
            termwise=Termwise(client, records.store, records.documents, QUEUE, records.register, signer),
            in_time=Termwise(clock.client, records.store, records.documents, QUEUE, records.register, signer),
        )


@asynccontextmanager
async def another_database(ground: Ground, name: str) -> AsyncIterator[tuple[str, Records]]:
    """An empty database beside the others' on the same server, and its address: what they left is not in the way."""
    dsn = await create_database(ground.dsn, name)
    await migrate(dsn)
    async with open_records(dsn, size=16, keyring=ground.records.keyring) as records:
        yield dsn, records


async def versions(ground: Ground) -> dict[str, str]:
    """Which servers these are."""
    info = await ground.temporal.workflow_service.get_system_info(GetSystemInfoRequest())
    async with ground.records.pool.acquire() as connection:
        postgres = str(await connection.fetchval("show server_version"))
    return {"PostgreSQL": postgres.split(maxsplit=1)[0], "Temporal server": info.server_version}
