"""Find words in what the reader may see: the best fit first."""

from datetime import datetime
from typing import Literal

from engine.access.sight import Sight
from engine.model import Model
from storage.database import CONNECT_TIMEOUT, Pool, translated
from storage.queries import Queries

#: The most hits that are looked through for those that the reader may see.
MOST_LOOKED_AT = 2000
FOUND = """
select s.kind, s.instance, s.task, s.at, coalesce(c.name, s.instance) as cycle,
       coalesce(i.title, s.title) as title, to_tsvector('english', s.title) @@ q.query as in_title,
       ts_headline('english', s.body, q.query, 'StartSel="", StopSel="", MaxFragments=1, MaxWords=18, MinWords=8')
         as words
  from (select websearch_to_tsquery('english', $1) as query) q
  join termwise.search s on s.words @@ q.query
  left join termwise.cycle c on c.id = s.instance
  left join termwise.inbox i on i.task = s.task
 order by ts_rank(s.words, q.query) desc, s.position desc limit $2
"""


class Hit(Model):
    """One place where the words are."""

    kind: Literal["cycle", "task", "comment"]
    instance: str
    task: str | None
    at: datetime
    cycle: str
    """What people call it."""
    title: str
    words: str
    """Those around it; empty where the reader does not see them."""


class _Found(Hit):
    in_title: bool


async def search(pool: Pool, queries: Queries, words: str, limit: int = 20) -> list[Hit]:
    """What has these words, as far as the reader of `queries` sees it.

    `words` as in a search on the web: several, "a phrase", -without, one or another.
    """
    with translated():
        async with pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
            rows = [_Found(**row) for row in await connection.fetch(FOUND, words, MOST_LOOKED_AT)]
    tasks = await queries.sights_of_tasks([row.task for row in rows if row.task])
    cycles = await queries.sights_of_cycles([row.instance for row in rows if row.kind == "cycle"])
    seen = ((row, _sight(row, tasks, cycles)) for row in rows)
    return [hit for row, much in seen if (hit := _shown(row, much))][:limit]


def _sight(row: _Found, tasks: dict[str, Sight], cycles: dict[str, Sight]) -> Sight:
    known = cycles.get(row.instance) if row.kind == "cycle" else tasks.get(row.task or "")
    return known or Sight.NOTHING


def _shown(row: _Found, much: Sight) -> Hit | None:
    """The reader finds what they could have read: a title that is hidden from them has no words to be found by."""
    said = row.model_dump(exclude={"in_title"})
    if row.kind == "cycle":
        return Hit(**said | {"words": ""}) if much >= Sight.OUTLINE else None
    if much is Sight.ALL:
        return Hit(**said)
    if much is Sight.ANSWERS and row.in_title and row.kind == "task":
        return Hit(**said | {"words": ""})
    return None
