"""How far a projection has come. Its row is also the lease: whoever holds its lock may move it."""

from storage.database import Connection
from storage.errors import MigrationError
from storage.projections.projection import Projection

BEGIN = """
insert into termwise.checkpoint (projection, version, position) values ($1, $2, 0) on conflict do nothing
"""
HELD = "select version, position from termwise.checkpoint where projection = $1 for update"
MOVE = """
update termwise.checkpoint set version = $2, position = $3, moved_at = clock_timestamp() where projection = $1
"""


async def held(connection: Connection, projection: Projection) -> int | None:
    """Take the lease until the transaction ends. The position, or none when the tables are of an old version.

    Raises MigrationError when a newer termwise keeps these tables.
    """
    row = await connection.fetchrow(HELD, projection.name)
    if row is None:
        await connection.execute(BEGIN, projection.name, projection.version)
        return await held(connection, projection)
    if row["version"] > projection.version:
        raise MigrationError(
            f"projection {projection.name!r} is kept by a newer termwise (version {row['version']}, "
            f"this one knows {projection.version}); stop this process or upgrade it"
        )
    return int(row["position"]) if row["version"] == projection.version else None


async def move(connection: Connection, projection: Projection, position: int) -> None:
    """Say, in the same transaction as the rows, that they hold everything up to `position`."""
    await connection.execute(MOVE, projection.name, projection.version, position)
