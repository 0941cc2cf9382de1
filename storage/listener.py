"""Hear the bell: wake those who follow the log as soon as it grows."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from uuid import uuid4

import asyncpg
import structlog

from storage.bell import CHANNEL, RING
from storage.database import CONNECT_TIMEOUT, Connection, Pool, translated
from storage.errors import StoreUnavailableError

log = structlog.get_logger()

#: Seconds between two looks whether we still hear: a listener that died, or whose server forgot it, says nothing.
PULSE = 5.0


class DeafError(StoreUnavailableError):
    """The connection answers, but what was said to it was not heard."""

    def __init__(self) -> None:
        super().__init__("a listener did not hear itself; is there a pooler between that shares connections?")


async def listen(pool: Pool, heard: Callable[[], None], stop: asyncio.Event, pulse: float = PULSE) -> None:
    """Call `heard` at every ring until `stop`, and at every new connection, in place of what was missed.

    A listener that hears no more is noticed and replaced; the log says so (`listener.lost`).
    """
    while not stop.is_set():
        try:
            await _listen_once(pool, heard, stop, pulse)
        except StoreUnavailableError as error:
            log.warning("listener.lost", error=str(error))
            await pause(stop, 1.0)


async def pause(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, but not longer."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


async def _listen_once(pool: Pool, heard: Callable[[], None], stop: asyncio.Event, pulse: float) -> None:
    own, alive = uuid4().hex, asyncio.Event()

    def ring(_connection: object, _pid: int, _channel: str, said: object) -> None:
        if said == own:
            alive.set()
        elif not said:  # What others say to hear themselves wakes nobody.
            heard()

    with translated():
        async with pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
            await connection.add_listener(CHANNEL, ring)
            try:
                heard()
                while not stop.is_set():
                    await pause(stop, pulse)
                    await _check(connection, own, alive)
            finally:
                with suppress(asyncpg.InterfaceError, asyncpg.PostgresError, OSError, TimeoutError):
                    await connection.remove_listener(CHANNEL, ring)


async def _check(connection: Connection, own: str, alive: asyncio.Event) -> None:
    alive.clear()
    await connection.execute(RING, CHANNEL, own, timeout=CONNECT_TIMEOUT)
    await pause(alive, CONNECT_TIMEOUT)
    if not alive.is_set():
        raise DeafError
