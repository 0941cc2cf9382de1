"""A projector that is killed anywhere leaves rows that the next one makes whole."""

import asyncio
import os
import sys
from pathlib import Path

from storage.database import Pool
from storage.events import PostgresEventStore
from storage.projector import Projector
from storage.verify import verify
from tests.faults.dying_projectors import DEATHS
from tests.storage.facts import append, claimed, commented, completed, ended, opened, overdue, started

ROOT = Path(__file__).parents[2]


async def test_killed_at_many_points_it_comes_to_the_rows_of_a_fresh_rebuild(
    database: str, pool: Pool
) -> None:
    store = PostgresEventStore(pool)
    for n in range(20):
        tasks = [f"t{n}-{k}" for k in range(2)]
        await store.append(append(f"m:{n}", 0, started(f"m:{n}"), *(opened(each) for each in tasks)))
        await store.append(append(f"m:{n}", 3, claimed(tasks[0]), commented(tasks[0]), overdue(tasks[1])))
        await store.append(append(f"m:{n}", 6, *(completed(each) for each in tasks), ended()))
    await store.settled()

    dying = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.dying_projectors", database,
        stdout=asyncio.subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    said, _ = await asyncio.wait_for(dying.communicate(), 120)
    assert int(said.splitlines()[-1]) == DEATHS

    await Projector(pool).catch_up()

    # What `verify` compares with is folded anew from the log; a letter that was planned twice would be a row too many.
    found = await verify(pool)
    assert (found.events, found.problems) == (180, ())
    assert await pool.fetchval("select count(*) from termwise.outbox where status <> 'planned'") == 0
