"""The demo from start to end: servers, worker, cycle, report. All of its own, whatever the settings point at."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import JsonValue
from rich.console import Console
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from cli.demo.play import Play
from cli.demo.screen import Screen
from cli.demo.staff import Staff
from definitions.trust import load_trust
from reports.catalogue import Report
from storage.migrations import migrate
from storage.projector import Projector
from workers import temporal
from workers.addressees import Addressees
from workers.authority import authority
from workers.client import Termwise
from workers.courier import courier
from workers.couriering import courier_worker, keep_running
from workers.embedded import servers
from workers.embedded.servers import Running
from workers.enrolling import ready_local_key
from workers.key_store import ready_key_store
from workers.keys import KeyRing, Signer
from workers.reporting import make_report
from workers.settings import Settings
from workers.wiring import Addresses, Office, Records, catalogue, open_all_records
from workers.worker import process_worker

TRUST = Path(__file__).parents[2] / "examples" / "scholars"
OFFICER = "Daniel Okafor"
INPUTS: dict[str, JsonValue] = {"half_term": "2026-27 summer 1", "submission": "2027-06-25"}
_FAREWELL = """All is stopped, and kept. To look around in it, in the Temporal UI too:
  TERMWISE_HOME={home} .venv/bin/termwise up"""
#: Whatever the settings say: the demo's people are invented, and nobody gets a letter.
_WITHOUT_MAIL = Settings()
#: Time moves only when the play says so.
_STILL = TimeSkippingConfig(enabled=False)


async def run(settings: Settings, console: Console) -> Report:
    """Play one moderation cycle in `demo` below the home, from nothing; print its report and return it."""
    home = settings.home.absolute() / "demo"
    console.print("Starting PostgreSQL and Temporal from the installed packages ...", style="dim")
    await asyncio.to_thread(servers.remove, home)
    running = await asyncio.to_thread(servers.start, home, owned=True)
    await migrate(running.dsn)
    own = Settings(home=home)
    await ready_key_store(own)
    async with (
        open_all_records(own) as records,
        _services(settings, running, records, KeyRing(home / "keys")) as office,
    ):
        report = await _cycle(office, console)
    await asyncio.to_thread(servers.stop, home)
    page = settings.home / "demo" / "moderation-agreement.html"
    page.write_text(report.html(), encoding="utf-8")
    console.print(f"\nThe same report as a page: {page}", highlight=False, soft_wrap=True)
    console.print(_FAREWELL.format(home=settings.home / "demo"), highlight=False, soft_wrap=True)
    return report


@asynccontextmanager
async def _services(
    settings: Settings, running: Running, records: Records, keys: KeyRing
) -> AsyncIterator[Office]:
    """The worker, the projector and the courier, as `termwise worker` runs them, and the office that uses them."""
    config = {"target_host": running.temporal_address}
    client = await temporal.connect(config, keyring=records.keyring)  # type: ignore[arg-type]
    await temporal.register_search_attributes(client)
    judging = await authority(records.pool, await ready_local_key(records.store, keys))
    codec = judging.codec(records.store, records.documents)
    own = await temporal.connect(config, codec, records.keyring)  # type: ignore[arg-type]
    trust, stop = load_trust(TRUST), asyncio.Event()

    async def addressees() -> Addressees:
        return Addressees(trust.directory, trust.calendar)

    deliveries = courier(_WITHOUT_MAIL, records.pool, addressees, sealing=records.sealing)
    beside = asyncio.gather(
        Projector(records.pool, sealing=records.sealing).run(stop),
        keep_running(client, settings.task_queue, stop),
    )
    clock = TimeSkipper(client, config=_STILL)
    signer = Signer(keys, trust.directory.trust.key)
    try:
        async with (
            judging.refusals.running(),
            process_worker(own, records, settings.task_queue, judging),
            courier_worker(client, deliveries, settings.task_queue),
        ):
            yield Office(
                settings=settings,
                addresses=Addresses(running.dsn, config, running.ui_url),  # type: ignore[arg-type]
                records=records,
                temporal=clock.client,
                client=Termwise(
                    clock.client,
                    records.store,
                    records.documents,
                    settings.task_queue,
                    records.register,
                    signer,
                ),
                trust=trust,
                catalogue=catalogue(None),
            )
    finally:
        stop.set()
        await beside


async def _cycle(office: Office, console: Console) -> Report:
    officer = office.trust.directory.by_name_or_id(OFFICER)
    world = office.world("moderation")
    instance = await office.client.start(world, INPUTS, officer.id)
    console.print(f"{officer.name} starts {instance}", highlight=False)
    console.print(f"Watch it in the Temporal UI: {office.addresses.ui_url}\n", highlight=False)
    clock = TimeSkipper(office.temporal, config=_STILL)
    with Screen(console) as screen:
        await Play(office, clock, Staff(TRUST / "moderation"), screen, instance).run()
    report = await make_report(office.records, instance)
    console.print()
    console.print(report.terminal())
    return report
