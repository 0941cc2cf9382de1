"""Where the keys of personal data are: the key store that the settings name, or the one beside the embedded log."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from storage.privacy.key_store import create_embedded, migrate_keys, open_key_store
from storage.privacy.keyring import Keyring
from storage.privacy.master import MasterFile
from workers.embedded import postgres
from workers.settings import Settings, SettingsError

#: The database beside the embedded log.
EMBEDDED = "termwise_keys"


def keys_address(settings: Settings) -> str:
    """The key store's address, with the password in it: not for a log. Raises SettingsError where none is named."""
    if settings.keys_dsn is not None:
        return settings.keys_dsn
    if settings.database is not None:
        raise SettingsError(
            "TERMWISE_KEYS is not set: personal data are closed with keys that are kept in a database of their own; "
            "make an empty one, name it there, and make its master key with `termwise records rotate-key`"
        )
    return postgres.address(settings.home.absolute(), EMBEDDED)


def master_file(settings: Settings) -> MasterFile:
    """Where the master key is."""
    return MasterFile(settings.master_key or settings.home.absolute() / "keys" / "master.key")


@asynccontextmanager
async def open_keyring(settings: Settings) -> AsyncIterator[Keyring]:
    """The keys that these settings lead to. Nobody is asked yet. Raises SettingsError."""
    keyring = Keyring(await open_key_store(keys_address(settings)), master_file(settings))
    try:
        yield keyring
    finally:
        await keyring.close()


async def ready_key_store(settings: Settings) -> None:
    """Give the key store its structure; an embedded one also its database and its first master key. Safe to repeat.

    The master key of another is made by a person, who must keep it: without it all that it closes is lost.
    """
    embedded = settings.keys is None and settings.database is None
    if embedded:
        await create_embedded(postgres.address(settings.home.absolute()))
    await migrate_keys(keys_address(settings))
    if embedded:
        async with open_keyring(settings) as keyring:
            await keyring.begin()
