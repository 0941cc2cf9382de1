"""How we are connected: a pool that fails soon rather than hangs, and errors in our own words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from storage.errors import StoreRefusedError, StoreUnavailableError

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"

#: Seconds to wait for a connection, and for an answer to an ordinary statement.
CONNECT_TIMEOUT = 2.0
COMMAND_TIMEOUT = 30.0

_SETTINGS = {
    "application_name": "termwise",
    "search_path": "termwise",
    "timezone": "UTC",
    "synchronous_commit": "on",
    "jit": "off",
    "lock_timeout": "20s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
}

#: The server is gone, starting, stopping, full, or too busy: trying again is right.
_UNAVAILABLE = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.TransactionRollbackError,
    # What the driver says of a connection whose server went away while it lay idle.
    asyncpg.InternalClientError,
)


async def connect(dsn: str, *, size: int = 8) -> Pool:
    """A pool of at most `size` connections, one of which was tried.

    Raises StoreUnavailableError soon, and StoreRefusedError when the address or password is wrong.
    """
    with translated():
        pool = await open_pool(dsn, size=size)
        try:
            async with pool.acquire(timeout=CONNECT_TIMEOUT):
                return pool
        except BaseException:  # A cancelled caller, too, must leave no connection behind.
            pool.terminate()
            raise


async def open_pool(dsn: str, *, size: int = 8) -> Pool:
    """A pool that connects when it is first asked: whether anybody answers is not known yet."""
    return await asyncpg.create_pool(
        dsn,
        reset=_leave_as_is,
        min_size=0,
        max_size=size,
        timeout=CONNECT_TIMEOUT,
        command_timeout=COMMAND_TIMEOUT,
        server_settings=_SETTINGS,
    )


async def _leave_as_is(_: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Spare a round trip at each release: nothing here changes a session but `set local`."""


@contextmanager
def translated() -> Iterator[None]:
    """Turn every sign that PostgreSQL is away into StoreUnavailableError; let all other errors through."""
    try:
        yield
    except _UNAVAILABLE as error:
        raise StoreUnavailableError(error) from error
    except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError) as error:
        raise StoreRefusedError(error) from error
    except asyncpg.InterfaceError as error:
        if "clos" in str(error) or "released" in str(error):  # The pool, or its connection under us.
            raise StoreUnavailableError(error) from error
        raise
