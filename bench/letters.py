"""How fast letters go: the courier, through Temporal, against a loop that does nothing but send with aiosmtplib.

Both write to the same mail server, a process of its own that throws everything away, with as many letters under way
at once and a connection for each letter. Ours also claims each row, reads the task's story, judges nights and
holidays, writes the letter in two forms, and marks it.
"""

import asyncio
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from uuid import uuid4

from aiosmtplib import send

from bench import trust
from bench.effort import Effort
from bench.figures import Figure, alternate, figure, ratios
from bench.ground import QUEUE, Ground, another_database
from engine.events import InstanceStarted, NotificationRequested
from engine.records import Append
from storage.projector import Projector
from workers.addressees import Addressees
from workers.courier import LANES, courier
from workers.couriering import courier_worker, start, workflow_id
from workers.settings import Settings
from workers.wiring import Records

NAMES = ("courier-vs-raw", "courier-rate", "courier-events-per-letter")
#: Events of one slice; each is told to everybody.
_EVENTS = 4
_HOST = "127.0.0.1"


async def measure(ground: Ground, effort: Effort) -> list[Figure]:
    """Letters per second, the two in turn."""
    people = trust.directory()
    known = Addressees(people, trust.calendar(trust.today()), hold=False)

    async def addressees() -> Addressees:
        return known

    async with _mail_server() as port, another_database(ground, "bench_letters") as (_, records):
        settings = Settings(smtp_host=_HOST, smtp_port=port, smtp_starttls=False)
        recipients = tuple(person.id for person in people.people)
        count = _EVENTS * len(recipients)
        # A round's rest of a second between two looks is not what is measured: letters are there before it begins.
        deliveries = courier(settings, records.pool, addressees)
        worker = courier_worker(ground.temporal, deliveries, QUEUE)
        async with worker:
            lengths: list[float] = []

            async def ours() -> float:
                await _plan(records, recipients)
                began = time.perf_counter()
                await start(ground.temporal, QUEUE)
                await _all_gone(records)
                took = time.perf_counter() - began
                handle = ground.temporal.get_workflow_handle(workflow_id(QUEUE))
                lengths.append((await handle.describe()).history_length / count)
                await handle.terminate()
                return count / took

            pairs = await alternate(ours, lambda: _raw(port, count), max(3, effort.rounds // 4))
    return [
        figure("courier-vs-raw", "ratio", "an aiosmtplib loop", ratios(pairs)),
        figure("courier-rate", "letters/s", "no aim", [rate for rate, _ in pairs]),
        figure("courier-events-per-letter", "events", "no aim", lengths),
    ]


async def _plan(records: Records, recipients: tuple[str, ...]) -> None:
    stream, at = f"letters:{uuid4().hex}", datetime.now().astimezone()
    begun = InstanceStarted(
        at=at, by="p-0001", instance=stream, process="letters", title="Letters", name="Letters", definition="d",
        calendar="c", directory="p", engine=1, owner_role="ceo", confidentiality="trust", inputs={}, stages=(),
        schools=(), term=None, root=stream, parent=None,
    )  # fmt: skip
    told = NotificationRequested(
        at=at, by="termwise", address="n", step="n", to=recipients, subject="We begin", body="Please read."
    )
    events = (begun, *[told] * _EVENTS)
    await records.store.append(Append(stream=stream, expected=0, command=uuid4(), events=events))
    await Projector(records.pool, sealing=records.sealing).catch_up()


async def _all_gone(records: Records) -> None:
    query = "select count(*) from termwise.outbox where status = 'planned'"
    while await records.pool.fetchval(query):
        await asyncio.sleep(0.02)


async def _raw(port: int, count: int) -> float:
    """The same number of letters, of about the same size."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = "termwise@localhost", "ann@trust.example"
    mail["Subject"] = "A message for you: Letters"
    mail.set_content("Please read. " * 40)
    mail.add_alternative("<p>Please read.</p>" * 400, subtype="html")
    left = iter(range(count))

    async def lane() -> None:
        for _ in left:
            await send(mail, hostname=_HOST, port=port, start_tls=False)

    began = time.perf_counter()
    await asyncio.gather(*(lane() for _ in range(LANES)))
    return count / (time.perf_counter() - began)


@asynccontextmanager
async def _mail_server() -> AsyncIterator[int]:
    with socket.create_server((_HOST, 0)) as free:
        port: int = free.getsockname()[1]
    sink = ("-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", f"{_HOST}:{port}")
    process = await asyncio.create_subprocess_exec(sys.executable, *sink)
    try:
        while not await _listens(port):
            await asyncio.sleep(0.05)
        yield port
    finally:
        process.terminate()
        await process.wait()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(_HOST, port)
    except OSError:
        return False
    writer.close()
    return True
