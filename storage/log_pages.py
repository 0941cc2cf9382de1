"""The log in pages that several readers share: each event is fetched and decoded once for all of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from engine.records import Recorded
from storage.database import CONNECT_TIMEOUT, Pool, translated
from storage.errors import HoleError, UnreadableEventError
from storage.reading import READ_ALL, recorded
from storage.sealing import PLAIN, Sealing

#: Events fetched at a time, and how many decoded ones are kept for readers that lag behind the first.
FETCH, KEPT = 500, 4000


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An event that this version does not understand, in its place."""

    position: int
    stream: str
    version: int
    error: UnreadableEventError


Entry = Recorded | Unreadable


class LogPages:
    """What is committed never changes, so pages may be read from another connection than the one that uses them."""

    def __init__(self, pool: Pool, sealing: Sealing = PLAIN, *, fetch: int = FETCH, kept: int = KEPT) -> None:
        self._pool = pool
        self.sealing = sealing
        self._fetch, self._kept = fetch, kept
        self._first, self._entries = 1, list[Entry]()
        self._reading = asyncio.Lock()
        self._ahead: asyncio.Task[list[Entry]] | None = None

    async def after(self, position: int, limit: int) -> Sequence[Entry]:
        """The next events, at most `limit`; fewer where fewer are at hand, none only at the head of the log.

        Raises HoleError when the very next is missing, and StoreUnavailableError.
        """
        async with self._reading:
            if position == self._end or not self._entries:
                await self._grow(position)
            if not self._first - 1 <= position < self._end:
                return [] if position == self._end else await self._read(position, limit)
            start = position + 1 - self._first
            return self._entries[start : start + limit]

    async def close(self) -> None:
        """Leave nothing under way."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.cancel()
            # What it failed with, the next reader will meet again.
            await asyncio.gather(ahead, return_exceptions=True)

    @property
    def _end(self) -> int:
        return self._first + len(self._entries) - 1

    async def _grow(self, position: int) -> None:
        ahead, self._ahead = self._ahead, None
        more = await ahead if ahead else await self._read(position, self._fetch)
        if not self._entries:
            self._first = position + 1
        self._entries += more
        if over := max(0, len(self._entries) - self._kept):
            del self._entries[:over]
            self._first += over
        if len(more) == self._fetch:
            # While this page is taken in, the server already looks for the next.
            self._ahead = asyncio.create_task(self._read(self._end, self._fetch), name="log-ahead")

    async def _read(self, position: int, limit: int) -> list[Entry]:
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                rows = await connection.fetch(READ_ALL, position, limit)
        whole = [row for expected, row in enumerate(rows, start=position + 1) if row["position"] == expected]
        if rows and not whole:
            raise HoleError(position, rows[0]["position"])
        texts = await self.sealing.opened([row["data"] for row in whole])
        return [_entry(row, text) for row, text in zip(whole, texts, strict=True)]


def _entry(row: asyncpg.Record, text: str) -> Entry:
    try:
        return recorded(row, text)
    except UnreadableEventError as error:
        return Unreadable(row["position"], row["stream"], row["version"], error)
