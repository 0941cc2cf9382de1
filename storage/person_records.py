"""What is kept about one person beside the log: letters, tasks. Their drafts are in `drafts.py`."""

from datetime import date, datetime

import asyncpg

from engine.model import Model
from storage.database import CONNECT_TIMEOUT, Pool, translated

LETTERS = """
select o.kind, o.channel, o.status, o.planned_at, o.sent_at, o.error, o.parameters ->> 'instance' as instance
  from termwise.outbox o where o.recipient = $1 order by o.position
"""
TASKS = """
select title, cycle, instance, role, status, outcome, opened_at, due_on, closed_at from termwise.inbox
 where assignee = $1 or candidates @> array[$1] or delegated_by = $1 or deputy = $1
 order by opened_at, task
"""


class LetterHeld(Model):
    """One letter; what it said is not kept, only what it was about."""

    kind: str
    channel: str
    status: str
    planned_at: datetime
    sent_at: datetime | None
    error: str | None
    instance: str | None


class TaskHeld(Model):
    """A task that is or was asked of the person."""

    title: str
    cycle: str
    instance: str
    role: str
    status: str
    outcome: str | None
    opened_at: datetime
    due_on: date | None
    closed_at: datetime | None


class PostgresPersonRecords:
    """Read-only. Every method raises StoreUnavailableError when PostgreSQL is away."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def letters(self, person: str) -> list[LetterHeld]:
        """Every letter to them that was planned, oldest first."""
        return [LetterHeld(**row) for row in await self._rows(LETTERS, person)]

    async def tasks(self, person: str) -> list[TaskHeld]:
        """Every task they have, had by name, or might have claimed."""
        return [TaskHeld(**row) for row in await self._rows(TASKS, person)]

    async def _rows(self, query: str, person: str) -> list[asyncpg.Record]:
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                return list(await connection.fetch(query, person))
