"""Streams that a projection could not take in: they wait, in order, while it goes on with all others."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

import asyncpg
import structlog

from engine.model import Model
from engine.records import Recorded
from engine.register.fact import REGISTER
from storage.checkpoints import held, move
from storage.database import CONNECT_TIMEOUT, Connection, Pool, translated
from storage.errors import UnreadableEventError
from storage.projections.projection import Projection
from storage.reading import recorded
from storage.sealing import PLAIN, Sealing
from storage.taking_in import ProjectionStuckError, apply

log = structlog.get_logger()

#: Seconds until a parked stream is tried again, doubled at each further failure, and the most.
AGAIN, AGAIN_MOST = 30.0, 3600.0

PARK = """
insert into parked (projection, stream, position, version, error, next_at)
select $1, s.name, e.position, e.version, $3, clock_timestamp() + make_interval(secs => $4)
  from termwise.event e join termwise.stream s on s.id = e.stream where e.position = $2
returning stream
"""
DUE = """
select stream, position, version, attempts from parked
 where projection = $1 and (next_at <= clock_timestamp() or $2) and ($3::text is null or stream = $3)
 order by position limit 1
"""
WAITING = """
select e.position, s.name as stream, e.version, e.type, e.schema_v, e.command, e.recorded_at, e.data
  from termwise.stream s join termwise.event e on e.stream = s.id
 where s.name = $1 and e.version >= $2 and e.position <= $3 order by e.version
"""
GONE = """
select e.position, s.name as stream, e.version, e.type, e.schema_v, e.command, e.recorded_at, e.data
  from termwise.stream s join termwise.event e on e.stream = s.id
 where s.name = $1 and e.type = any($2::text[]) and e.position <= $3 order by e.version
"""
#: The facts after which lists say less.
ERASING = ("person-erased", "records-disposed")
FREE = "delete from parked where projection = $1 and stream = $2"
STAYS = """
update parked set position = $3, version = $4, error = $5, attempts = $6,
       next_at = clock_timestamp() + make_interval(secs => $7)
 where projection = $1 and stream = $2
"""
LIST = """
select p.projection, p.stream, p.position, s.version - p.version + 1 as waiting, p.error, p.attempts, p.parked_at,
       p.next_at
  from termwise.parked p join termwise.stream s on s.name = p.stream
 where ($1::text is null or p.projection = $1) and ($2::text is null or p.stream = $2)
 order by p.projection, p.position
"""


class Parked(Model):
    """One stream that waits for one projection."""

    projection: str
    stream: str
    position: int
    """Of the event that could not be taken in."""
    waiting: int
    """How many events wait: that one, and what came after it in the stream."""
    error: str
    """What went wrong, without the values that it went wrong with."""
    attempts: int
    parked_at: datetime
    next_at: datetime
    """When it is tried again by itself."""


async def parked(pool: Pool, projection: str | None = None, stream: str | None = None) -> list[Parked]:
    """What waits, by projection and place in the log."""
    with translated():
        async with pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
            rows = await connection.fetch(LIST, projection, stream)
    return [Parked(**row) for row in rows]


async def park(connection: Connection, projection: Projection, error: ProjectionStuckError) -> None:
    """Go on without the stream of the event that could not be taken in. In a transaction of the caller's.

    Does nothing when the projection has moved meanwhile: another process could take the event in.
    """
    stands = await held(connection, projection)
    if stands.position + 1 != error.first:
        return
    why = reason(error.cause)
    stream = await connection.fetchval(PARK, projection.name, error.first, why, AGAIN)
    await move(connection, projection, error.first)
    log.error("projection.parked", projection=projection.name, stream=stream, position=error.first, error=why)


async def retry(
    connection: Connection,
    projection: Projection,
    sealing: Sealing = PLAIN,
    *,
    now: bool = False,
    stream: str | None = None,
) -> bool | None:
    """Try the first parked stream that is due, or any with `now`: whether it is whole again; None without one.

    In a transaction of the caller's. What could be taken in stays so, whatever comes after it. Words of people who
    were erased while it waited do not come back with it.
    """
    stands = await held(connection, projection)
    due = await connection.fetchrow(DUE, projection.name, now, stream)
    if due is None:
        return None
    rows = await connection.fetch(WAITING, due["stream"], due["version"], stands.position)
    stuck = await _in_order(connection, projection, due, rows, sealing)
    await _forget(connection, projection, stands.position, sealing)
    if stuck:
        return False
    await connection.execute(FREE, projection.name, due["stream"])
    log.info("projection.unparked", projection=projection.name, stream=due["stream"])
    return True


def reason(cause: Exception) -> str:
    """What went wrong, for lists and logs: further lines, and what a check was given, are people's words."""
    said = (
        str(cause).partition("\n")[0]
        if isinstance(cause, UnreadableEventError | asyncpg.PostgresError)
        else ""
    )
    return f"{type(cause).__name__}: {said}" if said else type(cause).__name__


async def _in_order(
    connection: Connection,
    projection: Projection,
    due: asyncpg.Record,
    rows: Sequence[asyncpg.Record],
    sealing: Sealing,
) -> bool:
    """Whether one of them still cannot be taken in; it is parked from that one on."""
    texts = await sealing.opened([row["data"] for row in rows])
    for row, text in zip(rows, texts, strict=True):
        try:
            async with connection.transaction():
                await _once(connection, projection, row, text)
        except ProjectionStuckError as error:
            await _stays(connection, projection, due, row, error)
            return True
    return False


async def _forget(connection: Connection, projection: Projection, until: int, sealing: Sealing) -> None:
    """What came late was written by now; what was erased before it came goes again."""
    if projection.forget is None:
        return
    rows = await connection.fetch(GONE, REGISTER, ERASING, until)
    facts: list[Recorded] = []
    for row, text in zip(rows, await sealing.opened([row["data"] for row in rows]), strict=True):
        # One that cannot be read is parked itself, and is obeyed when it is freed.
        with suppress(UnreadableEventError):
            facts.append(recorded(row, text))
    await projection.forget(connection, facts)


async def _once(connection: Connection, projection: Projection, row: asyncpg.Record, text: str) -> None:
    try:
        event: Recorded = recorded(row, text)
    except UnreadableEventError as error:
        raise ProjectionStuckError(projection, row["position"], row["position"], error) from error
    await apply(connection, projection, [event])


async def _stays(
    connection: Connection,
    projection: Projection,
    due: asyncpg.Record,
    row: asyncpg.Record,
    error: ProjectionStuckError,
) -> None:
    attempts = due["attempts"] + 1 if row["position"] == due["position"] else 1
    wait = min(AGAIN * 2.0 ** (attempts - 1), AGAIN_MOST)
    where = (row["position"], row["version"], reason(error.cause), attempts, wait)
    await connection.execute(STAYS, projection.name, due["stream"], *where)
