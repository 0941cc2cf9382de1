"""Appends as the two SQL functions of migration 0021 take them: one item, or many in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from uuid import UUID

from engine.events import EVENT
from engine.records import Append
from storage.database import Connection
from storage.hashing import event_hash
from storage.projections.task_changes import TaskChange
from storage.projections.task_effects import changes
from storage.streams import facts_in, stream_id
from storage.upcasting import schema_of

APPEND_ONE = """
select status, version
  from termwise.append_one($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
"""
APPEND_BATCH = """
select status, version
  from termwise.append_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
 order by item
"""


@dataclass(frozen=True)
class Prepared:
    """An append with everything that can fail or cost time in Python already done."""

    append: Append
    expected: int
    """What `append` expects, or where there is no such thing, the version it is tried at."""
    stream: UUID
    facts: str | None
    bodies: tuple[str, ...]
    hashes: tuple[bytes, ...]
    tasks: dict[str, TaskChange]

    @cached_property
    def checked(self) -> tuple[UUID, ...]:
        """The streams that must have the version it says, and are left alone."""
        return tuple(stream_id(check.stream) for check in self.append.checks)


@dataclass(frozen=True)
class Verdict:
    """What the database said of one append."""

    status: Literal["appended", "repeated", "conflict"]
    version: int


def bodies_of(append: Append) -> tuple[str, ...]:
    """The events as text. Raises ValueError for an append of nothing, or of what is not text."""
    if not append.events:
        raise ValueError(f"an append to {append.stream!r} without events")
    return tuple(EVENT.dump_json(event).decode() for event in append.events)


def prepare(append: Append, expected: int, bodies: Sequence[str]) -> Prepared:
    """Hash what is to be stored, and fold. `bodies` are the texts as they are stored."""
    return Prepared(
        append=append,
        expected=expected,
        stream=stream_id(append.stream),
        facts=facts.model_dump_json() if (facts := facts_in(append.events)) else None,
        bodies=tuple(bodies),
        hashes=_hashes(append, expected, bodies),
        tasks=changes(append.events),
    )


def _hashes(append: Append, expected: int, bodies: Sequence[str]) -> tuple[bytes, ...]:
    stream, command, of = append.stream, append.command, len(bodies)
    return tuple(
        event_hash(
            stream,
            expected + nth,
            event.kind,
            schema_of(event.kind),
            command,
            nth,
            of,
            event.at,
            event.by,
            body,
        )
        for nth, (event, body) in enumerate(zip(append.events, bodies, strict=True), start=1)
    )


async def append_one(connection: Connection, item: Prepared) -> Verdict:
    """The quick way for an append that comes alone."""
    append = item.append
    row = await connection.fetchrow(
        APPEND_ONE,
        item.stream,
        append.stream,
        item.expected,
        append.command,
        item.facts,
        [event.kind for event in append.events],
        [event.at for event in append.events],
        [event.by for event in append.events],
        item.bodies,
        item.hashes,
        [change.last for change in item.tasks.values()],
        list(item.tasks),
        [change.model_dump_json() for change in item.tasks.values()],
        item.checked,
        [check.version for check in append.checks],
    )
    assert row is not None  # noqa: S101 - a function that returns one row
    return Verdict(row["status"], row["version"])


async def append_batch(connection: Connection, items: Sequence[Prepared]) -> list[Verdict]:
    """All of them in one transaction, each judged by itself; no stream may be there twice."""
    numbered = list(enumerate(items, start=1))
    events = [
        (number, nth, event.kind, event.at, event.by, body, digest)
        for number, item in numbered
        for nth, (event, body, digest) in enumerate(
            zip(item.append.events, item.bodies, item.hashes, strict=True), start=1
        )
    ]
    tasks = [
        (number, change.last, task, change.model_dump_json())
        for number, item in numbered
        for task, change in item.tasks.items()
    ]
    checks = [
        (number, stream, check.version)
        for number, item in numbered
        for stream, check in zip(item.checked, item.append.checks, strict=True)
    ]
    rows = await connection.fetch(
        APPEND_BATCH,
        [item.stream for item in items],
        [item.append.stream for item in items],
        [item.expected for item in items],
        [item.append.command for item in items],
        [len(item.bodies) for item in items],
        [item.facts for item in items],
        *_columns(events, 7),
        *_columns(tasks, 4),
        *_columns(checks, 3),
    )
    return [Verdict(row["status"], row["version"]) for row in rows]


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return [[row[column] for row in rows] for column in range(width)]
