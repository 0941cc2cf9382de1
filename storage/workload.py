"""Questions to the workload ledger."""

from datetime import date

from engine.model import Model
from storage.database import CONNECT_TIMEOUT, Pool, translated

WEEKS = """
select person, date_trunc('week', day)::date as monday,
       sum(case when standing = 'to do' then expected / cardinality(people)::float8 else 0 end)::float8 as to_do,
       sum(case when standing = 'done' then expected else 0 end)::integer as done,
       sum(case when standing = 'done' then coalesce(took, expected) else 0 end)::integer as took,
       count(*) filter (where standing = 'done' and took is not null)::integer as said,
       count(*)::integer as tasks
  from termwise.workload, unnest(people) as person
 where standing <> 'no work' and day >= $1 and day < $2 and ($3::text is null or people @> array[$3])
   and ($3::text is null or person = $3)
 group by 1, 2 order by 1, 2
"""


class WorkWeek(Model):
    """One person's week, by its Monday. Minutes."""

    person: str
    monday: date
    to_do: float
    """Expected of what is open. Of a task that several may claim, each has a part."""
    done: int
    """Expected of what was done."""
    took: int
    """What that took: what people said, and where they did not, what was expected."""
    said: int
    """Of how many tasks they said it."""
    tasks: int


class WorkloadLedger:
    """Read-only; it follows the log within a moment."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def weeks(self, first: date, until: date, person: str | None = None) -> list[WorkWeek]:
        """Every person's weeks from the first day to before the other; one person's alone if named."""
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                return [WorkWeek(**row) for row in await connection.fetch(WEEKS, first, until, person)]
