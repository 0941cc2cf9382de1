"""Fold a projection into temporary tables, which are gone with the transaction: how a check compares."""

from storage.checkpoints import PARKED
from storage.database import Connection
from storage.projections.projection import Projection
from storage.reading import pages
from storage.sealing import PLAIN, Sealing

TWIN = "select termwise.twin(name) from unnest($1::text[]) as t(name)"


async def make_twins(connection: Connection, *projections: Projection) -> None:
    """Until the transaction ends, let these projections write temporary tables of their own."""
    await connection.execute(TWIN, [table for each in projections for table in each.tables])
    # Nothing is known of their size: a plan made while they were empty would read them whole at every page.
    await connection.execute("set local enable_seqscan = off")
    # A plan made before would still find the real tables: plans are not renewed when a name is hidden.
    await connection.execute("discard plans")


async def fold(
    connection: Connection, projection: Projection, until: int | None = None, sealing: Sealing = PLAIN
) -> None:
    """Apply the log up to that position, without what is parked for this projection."""
    parked = {row["stream"]: row["version"] for row in await connection.fetch(PARKED, projection.name)}
    async for events in pages(connection, 0, until, sealing):
        await projection.apply(
            connection,
            [e for e in events if e.stream not in parked or e.version < parked[e.stream]]
            if parked
            else events,
        )
