"""Which instances asked for which, as the log has it."""

from storage.database import CONNECT_TIMEOUT, Pool, translated
from storage.streams import stream_id

ASKED_FOR = """
select exists(
  select from termwise.event
   where type in ('child-started', 'run-requested') and stream = $1
     and data ->> 'child' = $2 and data ->> 'address' = $3)
"""


class PostgresParentage:
    """Reads the parent's log at one place, however long it is."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def asked_for(self, parent: str, child: str, address: str) -> bool:
        """Whether the parent's log asks, at this address, for this instance. Raises StoreUnavailableError."""
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                return bool(await connection.fetchval(ASKED_FOR, stream_id(parent), child, address))
