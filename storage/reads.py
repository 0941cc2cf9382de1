"""Every way to read the log: a stream, a cycle, a process, all; on or back; as of a version or of a moment."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from uuid import UUID

from engine.model import Model
from engine.records import Recorded
from storage.database import CONNECT_TIMEOUT, Connection, Pool, translated
from storage.reading import PAGE, all_recorded
from storage.sealing import PLAIN, Sealing
from storage.streams import stream_id

#: Beyond the last position there will ever be.
_END = 2**62

POSITION_AT = "select termwise.position_at($1)"
OF_CATEGORY = "select id from termwise.stream where process = $1"
OF_ROOT = "select id from termwise.stream where root = $1"
MOVED = """
select s.root from termwise.stream s
 where s.process <> '' and s.id in (select e.stream from termwise.event e where e.position > $1 and e.position <= $2)
 group by s.root order by s.root
"""
ALL_ON = """
select e.position, s.name as stream, e.version, e.type, e.schema_v, e.command, e.recorded_at, e.data
  from termwise.event e join termwise.stream s on s.id = e.stream
 where e.position > $1 and e.position <= $2 and ($3::timestamptz is null or e.occurred_at <= $3)
   and ($4::integer is null or e.version <= $4)
 order by e.position limit $5
"""
ALL_BACK = """
select e.position, s.name as stream, e.version, e.type, e.schema_v, e.command, e.recorded_at, e.data
  from termwise.event e join termwise.stream s on s.id = e.stream
 where e.position > $1 and e.position <= $2 and ($3::timestamptz is null or e.occurred_at <= $3)
   and ($4::integer is null or e.version <= $4)
 order by e.position desc limit $5
"""
SOME_ON = """
select e.position, s.name as stream, e.version, e.type, e.schema_v, e.command, e.recorded_at, e.data
  from termwise.event e join termwise.stream s on s.id = e.stream
 where e.position > $1 and e.position <= $2 and ($3::timestamptz is null or e.occurred_at <= $3)
   and ($4::integer is null or e.version <= $4) and e.stream = any($6::uuid[])
 order by e.position limit $5
"""
SOME_BACK = """
select e.position, s.name as stream, e.version, e.type, e.schema_v, e.command, e.recorded_at, e.data
  from termwise.event e join termwise.stream s on s.id = e.stream
 where e.position > $1 and e.position <= $2 and ($3::timestamptz is null or e.occurred_at <= $3)
   and ($4::integer is null or e.version <= $4) and e.stream = any($6::uuid[])
 order by e.position desc limit $5
"""


class Selection(Model):
    """Which events; every condition that is set must hold. Nothing set: the whole log."""

    streams: tuple[str, ...] | None = None
    root: str | None = None
    """A cycle with all its parts."""
    category: str | None = None
    """All instances of this process."""
    after: int = 0
    """Only behind this position."""
    until: int | None = None
    """Only up to this position."""
    version: int | None = None
    """As of this version of each stream."""
    recorded_until: datetime | None = None
    """As the log was at this moment: what was recorded later is left out, whenever it happened."""
    occurred_until: datetime | None = None
    """What had happened by this moment, whenever it was recorded."""
    backwards: bool = False
    """The latest first."""


class LogReads:
    """Read-only; sees what is committed. Every method raises StoreUnavailableError when PostgreSQL is away."""

    def __init__(self, pool: Pool, sealing: Sealing = PLAIN) -> None:
        self._pool = pool
        self._sealing = sealing

    async def read(self, which: Selection, limit: int | None = None) -> list[Recorded]:
        """All of them, or the first of them in the order that is asked for."""
        found: list[Recorded] = []
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                size = PAGE if limit is None else min(PAGE, limit)
                async for events in selected(connection, which, size, self._sealing):
                    found += events
                    if limit is not None and len(found) >= limit:
                        return found[:limit]
        return found

    async def moved(self, after: int, until: int) -> list[str]:
        """The cycles of which something was recorded between the positions, themselves or in a part."""
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                return [row["root"] for row in await connection.fetch(MOVED, after, until)]

    async def position_at(self, moment: datetime) -> int:
        """The last position that was recorded by then; 0 when nothing was."""
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                return int(await connection.fetchval(POSITION_AT, moment))


async def selected(
    connection: Connection, which: Selection, size: int = PAGE, sealing: Sealing = PLAIN
) -> AsyncIterator[Sequence[Recorded]]:
    """Page after page, as this connection sees the log."""
    ids = await _ids(connection, which)
    if ids is not None and not ids:
        return
    after, until = which.after, _END if which.until is None else which.until
    if which.recorded_until is not None:
        until = min(until, await connection.fetchval(POSITION_AT, which.recorded_until))
    query = _QUERIES[ids is not None, which.backwards]
    some = [] if ids is None else [ids]
    while rows := await connection.fetch(
        query, after, until, which.occurred_until, which.version, size, *some
    ):
        yield await all_recorded(rows, sealing)
        if len(rows) < size:
            return
        after, until = (after, rows[-1]["position"] - 1) if which.backwards else (rows[-1]["position"], until)


_QUERIES = {
    (False, False): ALL_ON,
    (False, True): ALL_BACK,
    (True, False): SOME_ON,
    (True, True): SOME_BACK,
}


async def _ids(connection: Connection, which: Selection) -> list[UUID] | None:
    """The streams that may have some; none: all."""
    found: set[UUID] | None = None
    if which.streams is not None:
        found = {stream_id(each) for each in which.streams}
    for query, name in ((OF_ROOT, which.root), (OF_CATEGORY, which.category)):
        if name is not None:
            these = {row["id"] for row in await connection.fetch(query, name)}
            found = these if found is None else found & these
    return None if found is None else sorted(found)
