"""The keys that are enrolled, read from the register's own facts: nothing is kept beside the log."""

import time
from datetime import datetime

from engine.signing import SigningKey
from storage.database import CONNECT_TIMEOUT, Connection, Pool, translated
from storage.errors import StoreUnavailableError
from storage.streams import stream_id

KEY = """
select e.data ->> 'key' as id, e.data ->> 'public' as public, e.data ->> 'use' as use, e.data ->> 'person' as person,
       (e.data ->> 'since')::timestamptz as since,
       (select min(r.occurred_at) from termwise.event r
         where r.type = 'key-revoked' and r.stream = e.stream and r.data ->> 'key' = $1) as until
  from termwise.event e
 where e.type = 'key-enrolled' and e.stream = $2 and e.data ->> 'key' = $1
"""
ENROLLED = """
select e.data ->> 'key' as id, e.data ->> 'public' as public, e.data ->> 'use' as use, e.data ->> 'person' as person,
       (e.data ->> 'since')::timestamptz as since,
       (select min(r.occurred_at) from termwise.event r
         where r.type = 'key-revoked' and r.stream = e.stream and r.data ->> 'key' = e.data ->> 'key') as until
  from termwise.event e
 where e.type = 'key-enrolled' and e.stream = $1
"""
SEALED_SINCE = """
select min((data ->> 'since')::timestamptz) from termwise.event
 where type = 'key-enrolled' and stream = $1 and data ->> 'use' <> 'person'
"""
#: The register's stream.
REGISTER = stream_id("register")
#: Seconds for which a seal's key need not be looked up again.
_KNOWN_FOR = 5.0


class PostgresKeys:
    """Looks a key up each time, so that one that was revoked is refused at once.

    While PostgreSQL is away, what was last known is the answer: nothing can be recorded or revoked meanwhile.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._known: dict[str, tuple[float, SigningKey]] = {}
        self._since: datetime | None = None

    async def key(self, name: str) -> SigningKey | None:
        """The key with this id, as it is now. Raises StoreUnavailableError for one that was never looked up."""
        try:
            return await self._look_up(name)
        except StoreUnavailableError:
            if name in self._known:
                return self._known[name][1]
            raise

    async def sealing_key(self, name: str) -> SigningKey | None:
        """The same, as it was some seconds ago at worst."""
        at, key = self._known.get(name, (0.0, None))
        return key if key and time.monotonic() - at < _KNOWN_FOR else await self.key(name)

    async def sealed_since(self) -> datetime | None:
        """When the first key of a server was enrolled. Once there is one, that never changes."""
        if self._since is None:
            with translated():
                async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                    self._since = await connection.fetchval(SEALED_SINCE, REGISTER)
        return self._since

    async def _look_up(self, name: str) -> SigningKey | None:
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                row = await connection.fetchrow(KEY, name, REGISTER)
        if row is None:
            return None
        key = SigningKey(**row)
        self._known[name] = (time.monotonic(), key)
        return key


async def enrolled_keys(connection: Connection) -> dict[str, SigningKey]:
    """Every key that is or was enrolled, by its id."""
    return {row["id"]: SigningKey(**row) for row in await connection.fetch(ENROLLED, REGISTER)}
