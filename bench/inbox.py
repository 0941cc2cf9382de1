"""How long a person waits for their inbox: with a thousand tasks in it, and with a million."""

import time
from statistics import median, quantiles

import asyncpg

from bench.effort import Effort
from bench.figures import Figure, figure
from bench.ground import Ground, another_database
from storage.queries import Queries
from storage.views import TaskFilter

NAMES = ("inbox-p50-million", "inbox-p99-million", "inbox-flatness")
_FEW, _MANY = 1_000, 1_000_000
#: Of those each person was ever asked, one in ten is open: about sixteen.
_OF_EACH, _MILLI, _PER_CENT = 167, 1_000, 100
_ASKED = 40
FILL = """
insert into termwise.inbox (task, instance, root, process, cycle, definition, step, address, round, title,
  stage, school, year_group, role, status, assignee, candidates, due_at, due_on, due_why, overdue, minutes, shown,
  opened_at, closed_at, revision, position)
select 't' || n, 'moderation:' || n / 40, 'moderation:' || n / 40, 'moderation', 'Moderation', 'd', 'judge', 'judge',
       1, 'Enter a provisional judgement for every pupil', 'Judgements', 'school-' || (n / $3) % 90, 'Y6',
       'class-teacher',
       case when n % 10 = 0 then 'open' else 'completed' end,
       case when n % 3 = 0 then null else person end, array[person, 'p-' || (n / $3 + 1)],
       day, day::date, '5 school days before the session', n % 50 = 0, 30, '{}', day - interval '20 days',
       case when n % 10 = 0 then null else day end, 2, n
  from (select n, 'p-' || n / $3 as person, timestamptz '2026-09-01' + make_interval(days => n % 300) as day
          from generate_series($1::integer, $2::integer - 1) as g(n)) as made
"""


async def measure(ground: Ground, effort: Effort) -> list[Figure]:
    """In a database of its own; each round asks for the inboxes of forty people, with few tasks and with many."""
    async with another_database(ground, "bench_inbox") as (dsn, records):
        few, _ = await _asked(dsn, records.queries, 0, _FEW, effort.rounds)
        middles, ends = await _asked(dsn, records.queries, _FEW, _MANY, effort.rounds)
    flat = [many / one for many, one in zip(middles, few, strict=True)]
    return [
        figure("inbox-p50-million", "ms", "a person's open tasks, of a million in all", middles),
        figure("inbox-p99-million", "ms", "the slowest of a hundred", ends),
        figure("inbox-flatness", "ratio", "the same of a thousand in all", flat),
    ]


async def _asked(
    dsn: str, queries: Queries, begin: int, end: int, rounds: int
) -> tuple[list[float], list[float]]:
    """The median and the 99th of a hundred, in milliseconds, round by round."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(FILL, begin, end, _OF_EACH, timeout=600)
        await connection.execute("vacuum analyze termwise.inbox", timeout=600)
    finally:
        await connection.close()
    middles, ends = [], []
    for number in range(rounds + 1):
        times = [await _once(queries, f"p-{(7919 * n + number) % (end // _OF_EACH)}") for n in range(_ASKED)]
        if number:  # The first is for warming up.
            middles.append(median(times))
            ends.append(quantiles(times, n=_PER_CENT, method="inclusive")[-1])
    return middles, ends


async def _once(queries: Queries, person: str) -> float:
    began = time.perf_counter()
    await queries.tasks(TaskFilter(mine=person))
    return (time.perf_counter() - began) * _MILLI
