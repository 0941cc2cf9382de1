"""Where the register of the trust stands: one row, made from its stream, and whose open work a change touches."""

from collections.abc import Sequence

from engine.register.standing import Standing
from storage.database import CONNECT_TIMEOUT, Pool, translated

STANDING = "select version, directory, calendar from termwise.register"
MOVE = """
insert into termwise.register as r (version, directory, calendar) values ($1, $2, $3)
on conflict (one) do update
   set version = excluded.version, directory = excluded.directory, calendar = excluded.calendar,
       moved_at = clock_timestamp()
 where r.version < excluded.version
"""
RUNNING = "select id from termwise.cycle where state = 'running' order by id"
ASKED = """
select distinct instance from (
  select instance from termwise.inbox where status = 'open' and assignee = any($1::text[])
  union all
  select instance from termwise.inbox where status = 'open' and candidates && $1::text[]
  union all
  select instance from termwise.inbox where status = 'open' and assignee is null and candidates = '{}'
  union all
  select instance from termwise.inbox
   where status = 'deferred' and (assignee = any($1::text[]) or candidates && $1::text[] or candidates = '{}')
  union all
  select id from termwise.cycle where state = 'running' and person = any($1::text[])) t
 order by instance
"""


class PostgresRegister:
    """What was made of the register's stream. Every method raises StoreUnavailableError when PostgreSQL is away."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def standing(self) -> Standing | None:
        """What the register says now; None while nothing was imported."""
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                row = await connection.fetchrow(STANDING)
        return Standing(**row) if row else None

    async def move(self, standing: Standing) -> None:
        """Say so from now on; what stands at this version or a later one is left alone. Safe to repeat."""
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                await connection.execute(MOVE, standing.version, standing.directory, standing.calendar)

    async def running(self) -> list[str]:
        """Every instance that runs, as far as the projector has come."""
        return await self._instances(RUNNING)

    async def asked(self, people: Sequence[str]) -> list[str]:
        """Every instance with unfinished work for any of them, or for nobody."""
        return await self._instances(ASKED, people)

    async def _instances(self, query: str, *arguments: object) -> list[str]:
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                return [row[0] for row in await connection.fetch(query, *arguments)]
