"""What may take long: statements without the usual limits, and looks at everything as it is at one moment."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from storage.database import Connection, Pool, translated

#: Seconds a rebuild or a check may take for one statement; ordinary statements have far fewer.
PATIENCE = 3600
#: For the rest of a transaction.
UNHURRIED = "set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0"


@asynccontextmanager
async def at_one_moment(pool: Pool, *, read_only: bool = False) -> AsyncIterator[Connection]:
    """A connection that sees everything as it is now, however long it looks; others read and write meanwhile.

    What is written on it, such as temporary tables, is gone when it ends. Raises StoreUnavailableError.
    """
    with translated():
        async with pool.acquire() as connection:
            transaction = connection.transaction(isolation="repeatable_read", readonly=read_only)
            await transaction.start()
            try:
                await connection.execute(UNHURRIED)
                yield connection
            finally:
                await transaction.rollback()
