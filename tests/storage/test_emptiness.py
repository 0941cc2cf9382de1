"""Nothing is cleared away that holds anything, nor what is being recorded in that moment."""

import asyncio

import asyncpg
import pytest

from storage.database import Pool
from storage.emptiness import RecordsThereError, clear_unused
from tests.keys import key_database

WAITS = "select exists (select from pg_locks where not granted and pid <> pg_backend_pid())"


async def test_what_is_being_recorded_is_waited_for_and_not_cleared(database: str, pool: Pool) -> None:
    async with pool.acquire() as connection, asyncio.timeout(20):
        async with connection.transaction():
            await connection.execute("update termwise.head set position = 1")
            clearing = asyncio.create_task(clear_unused(database))
            while not await connection.fetchval(WAITS):
                await asyncio.sleep(0.01)

        with pytest.raises(RecordsThereError, match="holds 1 events already"):
            await clearing


async def test_a_key_that_is_being_made_is_waited_for_and_not_cleared(postgres_dsn: str) -> None:
    async with key_database(postgres_dsn) as keys, asyncio.timeout(20):
        connection = await asyncpg.connect(keys)
        async with connection.transaction():
            await connection.execute("insert into termwise.master_key (id) values ('m')")
            await connection.execute(
                "insert into termwise.data_key (subject, number, master, wrapped) values ('p-1', 1, 'm', '')"
            )
            clearing = asyncio.create_task(clear_unused(keys))
            while not await connection.fetchval(WAITS):
                await asyncio.sleep(0.01)

        with pytest.raises(RecordsThereError, match="holds 1 keys already"):
            await clearing
        await connection.close()
