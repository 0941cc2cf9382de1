"""Make a read model anew from the log, while everybody still reads the old rows."""

from storage.checkpoints import held, move
from storage.database import Connection, Pool, translated
from storage.projections.projection import Projection
from storage.reading import pages

#: Seconds a rebuild or a check may take for one statement; ordinary statements have far fewer.
PATIENCE = 3600

#: The last: nothing is known of a temporary table's size, and a plan made while it was empty would read
#: it whole at every page.
UNHURRIED = """
set local statement_timeout = 0;
set local idle_in_transaction_session_timeout = 0;
set local enable_seqscan = off
"""
TWIN = "select termwise.twin(name) from unnest($1::text[]) as t(name)"
ADOPT = "select termwise.adopt(name, $2) from unnest($1::text[]) as t(name)"
HEAD_HELD = "select position from termwise.head for no key update"


async def rebuild(pool: Pool, projection: Projection) -> int:
    """Replace the rows by what the log says, and return the position they stand at.

    One transaction: readers see the old rows until it commits, and a failure leaves those. The projection
    does not move meanwhile; appends wait only while the inbox is swapped.
    """
    with translated():
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute(UNHURRIED)
            if not projection.inline:
                await held(connection, projection)
            await make_twins(connection, projection)
            position = await fold(connection, projection)
            if projection.inline:
                await connection.execute(HEAD_HELD)
                position = await fold(connection, projection, position)
            await connection.execute(ADOPT, list(projection.tables), not projection.keeps, timeout=PATIENCE)
            if not projection.inline:
                await move(connection, projection, position)
            return position


async def make_twins(connection: Connection, *projections: Projection) -> None:
    """Until the transaction ends, let these projections write temporary tables of their own."""
    await connection.execute(TWIN, [table for each in projections for table in each.tables])
    # A plan made before would still find the real tables: plans are not renewed when a name is hidden.
    await connection.execute("discard plans")


async def fold(
    connection: Connection, projection: Projection, after: int = 0, until: int | None = None
) -> int:
    """Apply the log from `after` on, and return the position reached."""
    async for events in pages(connection, after, until):
        await projection.apply(connection, events)
        after = events[-1].position
    return after
