"""The courier's side of the outbox: take messages, and say what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.model import Model
from storage.database import CONNECT_TIMEOUT, Pool, translated
from storage.views import JsonColumn

# What waits for morning holds up nothing that may go now; what failed does.
CLAIM = """
with ready as (
  select message_id from termwise.outbox o
   where status = 'planned' and next_at <= coalesce($3, clock_timestamp())
     and (leased_until is null or leased_until < clock_timestamp())
     and (bundle is null or bundle = message_id)
     and channel <> all($4::text[]) and message_id <> all($5::uuid[])
     and ($6::uuid is null or message_id = $6) and ($7::text is null or channel = $7)
     and not exists (
         select from termwise.outbox earlier
          where earlier.status = 'planned' and earlier.channel = o.channel and earlier.recipient = o.recipient
            and earlier.position < o.position
            and (earlier.due_at is null or earlier.due_at <= coalesce($3, clock_timestamp())))
   order by position, recipient limit $1
     for update skip locked)
update termwise.outbox o
   set leased_until = clock_timestamp() + make_interval(secs => $2), attempts = attempts + 1
  from ready, termwise.event e, termwise.stream s
 where o.message_id = ready.message_id and e.position = o.position and s.id = e.stream
returning o.message_id, o.position, o.channel, o.recipient, o.kind, o.subject, o.parameters, o.attempts,
          o.planned_at, o.held, o.bundle, e.command, s.name as instance, coalesce(s.root, s.name) as root,
          coalesce(s.title, '') as process, coalesce(s.cycle, '') as cycle
"""
GATHER = """
update termwise.outbox set bundle = $1
 where status = 'planned' and bundle is null and channel = $2 and recipient = $3
   and held is not null and due_at <= coalesce($4, clock_timestamp())
"""
BUNDLE = """
select o.message_id, o.position, o.channel, o.recipient, o.kind, o.subject, o.parameters, o.attempts,
       o.planned_at, o.held, o.bundle, e.command, s.name as instance, coalesce(s.root, s.name) as root,
          coalesce(s.title, '') as process, coalesce(s.cycle, '') as cycle
  from termwise.outbox o join termwise.event e on e.position = o.position join termwise.stream s on s.id = e.stream
 where o.bundle = $1 and o.status = 'planned' order by o.position
"""
# That it went is true whoever says so; what else became of it is for the courier that has it to say, and an
# attempt is had by one courier only.
SENT = """
update termwise.outbox
   set status = 'sent', sent_at = clock_timestamp(), carrier = $2, leased_until = null, error = null
 where message_id = $1 and status <> 'sent'
"""
SENT_TOGETHER = """
update termwise.outbox
   set status = case when message_id = any($3::uuid[]) then 'withdrawn' else 'sent' end,
       sent_at = case when message_id = any($3::uuid[]) then null else clock_timestamp() end,
       carrier = case when message_id = any($3::uuid[]) then null else $2 end,
       leased_until = null, error = null
 where bundle = $1 and status <> 'sent'
"""
FAILED = """
update termwise.outbox set next_at = $4, leased_until = null, error = $3
 where message_id = $1 and attempts = $2 and status = 'planned'
"""
ENDED = """
with led as (
  update termwise.outbox set status = $4, leased_until = null, error = $3
   where message_id = $1 and attempts = $2 and status = 'planned' returning message_id)
update termwise.outbox o set status = $4, leased_until = null, error = $3
  from led where o.bundle = led.message_id and o.message_id <> led.message_id and o.status = 'planned'
"""
PUT_BACK = """
update termwise.outbox set leased_until = null, attempts = attempts - 1, error = coalesce($3, error)
 where message_id = $1 and attempts = $2 and status = 'planned'
"""
HELD = """
update termwise.outbox
   set next_at = $3, due_at = $3, held = $4, held_under = $5, leased_until = null, attempts = attempts - 1
 where message_id = $1 and attempts = $2 and status = 'planned'
"""
JUDGE_ANEW = """
update termwise.outbox set next_at = $2, due_at = null, held = null, held_under = null
 where status = 'planned' and held is not null and held_under <> $1 and bundle is null and due_at > $2
