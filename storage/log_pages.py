"""The log in pages that several readers share: each event is fetched and decoded once for all of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from engine.records import Recorded
from storage.database import CONNECT_TIMEOUT, Connection, Pool, translated
from storage.errors import HoleError, StoreUnavailableError, UnreadableEventError
from storage.projections.runs import Run
from storage.reading import READ_ALL, recorded
from storage.sealing import PLAIN, Sealing

#: Events fetched at a time, and how many decoded ones are kept for readers that lag behind the first.
FETCH, KEPT = 2000, 8000
#: Projections of a process that take in events at once: each holds a connection.
AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An event that this version does not understand, in its place."""

    position: int
    stream: str
    version: int
    error: UnreadableEventError


Entry = Recorded | Unreadable


class LogPages:
    """What is committed never changes, so pages may be read on another connection than the one that uses them.

    With a pool to read `ahead` from, the server looks for the next page while one is taken in.
    """

    def __init__(
        self, sealing: Sealing = PLAIN, *, fetch: int = FETCH, kept: int = KEPT, ahead: "Pool | None" = None
    ) -> None:
        self.sealing = sealing
        self.room = asyncio.Semaphore(AT_ONCE)
        """To be held while events are taken in."""
        self.building = asyncio.Lock()
        """To be held while tables are made anew: an upgrade may ask for all of them, and each takes two connections."""
        self._pool = ahead
        self._last: tuple[int, int, Sequence[Entry]] = (0, 0, ())
        self._fetch, self._kept = fetch, kept
        self._first, self._entries = 1, list[Entry]()
        self._reading = asyncio.Lock()
        self._ahead: asyncio.Task[list[Entry] | None] | None = None

    async def after(self, connection: Connection, position: int, limit: int) -> Sequence[Entry]:
        """The next events, at most `limit`; fewer where fewer are at hand, none only at the head of the log.

        Raises HoleError when the very next is missing, and StoreUnavailableError.
        """
        async with self._reading:
            if position == self._end or not self._entries:
                await self._grow(connection, position)
            if not self._first - 1 <= position < self._end:
                return [] if position == self._end else await self._read(connection, position, limit)
            return self._slice(position, min(position + limit, self._end))

    async def close(self) -> None:
        """Leave nothing under way."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.cancel()
            # What it failed with, the next reader will meet again.
            await asyncio.gather(ahead, return_exceptions=True)

    def _slice(self, position: int, end: int) -> Sequence[Entry]:
        """The same run for everybody who asks for the same events."""
        if self._last[:2] != (position, end):
            found = self._entries[position + 1 - self._first : end + 1 - self._first]
            whole = [each for each in found if isinstance(each, Recorded)]
            self._last = (position, end, Run(whole) if len(whole) == len(found) else found)
        return self._last[2]

    @property
    def _end(self) -> int:
        return self._first + len(self._entries) - 1

    async def _grow(self, connection: Connection, position: int) -> None:
        ahead, self._ahead = self._ahead, None
        more = await ahead if ahead else None
        if more is None:
            more = await self._read(connection, position, self._fetch)
        if not self._entries:
            self._first = position + 1
        self._entries += more
        if over := max(0, len(self._entries) - self._kept):
            del self._entries[:over]
            self._first += over
        if self._pool and len(more) == self._fetch and _has_room(self._pool):
            self._ahead = asyncio.create_task(self._read_ahead(self._pool, self._end), name="log-ahead")

    async def _read_ahead(self, pool: Pool, position: int) -> list[Entry] | None:
        """None where no connection is to be had: then whoever needs the page reads it on their own."""
        try:
            with translated():
                async with pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                    return await self._read(connection, position, self._fetch)
        except (StoreUnavailableError, HoleError):
            return None

    async def _read(self, connection: Connection, position: int, limit: int) -> list[Entry]:
        with translated():
            rows = await connection.fetch(READ_ALL, position, limit)
        whole = [row for expected, row in enumerate(rows, start=position + 1) if row["position"] == expected]
        if rows and not whole:
            raise HoleError(position, rows[0]["position"])
        texts = await self.sealing.opened([row["data"] for row in whole])
        return [_entry(row, text) for row, text in zip(whole, texts, strict=True)]


def _has_room(pool: Pool) -> bool:
    """Whether a connection is to be had at once: whoever holds the others may wait for this page."""
    return pool.get_idle_size() > 0 or pool.get_size() < pool.get_max_size()


def _entry(row: asyncpg.Record, text: str) -> Entry:
    try:
        return recorded(row, text)
    except UnreadableEventError as error:
        return Unreadable(row["position"], row["stream"], row["version"], error)
