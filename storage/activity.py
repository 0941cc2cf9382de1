"""Who did what: a person's history, and the audit of the trust. What was refused is in `refusals.py`."""

from collections.abc import Sequence
from datetime import datetime

from engine.access.sight import Sight
from engine.model import Model
from engine.register.fact import REGISTER
from storage.database import CONNECT_TIMEOUT, Pool, translated
from storage.queries import Queries

#: The most rows that are looked through for those that the reader may see.
MOST_LOOKED_AT = 20_000
_ROWS = """
select a.person, a.position, a.part, a.instance, coalesce(c.name, a.instance) as cycle, a.task, i.title,
       i.school, a.kind, a.at, a.recorded_at
  from termwise.activity a
  left join termwise.cycle c on c.id = a.instance
  left join termwise.inbox i on i.task = a.task
"""
OF_PERSON = (
    _ROWS
    + """
 where a.person = $1 and ($2::timestamptz is null or a.at >= $2) order by a.position desc, a.part limit $3
"""
)
DONE = (
    _ROWS
    + """
 where a.part = 'did' and ($1::text is null or a.person = $1)
   and ($2::text is null or a.instance = $2 or starts_with(a.instance, $2 || '/'))
   and ($3::timestamptz is null or a.at >= $3)
 order by a.position desc limit $4
"""
)


class Deed(Model):
    """What somebody had to do with one event."""

    person: str
    position: int
    part: str
    """did, asked, for, about."""
    instance: str
    cycle: str
    """What people call it."""
    task: str | None
    title: str | None
    """The task's; none where the reader does not see it."""
    school: str | None
    kind: str
    at: datetime
    recorded_at: datetime
    """When the log has it from."""


async def of_person(
    pool: Pool, queries: Queries, person: str, since: datetime | None = None, limit: int = 100
) -> list[Deed]:
    """The latest first, as far as the reader of `queries` sees it. Whether they may ask is for the caller to say."""
    return await _seen(queries, await _rows(pool, OF_PERSON, person, since, MOST_LOOKED_AT), limit)


async def audit(  # noqa: PLR0913 - what is asked for, by name
    pool: Pool,
    queries: Queries,
    *,
    person: str | None = None,
    instance: str | None = None,
    since: datetime | None = None,
    limit: int = 100,
) -> list[Deed]:
    """What people did, the latest first, as far as the reader of `queries` sees it. `instance`: with its parts."""
    return await _seen(queries, await _rows(pool, DONE, person, instance, since, MOST_LOOKED_AT), limit)


async def _rows(pool: Pool, query: str, *arguments: object) -> list[Deed]:
    with translated():
        async with pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
            return [Deed(**row) for row in await connection.fetch(query, *arguments)]


async def _seen(queries: Queries, rows: Sequence[Deed], limit: int) -> list[Deed]:
    tasks = await queries.sights_of_tasks(list({row.task for row in rows if row.task}))
    cycles = await queries.sights_of_cycles(list({row.instance for row in rows}))
    found: list[Deed] = []
    for row in rows:
        much = tasks.get(row.task, Sight.NOTHING) if row.task else cycles.get(row.instance, Sight.NOTHING)
        if row.instance == REGISTER:
            much = Sight.ALL
        if much >= Sight.OUTLINE:
            found.append(row if much > Sight.OUTLINE else row.model_copy(update={"title": None}))
        if len(found) == limit:
            break
    return found
