"""Tell those who follow the log that it has grown, without making an append wait for it."""

import asyncio

import structlog

from storage.database import CONNECT_TIMEOUT, Pool, translated
from storage.errors import StoreUnavailableError

log = structlog.get_logger()

CHANNEL = "termwise"

RING = "select pg_notify($1, $2)"

#: At most one notification in so many seconds from a process, however many appends there are.
QUIET = 0.01


class Bell:
    """Rings after commits, from another connection. A lost ring costs a follower one poll, nothing more."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._again = False
        self._ringing: asyncio.Task[None] | None = None

    def ring(self) -> None:
        """Return at once; rings close together are heard as one."""
        self._again = True
        if self._ringing is None or self._ringing.done():
            self._ringing = asyncio.create_task(self._ring(), name="bell")

    async def silent(self) -> None:
        """Return when the last ring was sent."""
        while self._ringing is not None and not self._ringing.done():
            await asyncio.wait([self._ringing])

    async def _ring(self) -> None:
        while self._again:
            self._again = False
            try:
                with translated():
                    async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                        await connection.execute(RING, CHANNEL, "")
            except StoreUnavailableError as error:
                log.debug("bell.unheard", error=str(error))
            await asyncio.sleep(QUIET)
