"""What happens to the register when something it needs is away or dies: nothing lost, nothing twice."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine.register.fact import REGISTER
from tests.desk import Desk, open_desk
from tests.people import joining
from tests.worlds import NOW, directory

ROOT = Path(__file__).parents[2]
PEOPLE = joining(directory(), "Rosa Quist", "headteacher", "ash", since=NOW.date())


@pytest.fixture
async def desk(database: str, temporal_address: str) -> AsyncIterator[Desk]:
    async with open_desk(database, temporal_address) as opened:
        yield opened


async def test_a_worker_killed_in_the_middle_of_an_order_is_mended_by_the_next(
    database: str, temporal_address: str, desk: Desk
) -> None:
    before = await desk.fill_register()
    dying = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.dying_registrar",
        database, temporal_address, desk.queue, str(before.version),
        stdout=asyncio.subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert dying.stdout
    assert (await asyncio.wait_for(dying.stdout.readline(), 30)).strip() == b"ready"
    sent = asyncio.create_task(desk.import_people(PEOPLE))
    assert await asyncio.wait_for(dying.wait(), 30) < 0
    assert await recorded(desk) == 1
    assert await desk.records.register.standing() == before

    async with desk.worker():
        answer = await asyncio.wait_for(sent, 60)

    assert await recorded(desk) == 1
    standing = await desk.records.register.standing()
    assert standing is not None
    assert standing.version == answer.version


async def recorded(desk: Desk) -> int:
    """How often the new head stands in the log of the register."""
    log = await desk.records.store.read(REGISTER)
    return sum("Rosa Quist" in each.event.model_dump_json() for each in log)
