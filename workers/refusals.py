"""The way of a refusal into its table: it never holds up or fails what refused, and a flood is counted, not listed."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Protocol

import structlog

from engine.refusals import Refusal
from storage.errors import StoreUnavailableError

log = structlog.get_logger()

_PAUSE_SECONDS = 0.2
#: Rows that may be written at once, and how many more each second: a night of attacks fills no disk.
_BURST, _EACH_SECOND = 500.0, 1.0
#: Refusals that wait to be written.
_WAITING = 5000


class RefusalTable(Protocol):
    """Where refusals are kept."""

    async def write(self, found: list[tuple[Refusal, datetime, int]]) -> None:
        """Add these."""
        ...


class Refusals:
    """Takes refusals from any thread, at once, and writes them down in its own time."""

    def __init__(self, table: RefusalTable) -> None:
        self._table = table
        self._waiting: deque[Refusal] = deque(maxlen=_WAITING)
        self._noted = 0
        self._written = 0
        self._budget = _BURST
        self._counted_at = time.monotonic()

    def note(self, refusal: Refusal) -> None:
        """Keep one. Never waits, never raises; called from workflow threads too."""
        self._noted += 1
        self._waiting.append(refusal)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Write them down while this is open, and what is left at its end."""
        stop = asyncio.Event()
        writing = asyncio.create_task(self._write_on(stop))
        try:
            yield
        finally:
            stop.set()  # Not cancelled: what is just being written would be lost.
            await writing
            await self.flush()

    async def flush(self) -> None:
        """Write down what waits. What PostgreSQL cannot take now is tried again with the next."""
        taken = [self._waiting.popleft() for _ in range(len(self._waiting))]
        lost, self._noted = self._noted - len(taken), 0
        if not taken and not lost:
            return
        rows = self._rows(taken, lost)
        try:
            await self._table.write(rows)
        except StoreUnavailableError:
            self._noted += len(taken) + lost
            self._waiting.extendleft(reversed(taken))
        except Exception as error:  # noqa: BLE001 - what is refused stays refused, whatever becomes of the note
            log.warning("refusals.lost", count=len(taken) + lost, error=type(error).__name__)

    def _rows(self, taken: list[Refusal], lost: int) -> list[tuple[Refusal, datetime, int]]:
        """The same kind of thing from the same side is one row; what is over the budget is a single one."""
        now = time.monotonic()
        self._budget = min(_BURST, self._budget + (now - self._counted_at) * _EACH_SECOND)
        self._counted_at = now
        same: dict[tuple[object, ...], tuple[Refusal, datetime, int]] = {}
        over = lost
        for each in taken:
            alike = (each.code, each.person, each.key, each.instance, each.kind, each.command, each.about)
            first, _, times = same.get(alike, (each, each.at, 0))
            if times or len(same) < self._budget:
                same[alike] = (first, each.at, times + 1)
            else:
                over += 1
        self._budget -= len(same)
        at = datetime.now(UTC)
        return [*same.values(), *([(Refusal(at=at, code="flood"), at, over)] if over else [])]

    async def _write_on(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _PAUSE_SECONDS)
            await self.flush()
