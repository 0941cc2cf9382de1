"""Keep the read models that follow the log: each event exactly once, each projection by itself."""

import asyncio
from collections.abc import Sequence

import structlog

from engine.errors import UnknownNameError
from storage.checkpoints import SupersededError
from storage.database import Pool, translated
from storage.errors import HoleError, StoreUnavailableError
from storage.listener import listen, pause
from storage.log_pages import LogPages
from storage.pace import Pace
from storage.parking import park, parked, reason, retry
from storage.projections import FOLLOWING, INLINE
from storage.projections.projection import Projection
from storage.rebuild import rebuild
from storage.sealing import PLAIN, Sealing
from storage.taking_in import PAGE, OldTablesError, ProjectionStuckError, take_in

log = structlog.get_logger()

#: Seconds after which the log is looked at though no bell was heard; and by those who can do nothing but wait.
POLL, SELDOM = 1.0, 30.0
#: Seconds between two looks for parked streams that are due.
LOOK_FOR_PARKED = 5.0


class Projector:
    """Moves every projection towards the head of the log. Any number of processes may run one, of several versions."""

    def __init__(
        self, pool: Pool, projections: Sequence[Projection] = FOLLOWING, sealing: Sealing = PLAIN
    ) -> None:
        self._pool, self._sealing = pool, sealing
        self._projections = projections

    async def run(self, stop: asyncio.Event) -> None:
        """Follow the log until `stop`. What a projection cannot take in is tried again, then parked."""
        news = [asyncio.Event() for _ in self._projections]
        pages = LogPages(self._sealing)

        def wake() -> None:
            for each in news:
                each.set()

        async with asyncio.TaskGroup() as group:
            group.create_task(listen(self._pool, wake, stop))
            for projection, event in zip(self._projections, news, strict=True):
                group.create_task(_Follower(self._pool, projection, pages, event, stop).run())
            await stop.wait()
            wake()

    async def catch_up(self) -> None:
        """Bring every projection to the head once. Raises ProjectionStuckError, leaving what went before.

        What a newer termwise keeps is left to it.
        """
        pages, moving = LogPages(self._sealing, ahead=self._pool), list(self._projections)
        try:
            while moving:
                # Side by side, so that each page of the log is read once for all of them.
                moved = await asyncio.gather(*(self._caught(each, pages) for each in moving))
                moving = [each for each, count in zip(moving, moved, strict=True) if count]
        finally:
            await pages.close()

    async def rebuild(self, name: str) -> int:
        """Make one projection anew, the inbox too, and return the position it stands at."""
        known = {each.name: each for each in (*INLINE, *self._projections)}
        if name not in known:
            raise UnknownNameError("projection", name, known)
        return await rebuild(self._pool, known[name], self._sealing)

    async def retry(self, projection: str | None = None, stream: str | None = None) -> None:
        """Try all that is parked once more, now; of one projection or stream if named. Raises UnknownNameError."""
        known = {each.name: each for each in self._projections}
        if projection and projection not in known:
            raise UnknownNameError("projection", projection, known)
        for each in [known[projection]] if projection else self._projections:
            await retry_all(self._pool, each, self._sealing, stream)

    async def _caught(self, projection: Projection, pages: LogPages) -> int:
        try:
            return await advance(self._pool, projection, PAGE, pages)
        except SupersededError:
            return 0


class _Follower:
    """One projection, followed until the process is asked to stop."""

    def __init__(
        self, pool: Pool, projection: Projection, pages: LogPages, news: asyncio.Event, stop: asyncio.Event
    ) -> None:
        self._pool, self._projection, self._pages = pool, projection, pages
        self._news, self._stop = news, stop
        self._pace = Pace()
        self._look_at = 0.0

    async def run(self) -> None:
        while not self._stop.is_set():
            self._news.clear()
            try:
                await self._once()
            except StoreUnavailableError as error:
                self._say("projection.waiting", error)
                await pause(self._stop, POLL)
            except SupersededError as error:
                self._say("projection.superseded", error)
                await pause(self._stop, SELDOM)
            except HoleError as error:
                log.critical("log.hole", projection=self._projection.name, error=str(error))
                await pause(self._stop, SELDOM)
            except Exception as error:  # noqa: BLE001 - whatever it is, the other projections go on
                await self._failed(error)

    async def _once(self) -> None:
        moved = await advance(self._pool, self._projection, self._pace.size, self._pages)
        self._pace.succeeded()
        if not moved and not await self._retried():
            await pause(self._news, POLL)

    async def _retried(self) -> bool:
        """Whether a parked stream was tried. Looked for now and then: each look is a transaction."""
        now = asyncio.get_running_loop().time()
        if now < self._look_at:
            return False
        self._look_at = now + LOOK_FOR_PARKED
        return await retry_one(self._pool, self._projection, self._pages.sealing)

    async def _failed(self, error: Exception) -> None:
        # Without the traceback and what the error was given: the values in them are people's.
        stuck = error if isinstance(error, ProjectionStuckError) else None
        single = stuck is not None and stuck.first == stuck.last
        wait = self._pace.failed(single=single)
        if stuck and single and self._pace.exhausted:
            await self._park(stuck)
        elif wait:
            why = f"position {stuck.first}: {reason(stuck.cause)}" if stuck else reason(error)
            log.error("projection.stuck", projection=self._projection.name, error=why, wait=wait)
            await pause(self._stop, wait)

    async def _park(self, error: ProjectionStuckError) -> None:
        try:
            with translated():
                async with self._pool.acquire() as connection, connection.transaction():
                    await park(connection, self._projection, error)
        except (StoreUnavailableError, SupersededError) as gone:
            self._say("projection.waiting", gone)
        self._pace.succeeded()

    def _say(self, what: str, error: Exception) -> None:
        log.warning(what, projection=self._projection.name, error=str(error))


async def advance(
    pool: Pool, projection: Projection, limit: int = PAGE, pages: LogPages | None = None
) -> int:
    """Take in the next events, at most `limit`, and return how many; tables of an older version are made anew.

    The rows and the position move in one transaction, or not at all.
    """
    shared = pages or LogPages(fetch=limit)
    try:
        with translated():
            async with shared.room, pool.acquire() as connection, connection.transaction():
                return await take_in(connection, projection, shared, limit)
    except OldTablesError:
        async with shared.building:
            await rebuild(pool, projection, shared.sealing, anew=False)
        return 1


async def retry_one(pool: Pool, projection: Projection, sealing: Sealing = PLAIN) -> bool:
    """Try a parked stream that is due, and say whether there was one."""
    with translated():
        async with pool.acquire() as connection, connection.transaction():
            return await retry(connection, projection, sealing) is not None


async def retry_all(
    pool: Pool, projection: Projection, sealing: Sealing = PLAIN, stream: str | None = None
) -> None:
    """Try each parked stream once, whether or not it is due."""
    for each in await parked(pool, projection.name, stream):
        with translated():
            async with pool.acquire() as connection, connection.transaction():
                await retry(connection, projection, sealing, now=True, stream=each.stream)
