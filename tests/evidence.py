"""A server that seals the log."""

from storage.events import PostgresEventStore
from workers.enrolling import enrol_directly
from workers.keys import PrivateKey, new_key


async def enrolled_key(store: PostgresEventStore) -> PrivateKey:
    """The key of a server, enrolled: position 1 is the register's."""
    key = new_key()
    await enrol_directly(store, key.text, use="server", reason="The first key")
    return key
