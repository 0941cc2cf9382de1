"""Reads the log for a file, as it is at one moment, and page by page: it may be larger than memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

import asyncpg

from engine.model import Model
from storage.database import Connection, Pool
from storage.exchange.stored import Manifest, StoredDocument, StoredEvent
from storage.unhurried import at_one_moment

#: Rows read at a time.
PAGE = 1000
COUNT = """
select h.position as events, (select count(*) from termwise.document) as documents from termwise.head h
"""
EVENTS = """
select e.position, s.name as stream, e.version, e.type, e.schema_v, e.command, e.nth, e.of, e.occurred_at, e.actor,
       e.recorded_at, s.root, e.data, e.hash
  from termwise.event e join termwise.stream s on s.id = e.stream
 where e.position > $1
   and ($2::text is null or s.process = $2)
   and ($3::text is null or s.name = $3 or s.root = $3)
   and ($4::timestamptz is null or e.occurred_at >= $4)
   and ($5::timestamptz is null or e.occurred_at < $5)
 order by e.position limit $6
"""
DOCUMENTS = "select digest, kind, body, put_at, proof from termwise.document where digest > $1 order by digest limit $2"


class Which(Model):
    """Which events; every condition that is set must hold."""

    process: str | None = None
    cycle: str | None = None
    """Of this instance and of those that are parts of it."""
    since: datetime | None = None
    """Happened then or later."""
    before: datetime | None = None

    @property
    def all(self) -> bool:
        """Whether nothing is left out."""
        return self == Which()


class LogSnapshot:
    """The log as it stood when this was opened, whatever is appended meanwhile."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def manifest(self) -> Manifest:
        """What the file of the whole log will hold."""
        row = await self._connection.fetchrow(COUNT)
        assert row is not None  # noqa: S101 - a table of one row
        return Manifest(whole=True, events=row["events"], documents=row["documents"])

    async def documents(self) -> AsyncIterator[StoredDocument]:
        """Every document."""
        after = ""
        while rows := await self._connection.fetch(DOCUMENTS, after, PAGE):
            for row in rows:
                yield StoredDocument(row["digest"], row["kind"], row["body"], row["put_at"], row["proof"])
            after = rows[-1]["digest"]

    async def events(self, which: Which) -> AsyncIterator[StoredEvent]:
        """These events, in the order of the log."""
        after = 0
        conditions = (which.process, which.cycle, which.since, which.before)
        while rows := await self._connection.fetch(EVENTS, after, *conditions, PAGE):
            for row in rows:
                yield _stored(row)
            after = rows[-1]["position"]


@asynccontextmanager
async def log_snapshot(pool: Pool) -> AsyncIterator[LogSnapshot]:
    """Read the log as it is at this moment, changing nothing."""
    async with at_one_moment(pool, read_only=True) as connection:
        yield LogSnapshot(connection)


def _stored(row: asyncpg.Record) -> StoredEvent:
    event = StoredEvent(
        row["position"], row["stream"], row["version"], row["type"], row["schema_v"], row["command"], row["nth"],
        row["of"], row["occurred_at"], row["actor"], row["recorded_at"], row["root"], row["data"], row["hash"],
    )  # fmt: skip
    # A row older than hashes gets the one it would have been given.
    return event if event.hash else replace(event, hash=event.hashed())
