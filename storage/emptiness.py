"""Whether anything was ever recorded: a database that holds the log of somebody is not written over."""

import asyncpg

from engine.errors import TermwiseError
from storage.database import CONNECT_TIMEOUT, translated

BEGUN = "select to_regclass('termwise.head') is not null"
HEAD = "select position from termwise.head"
CLEAR = "drop schema if exists termwise cascade"


class RecordsThereError(TermwiseError):
    """The database holds records."""

    def __init__(self, events: int) -> None:
        super().__init__(
            f"this database holds {events} events already, and records are never written over; "
            "name an empty one with TERMWISE_DATABASE"
        )


async def clear_unused(dsn: str) -> None:
    """Take away an empty structure, as a first start makes it. Raises RecordsThereError, changing nothing."""
    with translated():
        connection = await asyncpg.connect(dsn, timeout=CONNECT_TIMEOUT)
        try:
            if await connection.fetchval(BEGUN) and (events := await connection.fetchval(HEAD)):
                raise RecordsThereError(events)
            await connection.execute(CLEAR)
        finally:
            await connection.close()
