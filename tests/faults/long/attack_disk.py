"""The disk is full, again and again, until somebody makes room."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from storage.migrations import migrate
from tests.faults.long.conftest import Table
from tests.faults.long.own_server import OwnServer, small_disk
from tests.faults.long.plan import Plan
from tests.faults.long.storm import Storm

#: Megabytes: an empty cluster takes about 90 of them, with its first files of write-ahead log.
DISK = 160

#: What the driver says of it, and how many times more before room is made. As many come in some three seconds.
FULL, REFUSALS = "DiskFullError", 1000

LITTLE_WAL = "alter system set max_wal_size = '32MB'; alter system set min_wal_size = '32MB'"

# Only root can mount a file system. Without one, the disk to be filled would be the machine's own, and all who work
# on it would meet the attack. `make faults` names what it skipped, and docs/faults.md says when it does.
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")


@pytest.fixture
def server(place: Path) -> Iterator[OwnServer]:
    (place / "postgres").mkdir()
    with small_disk(place / "postgres", DISK):
        server = OwnServer(place)
        yield server
        server.stop()


async def test_what_was_promised_survives_full_disks(server: OwnServer, tmp_path: Path, table: Table) -> None:
    dsn = server.start()
    await migrate(dsn)
    connection = await asyncpg.connect(dsn)
    for statement in LITTLE_WAL.split(";"):
        await connection.execute(statement)
    await connection.close()
    storm = Storm(dsn, tmp_path, Plan(streams=40, commands=60))
    ballast = server.home / "postgres" / "ballast"
    crashed = 0

    async def fill() -> str:
        nonlocal crashed
        before = storm.answered(FULL)
        _fill(ballast)
        while storm.answered(FULL) < before + REFUSALS and server.pid and storm.writing:
            await asyncio.sleep(0.1)
        crashed += server.pid is None
        ballast.unlink()
        await server.settle()
        return "disks filled"

    checked = await storm.run([fill], 2.0, server.settle)

    full = storm.acks.answers[FULL]
    told = f"{storm.done['disks filled']} times full; {full} appends refused for it, the server "
    table.add("disk full", f"{told}down {crashed} times; {storm.acks}", checked)
    assert checked.problems == ()
    assert full > 0


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while file.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue
