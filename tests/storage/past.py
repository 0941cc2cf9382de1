"""Days that have passed, in a log that was written a moment ago."""

from datetime import datetime

from storage.database import Pool

# Rows of the log are never changed: only here, where a test wants years behind it, and only when they were recorded.
BACK = "update termwise.event set recorded_at = $2 where position > $1"


async def recorded_from(pool: Pool, position: int, moment: datetime) -> None:
    """Let what comes after the position have been recorded at that moment."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("set local session_replication_role = replica")
        await connection.execute(BACK, position, moment)
