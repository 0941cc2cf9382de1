"""Couriers that are killed lose no letter and make none up."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage.database import Pool
from tests.known import at_ten, known
from tests.post_office import PostOffice
from tests.workers.deliveries import (
    HEAD,
    PEOPLE,
    asked,
    eventually,
    notice,
    plan,
    running,
    settings,
    until_sent,
)
from workers.courier import courier

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("after", [0, 3])
async def test_a_courier_killed_before_it_could_say_sent_never_makes_a_second_message(
    database: str, pool: Pool, office: PostOffice, after: int
) -> None:
    people = tuple(person.id for person in PEOPLE.people)[:8]
    await plan(pool, notice(*people), asked("t1", HEAD))

    deaths = [await killed(database, office, lease=2.0, after=after) for _ in range(2)]
    await deliver_patiently(pool, office, 9)

    assert deaths == [-signal.SIGKILL] * 2
    assert len(set(office.ids())) == 9
    assert 9 <= len(office.ids()) <= 9 + 2 * 3  # what two couriers had in hand, three letters each
    assert len(office.ids()) > 9  # and so the kill came where it hurts


async def test_couriers_killed_at_any_moment_lose_nothing_and_make_nothing_up(
    database: str, pool: Pool, office: PostOffice
) -> None:
    everyone = tuple(person.id for person in PEOPLE.people)
    await plan(pool, *(notice(*everyone) for _ in range(6)))
    wanted = 6 * len(everyone)

    for count in range(1, 6):
        process = begin(database, office, lease=2.0, after=10_000)
        await eventually(lambda: arrived(office), count * wanted // 8)
        process.send_signal(signal.SIGKILL)
        process.wait()
    await deliver_patiently(pool, office, wanted)

    assert len(set(office.ids())) == wanted
    assert len(office.ids()) <= wanted + 5 * 3


def begin(database: str, office: PostOffice, lease: float, after: int) -> "subprocess.Popen[bytes]":
    script = [sys.executable, str(Path(__file__).with_name("dying_courier.py"))]
    arguments = [database, str(office.port), str(lease), str(after)]
    return subprocess.Popen(
        [*script, *arguments], env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL
    )


async def killed(database: str, office: PostOffice, lease: float, after: int) -> int:
    return await asyncio.to_thread(begin(database, office, lease, after).wait)


async def arrived(office: PostOffice) -> int:
    return len(office.mails)


async def deliver_patiently(pool: Pool, office: PostOffice, count: int) -> None:
    async with running(courier(settings(office), pool, known(), clock=at_ten)):
        await until_sent(pool, count)
