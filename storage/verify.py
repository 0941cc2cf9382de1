"""Prove that the log is whole, and that every read model is what the log says."""

from collections.abc import AsyncIterator, Iterator, Sequence

import asyncpg

from engine.errors import TermwiseError
from engine.evidence.published import Published
from engine.model import Model
from storage.database import Connection, Pool
from storage.errors import UnreadableEventError
from storage.evidence.checking import check_evidence
from storage.evidence.findings import Evidence
from storage.folding import fold, make_twins
from storage.log_checks import CHECKS
from storage.projections import FOLLOWING, INLINE
from storage.projections.projection import Projection
from storage.reading import event_in
from storage.sealing import PLAIN, Sealing
from storage.streams import facts_in
from storage.unhurried import PATIENCE, at_one_moment

#: How many of each kind of trouble are told.
SHOWN = 20

HEAD = "select position from termwise.head"
COUNT = "select count(*) from termwise.event"
CHECKPOINT = "select position from termwise.checkpoint where projection = $1 and version = $2"
ROWS = """
select e.position, e.type, e.schema_v, e.occurred_at, e.actor, e.data,
       s.root, s.process, s.title, s.cycle,
       case e.type when 'instance-started' then termwise.definition_at(e.stream, e.position) end as definition
  from termwise.event e left join termwise.stream s on s.id = e.stream
 where e.position > $1 order by e.position limit 1000
"""
PARKED = """
select format('projection %s has parked %s from position %s on', projection, stream, position) as problem
  from termwise.parked where projection = $1 order by position
"""
DIFFERENCES = "select found, content from termwise.differences($1, $2, $3)"


class Findings(Model):
    """What was looked at, and what is wrong with it."""

    events: int
    checked: tuple[str, ...]
    """The log, its blocks, and the projections that were folded anew."""
    evidence: Evidence
    """How much of it is sealed; what is wrong there is among the problems."""
    problems: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Nothing is wrong."""
        return not self.problems


async def verify(
    pool: Pool, sealing: Sealing = PLAIN, published: Sequence[Published] | None = None
) -> Findings:
    """Look at everything as it is at one moment, changing nothing; others read and write meanwhile.

    `published`: what others were told of the blocks, read before; None where there is nothing to compare with.
    """
    async with at_one_moment(pool) as connection:
        return await _look(connection, sealing, published)


async def _look(connection: Connection, sealing: Sealing, published: Sequence[Published] | None) -> Findings:
    problems = [problem async for problem in _log(connection, sealing)]
    evidence, altered = await check_evidence(connection, published)
    problems += altered
    checked = ["log", "blocks"]
    if not problems:
        for projection in (*INLINE, *FOLLOWING):
            problems += [row["problem"] for row in await connection.fetch(PARKED, projection.name)]
            problems += [problem async for problem in _projection(connection, projection, sealing)]
            checked.append(projection.name)
    events = await connection.fetchval(COUNT, timeout=PATIENCE)
    return Findings(events=events, checked=tuple(checked), problems=tuple(problems), evidence=evidence)


async def _log(connection: Connection, sealing: Sealing) -> AsyncIterator[str]:
    for check in CHECKS:
        for row in await connection.fetch(check, SHOWN, timeout=PATIENCE):
            yield row["problem"]
    after = 0
    while rows := await connection.fetch(ROWS, after):
        texts = await sealing.opened([row["data"] for row in rows])
        for row, text in zip(rows, texts, strict=True):
            for problem in _event(row, text):
                yield problem
        after = rows[-1]["position"]


def _event(row: asyncpg.Record, text: str) -> Iterator[str]:
    """An event's columns, and its stream's, repeat what its text says; none may say otherwise."""
    try:
        event = event_in(row, text)
    except UnreadableEventError as error:
        yield str(error)
        return
    if (row["type"], row["occurred_at"], row["actor"]) != (event.kind, event.at, event.by):
        yield f"position {row['position']}: type, time or actor differ from the event's text"
    facts = facts_in([event])
    if facts and any(row[name] != value for name, value in facts.model_dump().items()):
        yield f"position {row['position']}: its stream's row differs from how the instance started"


async def _projection(connection: Connection, projection: Projection, sealing: Sealing) -> AsyncIterator[str]:
    until = await (
        connection.fetchval(HEAD)
        if projection.inline
        else connection.fetchval(CHECKPOINT, projection.name, projection.version)
    )
    await make_twins(connection, projection)
    try:
        async with connection.transaction():
            await fold(connection, projection, until=until or 0, sealing=sealing)
    except (TermwiseError, asyncpg.PostgresError) as error:
        yield f"projection {projection.name!r} cannot be folded: {error}"
        return
    for table, columns in projection.tables.items():
        for row in await connection.fetch(DIFFERENCES, table, list(columns) or None, SHOWN, timeout=PATIENCE):
            said = "has a row the log does not give" if row["found"] else "lacks a row the log gives"
            yield f"{table} {said}: {row['content']}"
