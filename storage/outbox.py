"""The courier's side of the outbox: take messages, and say what became of them."""

from datetime import datetime
from uuid import UUID

from engine.model import Model
from storage.database import CONNECT_TIMEOUT, Pool, translated
from storage.views import JsonColumn

CLAIM = """
with ready as (
  select message_id from termwise.outbox o
   where status = 'planned' and next_at <= clock_timestamp()
     and (leased_until is null or leased_until < clock_timestamp())
     and not exists (
         select from termwise.outbox earlier
          where earlier.status = 'planned' and earlier.channel = o.channel and earlier.recipient = o.recipient
            and earlier.position < o.position)
   order by position, recipient limit $1
     for update skip locked)
update termwise.outbox o
   set leased_until = clock_timestamp() + make_interval(secs => $2), attempts = attempts + 1
  from ready, termwise.event e, termwise.stream s
 where o.message_id = ready.message_id and e.position = o.position and s.id = e.stream
returning o.message_id, o.position, o.channel, o.recipient, o.kind, o.subject, o.parameters, o.attempts,
          e.command, s.name as instance, s.root, s.title as process, s.cycle
"""
# That it went is true whoever says so; what else became of it is for the courier that has it to say, and an
# attempt is had by one courier only.
SENT = """
update termwise.outbox
   set status = 'sent', sent_at = clock_timestamp(), carrier = $2, leased_until = null, error = null
 where message_id = $1 and status <> 'sent'
"""
FAILED = """
update termwise.outbox set next_at = $4, leased_until = null, error = $3
 where message_id = $1 and attempts = $2 and status = 'planned'
"""
ENDED = """
update termwise.outbox set status = $4, leased_until = null, error = $3
 where message_id = $1 and attempts = $2 and status = 'planned'
"""

#: Seconds a courier has to say what became of a message; after them another may take it.
LEASE = 60.0


class Message(Model):
    """One thing to tell one person over one channel."""

    message_id: UUID
    """Stable: a channel that has seen it need not send it again."""
    position: int
    channel: str
    recipient: str
    """The person's opaque id."""
    kind: str
    subject: str
    parameters: JsonColumn
    """As the kind has them: `task`, `days`, `role`, `body`."""
    attempts: int
    """With this one."""
    command: UUID
    """The command that led to it."""
    instance: str
    root: str
    """The instance that was started first; `instance` is it or one of its parts."""
    process: str
    """What the process is called."""
    cycle: str
    """What people call the cycle."""


class PostgresOutbox:
    """At least once, and to each person over each channel in the order things happened."""

    def __init__(self, pool: Pool, lease: float = LEASE) -> None:
        self._pool = pool
        self._lease = lease

    async def claim(self, limit: int) -> list[Message]:
        """Messages that nobody else has now, at most one for a person and channel, oldest first."""
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                rows = await connection.fetch(CLAIM, limit, self._lease)
        return sorted((Message(**row) for row in rows), key=lambda message: message.position)

    async def sent(self, message: Message, carrier: str) -> None:
        """It has gone, by that; it is never claimed again."""
        await self._execute(SENT, message.message_id, carrier)

    async def failed(self, message: Message, error: str, retry_at: datetime) -> None:
        """Try again from then on. What comes after it for the same person waits."""
        await self._execute(FAILED, message.message_id, message.attempts, error, retry_at)

    async def dead(self, message: Message, error: str) -> None:
        """Give it up; what comes after it for the same person may go."""
        await self._execute(ENDED, message.message_id, message.attempts, error, "dead")

    async def withdrawn(self, message: Message, why: str) -> None:
        """It is no longer needed, as a reminder of what has been done; what comes after it may go."""
        await self._execute(ENDED, message.message_id, message.attempts, why, "withdrawn")

    async def _execute(self, query: str, *arguments: object) -> None:
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                await connection.execute(query, *arguments)
