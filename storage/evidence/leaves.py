"""The rows of the log as leaves: hashed from their stored bytes, whatever hash is stored beside them."""

import asyncpg

from engine.evidence.leaf import Leaf, instant
from storage.database import Connection
from storage.hashing import event_hash
from storage.streams import stream_id

BETWEEN = """
select e.position, e.recorded_at, coalesce(s.name, e.stream::text) as stream, e.version, e.type, e.schema_v, e.command,
       e.nth, e.of, e.occurred_at, e.actor, e.data, e.hash
  from termwise.event e left join termwise.stream s on s.id = e.stream
 where e.position between $1 and $2 order by e.position
"""
AMONG = """
select e.position, e.recorded_at, s.name as stream, e.version, e.type, e.schema_v, e.command,
       e.nth, e.of, e.occurred_at, e.actor, e.data, e.hash
  from termwise.event e join termwise.stream s on s.id = e.stream
 where e.stream = $1 order by e.version
"""


async def rows_between(connection: Connection, first: int, last: int) -> list[asyncpg.Record]:
    """The rows at these positions, in order; no more than a block has."""
    return await connection.fetch(BETWEEN, first, last)


async def rows_of(connection: Connection, stream: str) -> list[asyncpg.Record]:
    """All rows of the stream of that name, by version."""
    return await connection.fetch(AMONG, stream_id(stream))


def leaf_of(row: asyncpg.Record) -> Leaf:
    """A row as a leaf."""
    return Leaf(
        position=row["position"],
        recorded_at=instant(row["recorded_at"]),
        stream=row["stream"],
        version=row["version"],
        kind=row["type"],
        hash=hash_of(row, row["version"]),
    )


def hash_of(row: asyncpg.Record, version: int) -> str:
    """The hash of the row, if it were that version of its stream."""
    return event_hash(
        row["stream"],
        version,
        row["type"],
        row["schema_v"],
        row["command"],
        row["nth"],
        row["of"],
        row["occurred_at"],
        row["actor"],
        row["data"],
    ).hex()


def own_hash_differs(row: asyncpg.Record, leaf: Leaf) -> bool:
    """Whether the row's own hash is not of what stands in it. Rows of old databases have none."""
    return row["hash"] is not None and row["hash"].hex() != leaf.hash
