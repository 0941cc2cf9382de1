"""The services of termwise in one process: the worker, the projector, the sealer and the courier.

The order in which servers and services start does not matter: a service waits for what it needs, and says so.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

import structlog
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker

from activities.registrar import Registrar
from definitions.yaml_source import SourceError
from engine.register.addresses import unreachable
from storage.errors import StoreUnavailableError
from storage.migrations import migrate
from storage.projector import Projector
from workers import plugins, temporal
from workers.addressees import Addressees
from workers.authority import Authority, authority
from workers.bouncing import reporting
from workers.courier import courier
from workers.couriering import courier_worker, keep_running, queue
from workers.enrolling import ready_local_key
from workers.key_store import ready_key_store
from workers.keys import key_ring
from workers.publishing import places
from workers.register_now import RegisterNow
from workers.sealing import Sealing
from workers.settings import Settings
from workers.temporal import TemporalUnavailableError
from workers.trust import import_first, trust_now
from workers.wiring import (
    NotRunningError,
    Records,
    catalogue,
    database_address,
    open_all_records,
    temporal_address,
)
from workers.worker import process_worker

log = structlog.get_logger()

Service = Literal["worker", "projector", "sealer", "courier"]
SERVICES: tuple[Service, ...] = get_args(Service)

#: Seconds between two looks at a server that is away, and the most after doubling.
_LOOK_AGAIN, _LOOK_AGAIN_MOST = 0.5, 10.0
_AWAY = (StoreUnavailableError, TemporalUnavailableError, NotRunningError, RPCError)

T = TypeVar("T")


async def serve(settings: Settings, stop: asyncio.Event, services: Collection[Service] = SERVICES) -> None:
    """Run the services until `stop`, then finish what they hold and return.

    Migrates the database and registers the search attributes first. Raises what only a person can mend.
    """
    async with AsyncExitStack() as opened:
        records = await _patiently("PostgreSQL", lambda: _records(settings, opened), stop)
        if records is None:
            return
        desk = _Desk(settings, records, stop, asyncio.Event())
        if "worker" not in services:
            desk.loaded.set()
        try:
            async with asyncio.TaskGroup() as group:
                for service in services:
                    group.create_task(_run(service, desk))
        except BaseExceptionGroup as several:
            # One service that cannot go on ends them all; its own error, with its own cause, is the one to read.
            raise _first(several)  # noqa: B904


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every service works with."""

    settings: Settings
    records: Records
    stop: asyncio.Event
    loaded: asyncio.Event
    """Loading the worker's sandbox holds everything up for seconds, in which the others would see servers fail."""


async def _run(service: Service, desk: _Desk) -> None:
    log.info("service.started", service=service)
    await _RUN[service](desk)
    log.info("service.stopped", service=service)


async def _work(desk: _Desk) -> None:
    worker = await _patiently("Temporal", lambda: _worker(desk), desk.stop)
    if worker is None:
        return
    polling, judging = worker
    async with judging.refusals.running(), polling:
        log.info("worker.polling", task_queue=desk.settings.task_queue)
        await desk.stop.wait()


async def _project(desk: _Desk) -> None:
    await desk.loaded.wait()
    await Projector(desk.records.pool, sealing=desk.records.sealing).run(desk.stop)


async def _seal(desk: _Desk) -> None:
    await desk.loaded.wait()
    judging = await _patiently("PostgreSQL", lambda: _authority(desk), desk.stop)
    if judging is not None:
        sealing = Sealing(desk.records.pool, judging.keys, judging.sealer, places(desk.settings))
        await sealing.run(desk.stop)


async def _deliver(desk: _Desk) -> None:
    register = RegisterNow(desk.records.store, desk.records.register)
    records = desk.records
    report = reporting(Registrar(records.store, records.documents, records.register))
    deliveries = courier(
        desk.settings,
        records.pool,
        lambda: _addressees(desk, register),
        report=report,
        sealing=records.sealing,
    )
    client = await _patiently("Temporal", lambda: _courier_client(desk), desk.stop)
    if client is None:
        return
    async with courier_worker(client, deliveries, desk.settings.task_queue):
        log.info("courier.polling", task_queue=queue(desk.settings.task_queue))
        await keep_running(client, desk.settings.task_queue, desk.stop)


async def _courier_client(desk: _Desk) -> Client:
    await desk.loaded.wait()
    return await temporal.connect(temporal_address(desk.settings)[0], keyring=desk.records.keyring)


async def _addressees(desk: _Desk, register: RegisterNow) -> Addressees:
    # Read anew for each letter: people join, leave and change their address while we run.
    records = desk.records
    trust = await trust_now(desk.settings, records.register, records.documents)
    known = await register()
    failing = frozenset(each.person for each in unreachable(known))
    return Addressees(
        trust.directory,
        trust.calendar,
        dict(known.preferences),
        known.version,
        failing,
        hold=desk.settings.hold_letters,
    )


_RUN: dict[Service, Callable[[_Desk], Awaitable[None]]] = {
    "worker": _work,
    "projector": _project,
    "sealer": _seal,
    "courier": _deliver,
}


def _first(error: BaseException) -> BaseException:
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


async def _records(settings: Settings, opened: AsyncExitStack) -> Records:
    await migrate(database_address(settings))
    await ready_key_store(settings)
    return await opened.enter_async_context(open_all_records(settings, size=16))


async def _worker(desk: _Desk) -> tuple[Worker, Authority]:
    records, settings = desk.records, desk.settings
    try:
        await _import_first(desk)
        where, _ = temporal_address(settings)
        judging = await _authority(desk)
        client = await temporal.connect(
            where, judging.codec(records.store, records.documents), records.keyring
        )
        await temporal.register_search_attributes(client)
        for each in plugins.brought(catalogue(settings.definitions)):
            log.info("plugin.found", kind=each.kind, name=each.name, distribution=each.distribution)
        polling = process_worker(
            client,
            records,
            settings.task_queue,
            judging,
            activities=list(plugins.activities().values()),
        )
    finally:
        desk.loaded.set()
    return polling, judging


async def _authority(desk: _Desk) -> Authority:
    """What the worker judges with. An embedded one makes its own key; others need one that is enrolled."""
    keys = key_ring(desk.settings)
    embedded = desk.settings.dsn is None and desk.settings.key is None
    own = await ready_local_key(desk.records.store, keys) if embedded else keys.servers
    return await authority(desk.records.pool, own)


async def _import_first(desk: _Desk) -> None:
    """Fill an empty register. A folder that cannot be read stops no cycle that runs; `termwise doctor` tells of it."""
    records = desk.records
    try:
        await import_first(desk.settings, records.store, records.register, records.documents)
    except SourceError as error:
        log.warning("register.empty", error=str(error))


async def _patiently(server: str, attempt: Callable[[], Awaitable[T]], stop: asyncio.Event) -> T | None:
    """What the attempt gives once the server is there; None when asked to stop before."""
    wait = _LOOK_AGAIN
    while not stop.is_set():
        try:
            return await attempt()
        except _AWAY as error:
            log.warning("server.awaited", server=server, error=str(error), again_in=wait)
        try:
            await asyncio.wait_for(stop.wait(), wait)
        except TimeoutError:
            wait = min(wait * 2, _LOOK_AGAIN_MOST)
    return None
