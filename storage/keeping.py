"""What stands in the way of erasing or disposing of records, and how they are forgotten when nothing does."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Protocol

from engine.model import Model
from engine.personal import instance_subject, workflow_subject
from engine.register.record_facts import Disposed, PersonErased, RecordsDisposed
from storage.database import CONNECT_TIMEOUT, Connection, Pool, translated
from storage.errors import NoKeyStoreError
from storage.projections.forgetting import forget_letters, forget_tasks
from storage.unhurried import PATIENCE

OPEN = """
select distinct 'a task of theirs is open in ' || root as why from termwise.inbox
 where status in ('open', 'deferred')
   and (assignee = $1 or candidates @> array[$1] or delegated_by = $1 or deputy = $1 or request ->> 'by' = $1)
union
select distinct root || ' is about them and still runs' from termwise.cycle where person = $1 and state = 'running'
union
select distinct c.root || ', in which they took part, still runs'
  from termwise.cycle c join termwise.stream s on s.name = c.id
 where c.state = 'running' and exists (select from termwise.event e where e.stream = s.id and e.actor = $1)
order by why limit 20
"""
CLOSED = """
select c.id as cycle, (d.body::json ->> 'retention') as retention,
       max(p.ended_at at time zone 'Europe/London')::date as closed,
       array_agg(p.id order by p.id <> c.id, p.id) as parts
  from termwise.cycle c
  join termwise.cycle p on p.root = c.id
  join termwise.document d on d.digest = c.definition
 where c.id = c.root and ($1::text[] is null or c.id = any($1))
 group by c.id, d.body::text having bool_and(p.state <> 'running')
 order by c.id
"""
TOUCHED = """
select distinct s.root from termwise.stream s join termwise.event e on e.stream = s.id
 where s.root = any($1::text[]) and e.actor = any($2::text[])
union
select distinct root from termwise.cycle where root = any($1::text[]) and person = any($2::text[])
union
select distinct root from termwise.inbox where root = any($1::text[]) and assignee = any($2::text[])
"""
IN_THE_OPEN = """
select (select count(*) from termwise.event where data::text ilike any($1::text[]))
     + (select count(*) from termwise.document where body ilike any($1::text[]))
"""
#: A server's answer may quote the address; what waits for somebody who is gone goes to nobody.
LETTERS = """
update termwise.outbox
   set error = null, held = null, status = case status when 'planned' then 'withdrawn' else status end
 where recipient = $1
"""
DRAFTS = "delete from termwise.draft where person = $1"
DRAFTS_IN = (
    "delete from termwise.draft where task in (select task from termwise.inbox where root = any($1::text[]))"
)


class Shredder(Protocol):
    """Destroys the keys of a subject. `storage/privacy/keyring.py` has it."""

    async def shred(self, subject: str, why: str) -> int:
        """How many keys there were. Safe to repeat."""
        ...


class ClosedCycle(Model):
    """A cycle of which nothing runs any more, and since when."""

    cycle: str
    retention: str
    closed: date
    parts: tuple[str, ...]

    @property
    def disposed(self) -> Disposed:
        """As an order names it."""
        return Disposed(cycle=self.cycle, retention=self.retention, closed=self.closed, parts=self.parts)


class PostgresKeeping:
    """Every method raises StoreUnavailableError when PostgreSQL is away, and may be repeated."""

    def __init__(self, pool: Pool, keys: Shredder | None) -> None:
        self._pool = pool
        self._keys = keys

    def require_keys(self) -> None:
        """Raises NoKeyStoreError where nothing could be shredded."""
        if self._keys is None:
            raise NoKeyStoreError

    async def open_about(self, person: str) -> list[str]:
        """What is not finished that concerns the person, a few words each; none when nothing is."""
        async with self._connection() as connection:
            return [row["why"] for row in await connection.fetch(OPEN, person)]

    async def closed(self, cycles: Sequence[str] | None = None) -> list[ClosedCycle]:
        """The cycles that are closed with all their parts; of those named, if any are."""
        async with self._connection() as connection:
            return [ClosedCycle(**row) for row in await connection.fetch(CLOSED, cycles)]

    async def touched(self, cycles: Sequence[str], people: Sequence[str]) -> frozenset[str]:
        """Those of the cycles that are about one of these people, or in which one took part."""
        async with self._connection() as connection:
            return frozenset(row["root"] for row in await connection.fetch(TOUCHED, cycles, people))

    async def in_the_open(self, names: Sequence[str]) -> int:
        """In how many stored texts one of these stands as it is: they are older than the keys."""
        async with self._connection() as connection:
            patterns = [f"%{_escaped(name)}%" for name in names]
            return int(await connection.fetchval(IN_THE_OPEN, patterns, timeout=PATIENCE) or 0)

    async def forget(self, erased: PersonErased) -> None:
        """Shred the keys, and let every list say nothing any more. Raises NoKeyStoreError."""
        why = f"{erased.person} was erased"
        roots = {*erased.cycles, *erased.whole, *erased.named}
        subjects = [
            erased.person,
            *(instance_subject(each) for each in sorted(erased.whole)),
            *(workflow_subject(each) for each in sorted(roots)),
        ]
        await self._shred(subjects, why)
        async with self._connection() as connection, connection.transaction():
            await _forget(connection, [*roots], [*erased.whole, *erased.named])
            await connection.execute(LETTERS, erased.person)
            await connection.execute(DRAFTS, erased.person)

    async def dispose(self, fact: RecordsDisposed) -> None:
        """The same for a cycle whose time is over. Raises NoKeyStoreError."""
        cycle = fact.disposed.cycle
        await self._shred([instance_subject(cycle), workflow_subject(cycle)], f"{cycle} was disposed of")
        async with self._connection() as connection, connection.transaction():
            await _forget(connection, [cycle], [cycle])
            await connection.execute(DRAFTS_IN, [cycle])

    async def _shred(self, subjects: Sequence[str], why: str) -> None:
        if self._keys is None:
            raise NoKeyStoreError
        for subject in subjects:
            await self._keys.shred(subject, why)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                yield connection


async def _forget(connection: Connection, asked: Sequence[str], words: Sequence[str]) -> None:
    await forget_tasks(connection, asked, words)
    await forget_letters(connection, asked)


def _escaped(name: str) -> str:
    """Nothing in it is a pattern."""
    return name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
