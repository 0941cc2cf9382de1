"""Whether anything was ever kept: a database that holds the log, or the keys, of somebody is not written over."""

import asyncpg

from engine.errors import TermwiseError
from storage.database import CONNECT_TIMEOUT, translated

BEGUN = "select to_regclass('termwise.head') is not null, to_regclass('termwise.data_key') is not null"
HEAD = "select position from termwise.head"
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
            ((records, keys),) = await connection.fetch(BEGUN)
            if records and (events := await connection.fetchval(HEAD)):
                raise RecordsThereError(f"{events} events")
            if keys and (kept := await connection.fetchval(KEYS)):
                raise RecordsThereError(f"{kept} keys")
            await connection.execute(CLEAR)
        finally:
            await connection.close()
