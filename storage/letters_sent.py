"""To whom letters went, by their ids."""

from collections.abc import Collection, Mapping
from uuid import UUID

from storage.database import CONNECT_TIMEOUT, Pool, translated

RECIPIENTS = (
    "select message_id, recipient from termwise.outbox where message_id = any($1) and channel = 'mail'"
)


async def recipients(pool: Pool, letters: Collection[UUID]) -> Mapping[UUID, str]:
    """The person of each letter that the outbox knows. Raises StoreUnavailableError."""
    with translated():
        async with pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
            rows = await connection.fetch(RECIPIENTS, list(letters))
    return {row["message_id"]: row["recipient"] for row in rows}
