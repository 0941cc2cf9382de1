"""What is in the outbox and has not gone: for administrators, who may let it be tried again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from engine.model import Model
from storage.database import CONNECT_TIMEOUT, Pool, translated

LETTERS = """
select o.message_id, o.status, o.kind, o.channel, o.recipient, s.cycle, s.name as instance,
       o.planned_at, o.next_at, o.sent_at, o.held, o.bundle, o.attempts, o.carrier, o.error
  from termwise.outbox o join termwise.event e on e.position = o.position join termwise.stream s on s.id = e.stream
"""
WAITING = LETTERS + " where o.status in ('planned', 'dead') order by o.status, o.next_at, o.position limit $1"
BEGINNING = LETTERS + " where o.message_id::text like $1 order by o.position limit 20"
RETRY = """
with asked as (
  select message_id, bundle from termwise.outbox
   where (cardinality($1::uuid[]) = 0 or message_id = any($1::uuid[]) or bundle = any($1::uuid[]))
     and (status = 'dead' or (status = 'planned' and error is not null)))
update termwise.outbox o
   set status = 'planned', attempts = 0, next_at = clock_timestamp(), leased_until = null,
       error = case when o.status = 'dead' then null else o.error end
  from asked where o.message_id = asked.message_id
returning o.message_id
"""


class LetterRow(Model):
    """One letter of the outbox."""

    message_id: UUID
    status: str
    kind: str
    channel: str
    recipient: str
    """The person's opaque id."""
    cycle: str
    instance: str
    planned_at: datetime
    next_at: datetime
    sent_at: datetime | None
    held: str | None
    bundle: UUID | None
    attempts: int
    carrier: str | None
    error: str | None


class PostgresLetters:
    """Questions about the outbox. Every method raises StoreUnavailableError when PostgreSQL is away."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def waiting(self, limit: int) -> list[LetterRow]:
        """What was given up, then what waits, the soonest first."""
        return await self._rows(WAITING, limit)

    async def beginning(self, text: str) -> list[LetterRow]:
        """Those whose id begins like this, at most twenty."""
        escaped = text.lower().replace("%", "").replace("_", "")
        return await self._rows(BEGINNING, f"{escaped}%")

    async def retry(self, letters: Sequence[UUID]) -> list[UUID]:
        """Let these be tried now, with what goes together with them; all that failed when none is named.

        Those that were sent or withdrawn are left alone.
        """
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                return [row["message_id"] for row in await connection.fetch(RETRY, letters)]

    async def _rows(self, query: str, argument: object) -> list[LetterRow]:
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                return [LetterRow(**row) for row in await connection.fetch(query, argument)]
