"""Take out the proof of one event."""

from uuid import UUID

import asyncpg

from engine.evidence.leaf import hashed
from engine.evidence.merkle import path
from engine.evidence.proof import Proof, ProvenEvent
from storage.database import CONNECT_TIMEOUT, Pool, translated
from storage.errors import UnknownRecordError
from storage.evidence.blocks import block_holding
from storage.evidence.errors import UnprovableError
from storage.evidence.leaves import leaf_of, rows_of
from storage.signing_keys import enrolled_keys


async def prove(pool: Pool, stream: str, version: int) -> Proof:
    """The proof of that version of a stream. Raises UnknownRecordError, or UnprovableError."""
    with translated():
        async with pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
            rows = await rows_of(connection, stream)
            row = next((row for row in rows if row["version"] == version), None)
            if row is None:
                raise _unknown(stream, version, len(rows))
            found = await block_holding(connection, row["position"])
            keys = await enrolled_keys(connection)
    if found is None:
        raise UnprovableError(
            f"version {version} of {stream} is not sealed yet; "
            "wait a minute, or seal it now with `termwise records seal`"
        )
    block, lines = found[0], found[1].split("\n")
    index = row["position"] - block.first
    key = keys.get(block.key)
    if key is None or not block.holds(lines) or index < 0 or lines[index] != leaf_of(row).line:
        raise UnprovableError(
            f"version {version} of {stream} is not as block {block.number} was sealed; see `termwise records verify`"
        )
    return Proof(
        event=_event(row),
        path=tuple(each.hex() for each in path([hashed(line) for line in lines], index)),
        block=block,
        block_hash=block.hash,
        public=key.public,
    )


def _unknown(stream: str, version: int, there: int) -> UnknownRecordError:
    if not there:
        return UnknownRecordError(
            f"there is no {stream!r} in the log; `termwise cycles --state all` lists what there is"
        )
    return UnknownRecordError(f"{stream} has {there} events; there is no version {version}")


def _event(row: asyncpg.Record) -> ProvenEvent:
    return ProvenEvent(
        stream=row["stream"],
        version=row["version"],
        type=row["type"],
        schema_v=row["schema_v"],
        command=UUID(str(row["command"])),
        nth=row["nth"],
        of=row["of"],
        occurred_at=row["occurred_at"],
        actor=row["actor"],
        data=row["data"],
        position=row["position"],
        recorded_at=row["recorded_at"],
    )
