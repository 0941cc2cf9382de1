"""What was refused, to whom: written by the worker, read by administrators. Nothing in it is ever changed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from engine.model import Model
from engine.refusals import WHY, Refusal
from storage.database import CONNECT_TIMEOUT, Pool, translated

WRITE = """
insert into termwise.refusal (at, until, times, person, key, instance, kind, command, about, code)
select * from unnest($1::timestamptz[], $2::timestamptz[], $3::integer[], $4::text[], $5::text[], $6::text[],
                     $7::text[], $8::uuid[], $9::text[], $10::text[])
"""
READ = """
select at, until, times, person, key, instance, kind, command, about, code from termwise.refusal
 where ($1::text is null or person = $1) and ($2::text is null or instance = $2 or starts_with(instance, $2 || '/'))
   and ($3::timestamptz is null or until >= $3)
 order by id desc limit $4
"""


class RefusalRow(Model):
    """What was refused, and how often."""

    at: datetime
    until: datetime
    times: int
    person: str | None
    key: str | None
    instance: str | None
    kind: str | None
    command: UUID | None
    about: str | None
    code: str

    @property
    def why(self) -> str:
        """In words."""
        return WHY.get(self.code, "it was refused")


class PostgresRefusals:
    """The table of refusals."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def write(self, found: Sequence[tuple[Refusal, datetime, int]]) -> None:
        """Add these: each with the time of the last, and how often. Raises StoreUnavailableError."""
        rows = [
            (r.at, until, times, r.person, r.key, r.instance, r.kind, r.command, r.about, r.code)
            for r, until, times in found
        ]
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                await connection.execute(WRITE, *(list(column) for column in zip(*rows, strict=True)))

    async def read(
        self,
        person: str | None = None,
        instance: str | None = None,
        since: datetime | None = None,
        limit: int = 100,
    ) -> list[RefusalRow]:
        """The latest first. `instance`: with its parts."""
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                rows = await connection.fetch(READ, person, instance, since, limit)
        return [RefusalRow(**row) for row in rows]
