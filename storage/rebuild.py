"""Make a read model anew in tables beside the old ones, which everybody reads until the new ones take over."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from storage.checkpoints import held, move
from storage.database import Connection, Pool, translated
from storage.log_pages import LogPages
from storage.parking import park
from storage.projections.projection import Projection
from storage.sealing import PLAIN, Sealing
from storage.taking_in import BUILD_PAGE, ProjectionStuckError, take_in
from storage.unhurried import PATIENCE, UNHURRIED

log = structlog.get_logger()

#: Rows of the inbox that are put right at a time: appends to the same rows wait so long.
SOME = 10_000
_ALL = 2**62
#: Seconds between two looks whether another process has finished.
_LOOK_AGAIN = 0.5

ALONE = "select pg_try_advisory_lock($1, hashtext($2))"
DONE = "select pg_advisory_unlock($1, hashtext($2))"
#: The first half of the locks' names.
_LOCKS = 0x7465726D
BUILDING = "select 'termwise_build_' || number from termwise.build where projection = $1 and version = $2"
BEGUN = "select termwise.begin_build($1, $2, $3)"
DROP = "select termwise.drop_build($1)"
PATH = "select set_config('search_path', $1 || 'termwise', true)"
TAKE_OVER = "select termwise.take_over($1, $2, $3, $4, $5, $6, $7)"
PARKED_ANEW = "delete from termwise.parked where projection = $1"
PARKED = "insert into termwise.parked select * from parked where projection = $1"
HEAD_HELD = "select position from termwise.head for no key update"
STREAMS_SINCE = """
select array_agg(distinct s.name) from termwise.event e join termwise.stream s on s.id = e.stream where e.position > $1
"""


async def rebuild(pool: Pool, projection: Projection, sealing: Sealing = PLAIN, *, anew: bool = True) -> int:
    """Make the rows say what the log says, and return the position they stand at.

    Everybody reads the old rows until all the new ones are there, and the projector keeps those up to date
    meanwhile. Whatever is cut off when leaves the old rows as they are; a rebuild that was cut off is gone on
    with, unless `anew`. Another process that makes the same is waited for.
    """
    with translated():
        async with pool.acquire() as connection, _alone(connection, projection):
            place = None if anew else await connection.fetchval(BUILDING, projection.name, projection.version)
            place = place or await connection.fetchval(
                BEGUN, projection.name, projection.version, list(projection.tables)
            )
            pages = LogPages(sealing, fetch=BUILD_PAGE, kept=3 * BUILD_PAGE, ahead=pool)
            build = _Build(connection, projection, pages, place)
            try:
                return await build.finished()
            finally:
                await pages.close()


@asynccontextmanager
async def _alone(connection: Connection, projection: Projection) -> AsyncIterator[None]:
    """One process makes it at a time. The lock goes with the connection, however that ends."""
    while not await connection.fetchval(ALONE, _LOCKS, projection.name):  # noqa: ASYNC110 - of another process
        await asyncio.sleep(_LOOK_AGAIN)
    try:
        yield
    finally:
        if not connection.is_closed():
            await connection.execute(DONE, _LOCKS, projection.name)


@dataclass(frozen=True, slots=True)
class _Build:
    """The tables that are being made, and the connection that makes them."""

    connection: Connection
    projection: Projection
    pages: LogPages
    place: str

    async def finished(self) -> int:
        """Fill them, let them take over, and return the position."""
        while True:
            while await self._step():
                pass
            try:
                if self.projection.inline:
                    return await self._swap_inline()
                return await self._swap()
            except ProjectionStuckError as error:
                # One of the last events, and so one that the next step parks.
                log.debug("rebuild.again", error=str(error))

    async def _step(self) -> int:
        """A page in a transaction of its own; where it cannot be taken in, what can, or the stream parked."""
        for size in (BUILD_PAGE, 50, 1):
            try:
                async with self._beside():
                    return await take_in(self.connection, self.projection, self.pages, size)
            except ProjectionStuckError as error:
                stuck = error
                if error.first == error.last:
                    break
        async with self._beside():
            await park(self.connection, self.projection, stuck)
        return 1

    async def _swap(self) -> int:
        """With the lease of the old ones held: they stand still, and the new ones come to them."""
        async with self.connection.transaction():
            await self.connection.execute(UNHURRIED)
            was = await held(self.connection, self.projection)
            position = await self._rest()
            if self.projection.gate:
                await self.connection.execute(self.projection.gate, was.position)
            await self._take_over("true")
            await self.connection.execute(PARKED_ANEW, self.projection.name)
            await self.connection.execute(PARKED, self.projection.name)
            await self.connection.execute(PATH, "")
            await move(self.connection, self.projection, position)
            await self.connection.execute(DROP, self.projection.name)
            return position

    async def _swap_inline(self) -> int:
        """Rows that no append has touched since are put right first, some at a time; the others while appends wait."""
        async with self._beside():
            since = (await held(self.connection, self.projection)).position
        while await self._take_over("r.position <= $1", since, limit=SOME):
            pass
        async with self.connection.transaction():
            await self.connection.execute(UNHURRIED)
            await self.connection.execute(HEAD_HELD)
            streams = await self.connection.fetchval(STREAMS_SINCE, since)
            position = await self._rest()
            await self._take_over("(r.instance = any($2) or r.position > $1)", since, streams)
            await self.connection.execute(DROP, self.projection.name)
            return position

    async def _rest(self) -> int:
        await self.connection.execute(PATH, f"{self.place}, ")
        while await take_in(self.connection, self.projection, self.pages, BUILD_PAGE):
            pass
        return (await held(self.connection, self.projection)).position

    async def _take_over(
        self, which: str, since: int = 0, streams: Sequence[str] | None = None, limit: int = _ALL
    ) -> int:
        keeps, written = self.projection.keeps, 0
        for table in self.projection.tables:
            written += await self.connection.fetchval(
                TAKE_OVER, self.place, table, keeps, which, since, streams, limit, timeout=PATIENCE
            )
        return written

    @asynccontextmanager
    async def _beside(self) -> AsyncIterator[None]:
        """A transaction in which the names of tables mean those that are being made."""
        async with self.connection.transaction():
            await self.connection.execute(PATH, f"{self.place}, ")
            yield
