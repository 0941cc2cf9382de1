"""A key store of its own for a test, beside the database of the log."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.databases import own_database
from storage.privacy.key_store import migrate_keys, open_key_store
from storage.privacy.keyring import Keyring
from storage.privacy.master import MasterFile


@asynccontextmanager
async def key_database(server: str) -> AsyncIterator[str]:
    """The address of an empty key store on this server, gone afterwards."""
    async with own_database(server) as dsn:
        await migrate_keys(dsn)
        yield dsn


@asynccontextmanager
async def open_keyring(dsn: str, file: Path) -> AsyncIterator[Keyring]:
    """A keyring with the master key in this file, which is made where there is none."""
    keyring = Keyring(await open_key_store(dsn), MasterFile(file))
    await keyring.begin()
    yield keyring
    await keyring.close()
