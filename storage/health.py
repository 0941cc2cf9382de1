"""How the database is: what `termwise doctor` asks of it. Changes nothing, and may be asked of an empty database."""

from datetime import datetime

from engine.model import Model
from storage.database import CONNECT_TIMEOUT, Pool, translated
from storage.migrations import pending
from storage.projections import FOLLOWING
from storage.queries import LAG
from storage.views import Lag

CLOCK = "select clock_timestamp() as now, current_setting('server_version') as version"
OUTBOX = """
select count(*) filter (where status = 'dead') as dead,
       count(*) filter (where status = 'planned' and next_at < clock_timestamp() - interval '10 minutes') as overdue
  from termwise.outbox
"""
OPEN = "select id from termwise.cycle where state = 'running' order by id limit $1"
PARKED = "select projection || ': ' || stream from termwise.parked order by projection, position limit 100"
#: Where the next event that a projection needs is not there although later ones are.
HOLE = """
select min(c.position) + 1 from termwise.checkpoint c cross join termwise.head h
 where c.position < h.position and not exists (select from termwise.event e where e.position = c.position + 1)
"""


class Health(Model):
    """One look at the database."""

    version: str
    """PostgreSQL's."""
    now: datetime
    """Its clock."""
    pending: tuple[str, ...]
    """Migrations that are not applied; while there are any, the rest is empty."""
    lag: tuple[Lag, ...] = ()
    dead: int = 0
    """Messages given up."""
    overdue: int = 0
    """Messages that should have gone more than ten minutes ago."""
    parked: tuple[str, ...] = ()
    """Streams that a projection could not take in, at most a hundred."""
    hole: int | None = None
    """A position that is missing from the log where a projection stands."""
    open: tuple[str, ...] = ()
    """Instances that run, as the log says."""


async def health(pool: Pool, most: int = 1000) -> Health:
    """Look once; at most so many open instances. Raises StoreUnavailableError, or MigrationError."""
    with translated():
        async with pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
            ((now, version),) = await connection.fetch(CLOCK)
            if missing := await pending(connection):
                return Health(version=version, now=now, pending=tuple(missing))
            ((dead, overdue),) = await connection.fetch(OUTBOX)
            lag = await connection.fetch(LAG, [each.name for each in FOLLOWING])
            parked = await connection.fetch(PARKED)
            hole = await connection.fetchval(HOLE)
            running = await connection.fetch(OPEN, most)
    return Health(
        version=version,
        now=now,
        pending=(),
        lag=tuple(Lag(**row) for row in lag),
        dead=dead,
        overdue=overdue,
        parked=tuple(row[0] for row in parked),
        hole=hole,
        open=tuple(row["id"] for row in running),
    )
