"""How the schools stand, and how things ended: numbers of what the reader may see."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import asyncpg

from engine.model import Model
from storage.database import CONNECT_TIMEOUT, Pool, translated
from storage.queries import Queries

CELLS = """
select d.*, c.process, c.title from termwise.dashboard d join termwise.cycle c on c.id = d.instance
 where ($1::text is null or c.term = $1) and ($2::text is null or c.process = $2)
   and ($3 or c.state = 'running')
"""
ENDS = """
select o.instance, o.process, o.title, coalesce(o.said, o.state) as outcome,
       extract(epoch from o.ended_at - o.started_at) / 86400 as days, '' as school
  from termwise.outcome o
 where ($1::text is null or o.term = $1) and ($2::text is null or o.process = $2)
"""
ANSWERS = """
select t.instance, o.process, t.step as title, coalesce(t.code, t.outcome, 'open') as outcome, null::float8 as days,
       t.school
  from termwise.outcome_task t join termwise.outcome o on o.instance = t.instance
 where ($1::text is null or o.term = $1) and ($2::text is null or o.process = $2)
"""
_COUNTS = ("open", "overdue", "on_time", "late", "returned", "deferred", "skipped", "lapsed")

T = TypeVar("T")


class SchoolStanding(Model):
    """One school, over all cycles that are asked about."""

    school: str
    """Empty: the work of no school."""
    cycles: int
    open: int
    overdue: int
    on_time: int
    late: int
    """Done, but after the day."""
    returned: int
    deferred: int
    skipped: int
    lapsed: int
    next_due: datetime | None


class Ends(Model):
    """How the instances of a process ended, or how a step of it was answered."""

    process: str
    title: str
    """The process, or the step."""
    outcomes: dict[str, int]
    """How often each; what runs is `running`, what nobody has answered `open`."""
    median_days: float | None = None
    """Of those that ended."""


async def dashboard(
    pool: Pool, queries: Queries, term: str | None = None, process: str | None = None, *, ended: bool = False
) -> list[SchoolStanding]:
    """Each school with what it has to do and has done; of what runs, unless `ended` is wanted too."""
    rows = await _fetch(pool, CELLS, term, process, ended)
    seen = await queries.sees_schools([(row["instance"], row["school"]) for row in rows])
    rows = [row for row in rows if (row["instance"], row["school"]) in seen]
    found = _grouped(rows, lambda row: str(row["school"]))
    return [_standing(school, found[school]) for school in sorted(found)]


async def outcomes(
    pool: Pool, queries: Queries, term: str | None = None, process: str | None = None, *, steps: bool = False
) -> list[Ends]:
    """By process, or by each of its steps: how it ended, as far as the reader sees it."""
    rows = await _fetch(pool, ANSWERS if steps else ENDS, term, process)
    seen = await queries.sees_schools(list({(row["instance"], row["school"]) for row in rows}), answers=steps)
    rows = [row for row in rows if (row["instance"], row["school"]) in seen]
    found = _grouped(rows, lambda row: (str(row["process"]), str(row["title"])))
    return [_ends(*key, found[key]) for key in sorted(found)]


def _standing(school: str, rows: Sequence[asyncpg.Record]) -> SchoolStanding:
    due = [row["next_due"] for row in rows if row["next_due"]]
    return SchoolStanding(
        school=school,
        cycles=len(rows),
        next_due=min(due, default=None),
        **{name: sum(row[name] for row in rows) for name in _COUNTS},
    )


def _ends(process: str, title: str, rows: Sequence[asyncpg.Record]) -> Ends:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["outcome"]] = counts.get(row["outcome"], 0) + 1
    days = sorted(float(row["days"]) for row in rows if row["days"] is not None)
    middle = (days[(len(days) - 1) // 2] + days[len(days) // 2]) / 2 if days else None
    return Ends(process=process, title=title, outcomes=dict(sorted(counts.items())), median_days=middle)


def _grouped(
    rows: Iterable[asyncpg.Record], key: Callable[[asyncpg.Record], T]
) -> Mapping[T, list[asyncpg.Record]]:
    found: dict[T, list[asyncpg.Record]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


async def _fetch(pool: Pool, query: str, *arguments: object) -> list[asyncpg.Record]:
    with translated():
        async with pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
            return list(await connection.fetch(query, *arguments))
