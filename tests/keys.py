"""A key store of its own for a test, beside the database of the log."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg

from storage.privacy.key_store import migrate_keys, open_key_store
from storage.privacy.keyring import Keyring
from storage.privacy.master import MasterFile


@asynccontextmanager
async def key_database(server: str) -> AsyncIterator[str]:
    """The address of an empty key store on this server, gone afterwards."""
    name = f"keys_{uuid4().hex}"
    connection = await asyncpg.connect(server)
    await connection.execute(f"create database {name}")
    dsn = server.replace("/termwise?", f"/{name}?")
    await migrate_keys(dsn)
    yield dsn
    await connection.execute(f"drop database {name} with (force)")
    await connection.close()


@asynccontextmanager
async def open_keyring(dsn: str, file: Path) -> AsyncIterator[Keyring]:
    """A keyring with the master key in this file, which is made where there is none."""
    keyring = Keyring(await open_key_store(dsn), MasterFile(file))
    await keyring.begin()
    yield keyring
    await keyring.close()
