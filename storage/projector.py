"""Keep the read models that follow the log: each event exactly once, each projection by itself."""

import asyncio
from collections.abc import Sequence

import structlog

from engine.errors import TermwiseError, UnknownNameError
from engine.records import Recorded
from storage.checkpoints import held, move
from storage.database import Connection, Pool, translated
from storage.errors import StoreUnavailableError
from storage.listener import listen, pause
from storage.projections import FOLLOWING, INLINE
from storage.projections.projection import Projection
from storage.reading import PAGE, page
from storage.rebuild import rebuild

log = structlog.get_logger()

#: Seconds after which the log is looked at though no bell was heard.
POLL = 1.0
#: Seconds to wait after the first failure at an event, doubled at each further one, and the most.
BACK_OFF, BACK_OFF_MOST = 0.5, 60.0


class ProjectionStuckError(TermwiseError):
    """A projection cannot take in some events. The log is whole, and the other projections go on."""

    def __init__(self, projection: Projection, first: int, last: int, cause: Exception) -> None:
        where = f"position {first}" if first == last else f"positions {first} to {last}"
        super().__init__(f"projection {projection.name!r} is stuck at {where}: {cause!r}")


class Projector:
    """Moves every projection towards the head of the log. Any number of processes may run one."""

    def __init__(self, pool: Pool, projections: Sequence[Projection] = FOLLOWING) -> None:
        self._pool = pool
        self._projections = projections

    async def run(self, stop: asyncio.Event) -> None:
        """Follow the log until `stop`. A projection that fails says so in the log, waits and tries again."""
        news = [asyncio.Event() for _ in self._projections]

        def wake() -> None:
            for each in news:
                each.set()

        async with asyncio.TaskGroup() as group:
            group.create_task(listen(self._pool, wake, stop))
            for projection, event in zip(self._projections, news, strict=True):
                group.create_task(self._follow(projection, event, stop))
            await stop.wait()
            wake()

    async def catch_up(self) -> None:
        """Bring every projection to the head once. Raises ProjectionStuckError, leaving what went before."""
        for projection in self._projections:
            while await advance(self._pool, projection):
                pass

    async def rebuild(self, name: str) -> int:
        """Make one projection anew, the inbox too, and return the position it stands at."""
        known = {each.name: each for each in (*INLINE, *self._projections)}
        if name not in known:
            raise UnknownNameError("projection", name, known)
        return await rebuild(self._pool, known[name])

    async def _follow(self, projection: Projection, news: asyncio.Event, stop: asyncio.Event) -> None:
        pace = Pace()
        while not stop.is_set():
            news.clear()
            try:
                moved = await advance(self._pool, projection, pace.size)
            except StoreUnavailableError as error:
                log.warning("projection.waiting", projection=projection.name, error=str(error))
                await pause(stop, POLL)
            except Exception as error:  # noqa: BLE001 - whatever it is, the other projections go on
                if wait := pace.failed():
                    # Without the traceback: the values in it are people's.
                    log.error(  # noqa: TRY400
                        "projection.stuck", projection=projection.name, error=str(error), wait=wait
                    )
                    await pause(stop, wait)
            else:
                pace.succeeded()
                if not moved:
                    await pause(news, POLL)


class Pace:
    """How many events to try at once: fewer after a failure, until the one that fails stands alone."""

    def __init__(self) -> None:
        self.size = PAGE
        self._wait = BACK_OFF

    def failed(self) -> float:
        """Seconds to wait before the next try; none while there is a smaller run to try."""
        if self.size > 1:
            self.size = max(1, self.size // 8)
            return 0.0
        wait, self._wait = self._wait, min(self._wait * 2, BACK_OFF_MOST)
        return wait

    def succeeded(self) -> None:
        """Go on with longer runs."""
        self.size = min(self.size * 2, PAGE)
        self._wait = BACK_OFF


async def advance(pool: Pool, projection: Projection, limit: int = PAGE) -> int:
    """Take in the next events, at most `limit`, and return how many; rebuild first if the tables are old.

    The rows and the position move in one transaction, or not at all.
    """
    with translated():
        async with pool.acquire() as connection, connection.transaction():
            position = await held(connection, projection)
            if position is not None:
                events = await page(connection, position, limit)
                if not events:
                    return 0
                await _apply(connection, projection, events)
                await move(connection, projection, events[-1].position)
                return len(events)
    await rebuild(pool, projection)
    return 1


async def _apply(connection: Connection, projection: Projection, events: Sequence[Recorded]) -> None:
    try:
        with translated():
            await projection.apply(connection, events)
    except StoreUnavailableError:
        raise
    except Exception as error:
        raise ProjectionStuckError(projection, events[0].position, events[-1].position, error) from error