"""
WAITING = "select next_at, error, status, attempts from termwise.outbox where message_id = $1"

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
    """As the kind has them: `task`, `days`, `role`, `body`; `urgent` for a day that the law set."""
    attempts: int
    """With this one."""
    planned_at: datetime
    """When what it tells of happened."""
    held: str | None = None
    """Why it did not go at once, if it did not."""
    bundle: UUID | None = None
    """The message it goes in with others, once it was tried so."""
    command: UUID
    """The command that led to it."""
    instance: str
    root: str
    """The instance that was started first; `instance` is it or one of its parts."""
    process: str
    """What the process is called."""
    cycle: str
    """What people call the cycle."""


class Waiting(Model):
    """Where a message stands."""

    next_at: datetime
    error: str | None
    status: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Which:
    """Which messages; every condition that is set must hold."""

    now: datetime | None = None
    """Due by then; by PostgreSQL's clock unless said."""
    not_by: Sequence[str] = ()
    """Of none of these channels."""
    not_these: Sequence[UUID] = ()
    letter: UUID | None = None
    channel: str | None = None


ANY = Which()


class PostgresOutbox:
    """At least once, and to each person over each channel in the order things happened."""

    def __init__(self, pool: Pool, lease: float = LEASE) -> None:
        self._pool = pool
        self.lease = lease
        """Seconds that a claim lasts."""

    async def claim(self, limit: int, which: Which = ANY) -> list[Message]:
        """Messages that nobody else has now, at most one for a person and channel, oldest first."""
        asked = (which.now, which.not_by, which.not_these, which.letter, which.channel)
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                rows = await connection.fetch(CLAIM, limit, self.lease, *asked)
        return sorted((Message(**row) for row in rows), key=lambda message: message.position)

    async def gather(self, lead: Message, now: datetime | None = None) -> list[Message]:
        """All that goes together with a message that was held: the same at every try, whatever came since."""
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                if lead.bundle is None:
                    await connection.execute(GATHER, lead.message_id, lead.channel, lead.recipient, now)
                rows = await connection.fetch(BUNDLE, lead.message_id)
        return [Message(**row) for row in rows]

    async def sent(self, message: Message, carrier: str, unneeded: Sequence[UUID] = ()) -> None:
        """It has gone, by that; it is never claimed again. `unneeded` of what went together was left out."""
        if message.held is None:
            await self._execute(SENT, message.message_id, carrier)
        else:
            await self._execute(SENT_TOGETHER, message.message_id, carrier, unneeded)

    async def failed(self, message: Message, error: str, retry_at: datetime) -> None:
        """Try again from then on. What comes after it for the same person waits."""
        await self._execute(FAILED, message.message_id, message.attempts, error, retry_at)

    async def dead(self, message: Message, error: str) -> None:
        """Give it up, with what goes together with it; what comes after it for the same person may go."""
        await self._execute(ENDED, message.message_id, message.attempts, error, "dead")

    async def withdrawn(self, message: Message, why: str) -> None:
        """It is no longer needed, as a reminder of what has been done; what comes after it may go."""
        await self._execute(ENDED, message.message_id, message.attempts, why, "withdrawn")

    async def put_back(self, message: Message, error: str | None = None) -> None:
        """As if it had not been claimed: the try does not count."""
        await self._execute(PUT_BACK, message.message_id, message.attempts, error)

    async def hold(self, message: Message, until: datetime, why: str, register: int) -> None:
        """Let it wait until then, as judged by that version of the register."""
        await self._execute(HELD, message.message_id, message.attempts, until, why, register)

    async def judge_anew(self, register: int, now: datetime) -> None:
        """What was held by another version of the register is judged again when it is claimed next."""
        await self._execute(JUDGE_ANEW, register, now)

    async def waiting(self, message_id: UUID) -> Waiting | None:
        """Where a message stands; None for one that is not there."""
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                row = await connection.fetchrow(WAITING, message_id)
        return Waiting(**row) if row else None

    async def _execute(self, query: str, *arguments: object) -> None:
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                await connection.execute(query, *arguments)
