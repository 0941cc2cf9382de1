"""Hear the bell: wake those who follow the log as soon as it grows."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import asyncpg
import structlog

from storage.bell import CHANNEL
from storage.database import CONNECT_TIMEOUT, Pool, translated
from storage.errors import StoreUnavailableError

log = structlog.get_logger()

#: Seconds between two looks whether the connection still lives: one that died hears nothing and says nothing.
PULSE = 5.0


async def listen(pool: Pool, heard: Callable[[], None], stop: asyncio.Event) -> None:
    """Call `heard` at every ring until `stop`, and at every new connection, in place of what was missed."""
    while not stop.is_set():
        try:
            await _listen_once(pool, heard, stop)
        except StoreUnavailableError as error:
            log.warning("listener.lost", error=str(error))
            await pause(stop, 1.0)


async def pause(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, but not longer."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


async def _listen_once(pool: Pool, heard: Callable[[], None], stop: asyncio.Event) -> None:
    def ring(*_: object) -> None:
        heard()

    with translated():
        async with pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
            await connection.add_listener(CHANNEL, ring)
            try:
                heard()
                while not stop.is_set():
                    await pause(stop, PULSE)
                    await connection.execute("select 1", timeout=CONNECT_TIMEOUT)
            finally:
                with suppress(asyncpg.InterfaceError, asyncpg.PostgresError, OSError, TimeoutError):
                    await connection.remove_listener(CHANNEL, ring)
