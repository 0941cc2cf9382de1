"""How far a projection has come. Its row is also the lease: whoever holds its lock may move it.

The tables are named without a schema: those of a read model that is being made stand in front of the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from storage.database import Connection
from storage.errors import MigrationError
from storage.projections.projection import Projection

BEGIN = "insert into checkpoint (projection, version, position) values ($1, $2, 0) on conflict do nothing"
#: Nothing is known yet of the size of tables that fill quickly: a plan made while they were empty, and kept, would read
#: them whole for every row. So what follows in the transaction goes by the indexes.
HELD = """
select c.version, c.position, exists (select from parked p where p.projection = c.projection) as parks,
       set_config('enable_seqscan', 'off', true)
  from checkpoint c where c.projection = $1 for update
"""
PARKED = "select stream, version from parked where projection = $1"
MOVE = "update checkpoint set version = $2, position = $3, moved_at = clock_timestamp() where projection = $1"


class SupersededError(MigrationError):
    """A newer termwise keeps these tables; it does so without us."""

    def __init__(self, projection: Projection, version: int) -> None:
        super().__init__(
            f"projection {projection.name!r} is kept by a newer termwise (version {version}, "
            f"this one knows {projection.version}); stop this process or upgrade it"
        )


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a projection stands."""

    version: int
    position: int
    parked: Mapping[str, int]
    """Streams it could not take in, each with the version from which on their events wait."""


async def held(connection: Connection, projection: Projection) -> Checkpoint:
    """Take the lease until the transaction ends. Raises SupersededError when a newer termwise keeps these tables."""
    row = await connection.fetchrow(HELD, projection.name)
    if row is None:
        await connection.execute(BEGIN, projection.name, projection.version)
        return await held(connection, projection)
    if row["version"] > projection.version:
        raise SupersededError(projection, row["version"])
    found = await connection.fetch(PARKED, projection.name) if row["parks"] else []
    parked = {each["stream"]: each["version"] for each in found}
    return Checkpoint(row["version"], row["position"], parked)


async def move(connection: Connection, projection: Projection, position: int) -> None:
    """Say, in the same transaction as the rows, that they hold everything up to `position`."""
    await connection.execute(MOVE, projection.name, projection.version, position)
