"""The log: append with an expected version, and read back, by stream or as a whole."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from engine.records import Append, Appended, Recorded, StreamCheck
from storage.appending import Prepared, Verdict, append_many, append_single, bodies_of, prepare
from storage.bell import Bell
from storage.coalescer import Coalescer
from storage.database import CONNECT_TIMEOUT, Connection, Pool, translated
from storage.errors import UnstorableError
from storage.reading import READ_ALL, all_recorded
from storage.sealing import PLAIN, Sealing
from storage.streams import stream_id

READ = """
select e.position, s.name as stream, e.version, e.type, e.schema_v, e.command, e.recorded_at, e.data
  from termwise.event e join termwise.stream s on s.id = e.stream
 where e.stream = $1 and e.version > $2 and ($3::integer is null or e.version <= $3)
 order by e.version
"""
VERSION = "select version from termwise.stream where id = $1"
FIND = """
select e.position, s.name as stream, e.version, e.type, e.schema_v, e.command, e.recorded_at, e.data
  from termwise.event first
  join termwise.event e on e.stream = first.stream
   and e.version between first.version and first.version + first.of - 1
  join termwise.stream s on s.id = e.stream
 where first.command = $1 and first.nth = 1
 order by e.position
"""


class PostgresEventStore:
    """The log in PostgreSQL. Keep one in a process: its concurrent appends share a commit.

    Every method raises StoreUnavailableError, soon, when PostgreSQL is away; an append is then safe to
    send again, whatever became of the first.
    """

    def __init__(self, pool: Pool, sealing: Sealing = PLAIN) -> None:
        self._pool = pool
        self._sealing = sealing
        self._bell = Bell(pool)
        self._appends: Coalescer[Prepared, Verdict] = Coalescer(
            self._send, key=lambda item: item.stream, reads=lambda item: item.checked
        )

    async def append(self, append: Append) -> Appended:
        """Make the events durable, or say why not: on return the answer is committed.

        A command that the stream already has is `repeated`, whatever version is expected now. Raises
        UnstorableError when PostgreSQL cannot hold the text, as with a NUL character.
        """
        bodies = await self._sealing.seal(append, bodies_of(append))
        if append.expected is None:
            verdict = await self._append_anywhere(append, bodies)
        else:
            verdict = await self._appends.submit(prepare(append, append.expected, bodies))
        moved: tuple[StreamCheck, ...] = ()
        events: Sequence[Recorded] = ()
        if verdict.status == "repeated":
            events = [each for each in await self.find(append.command) if each.stream == append.stream]
        elif verdict.status == "conflict":
            moved = await self._moved(append)
            if append.expected is not None:
                events = await self.read(append.stream, append.expected, verdict.version)
        told = tuple(each.event for each in events)
        return Appended(status=verdict.status, version=verdict.version, events=told, moved=moved)

    async def read(self, stream: str, after: int = 0, until: int | None = None) -> list[Recorded]:
        """The events of a stream with `after` < version <= `until`; none when there is no such stream."""
        return await self._read(READ, stream_id(stream), after, until)

    async def read_all(self, after: int, limit: int) -> list[Recorded]:
        """The next events of the whole log, in order, at most `limit`."""
        return await self._read(READ_ALL, after, limit)

    async def version(self, stream: str) -> int:
        """How many events the stream has; 0 when there is none of that name."""
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                return await connection.fetchval(VERSION, stream_id(stream)) or 0

    async def find(self, command: UUID) -> list[Recorded]:
        """The events that command left in the log, in whatever streams; empty when it has not happened."""
        return await self._read(FIND, command)

    async def settled(self) -> None:
        """Return when nothing is under way; call it before the pool is closed."""
        await self._appends.drained()
        await self._bell.silent()

    async def _append_anywhere(self, append: Append, bodies: Sequence[str]) -> Verdict:
        """A hash says the version, so that is tried which the stream has, until it still has it."""
        expected = await self.version(append.stream)
        while True:
            verdict = await self._appends.submit(prepare(append, expected, bodies))
            if verdict.status != "conflict" or verdict.version == expected:
                return verdict
            expected = verdict.version

    async def _moved(self, append: Append) -> tuple[StreamCheck, ...]:
        now = [
            StreamCheck(stream=check.stream, version=await self.version(check.stream))
            for check in append.checks
        ]
        return tuple(has for has, check in zip(now, append.checks, strict=True) if has != check)

    async def _read(self, query: str, *arguments: object) -> list[Recorded]:
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                rows = await connection.fetch(query, *arguments)
        return await all_recorded(rows, self._sealing)

    async def _send(self, items: Sequence[Prepared]) -> list[Verdict]:
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                verdicts = await _append(connection, items)
        if any(verdict.status == "appended" for verdict in verdicts):
            self._bell.ring()
        return verdicts


async def _append(connection: Connection, items: Sequence[Prepared]) -> list[Verdict]:
    try:
        if len(items) == 1:
            return [await append_single(connection, items[0])]
        return await append_many(connection, items)
    except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
        raise UnstorableError(items[0].append.stream, error) from error
