"""Whether anything was ever kept: a database that holds the log, or the keys, of somebody is not written over."""

import asyncpg

from engine.errors import TermwiseError
from storage.database import CONNECT_TIMEOUT, Connection, translated

BEGUN = "select to_regclass('termwise.head') is not null, to_regclass('termwise.data_key') is not null"
#: Held until the structure is gone: whoever records in this moment is waited for, and found.
HEAD = "select position from termwise.head for update"
HOLD_KEYS = "lock table termwise.data_key in access exclusive mode"
KEYS = "select count(*) from termwise.data_key"
CLEAR = "drop schema if exists termwise cascade"


class RecordsThereError(TermwiseError):
    """The database holds records, or keys."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"this database holds {what} already, and nothing is ever written over; "
            "name an empty one with TERMWISE_DATABASE, or TERMWISE_KEYS for keys"
        )


async def clear_unused(dsn: str) -> None:
    """Take away an empty structure, as a first start makes it. Raises RecordsThereError, changing nothing."""
    with translated():
        connection = await asyncpg.connect(dsn, timeout=CONNECT_TIMEOUT)
        try:
            async with connection.transaction():
                await _clear(connection)
        finally:
            await connection.close()


async def _clear(connection: Connection) -> None:
    ((records, keys),) = await connection.fetch(BEGUN)
    if records and (events := await connection.fetchval(HEAD)):
        raise RecordsThereError(f"{events} events")
    if keys:
        await connection.execute(HOLD_KEYS)
        if kept := await connection.fetchval(KEYS):
            raise RecordsThereError(f"{kept} keys")
    await connection.execute(CLEAR)
