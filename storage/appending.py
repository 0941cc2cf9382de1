"""Appends as the two SQL functions of migration 0003 take them: one item, or many in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from engine.events import EVENT
from engine.records import Append
from storage.database import Connection
from storage.projections.task_changes import TaskChange
from storage.projections.task_effects import changes
from storage.streams import facts_in, stream_id

APPEND_ONE = (
    "select status, version from termwise.append_one($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
)
APPEND_BATCH = """
select status, version
  from termwise.append_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
 order by item
"""


@dataclass(frozen=True)
class Prepared:
    """An append with everything that can fail or cost time in Python already done."""

    append: Append
    stream: UUID
    facts: str | None
    bodies: tuple[str, ...]
    tasks: dict[str, TaskChange]


@dataclass(frozen=True)
class Verdict:
    """What the database said of one append."""

    status: Literal["appended", "repeated", "conflict"]
    version: int


def prepare(append: Append) -> Prepared:
    """Serialise and fold. Raises ValueError for an append of nothing or of what is not text."""
    if not append.events:
        raise ValueError(f"an append to {append.stream!r} without events")
    return Prepared(
        append=append,
        stream=stream_id(append.stream),
        facts=facts.model_dump_json() if (facts := facts_in(append.events)) else None,
        bodies=tuple(EVENT.dump_json(event).decode() for event in append.events),
        tasks=changes(append.events),
    )


async def append_one(connection: Connection, item: Prepared) -> Verdict:
    """The quick way for an append that comes alone."""
    append = item.append
    row = await connection.fetchrow(
        APPEND_ONE,
        item.stream,
        append.stream,
        append.expected,
        append.command,
        item.facts,
        [event.kind for event in append.events],
        [event.at for event in append.events],
        [event.by for event in append.events],
        item.bodies,
        [change.last for change in item.tasks.values()],
        list(item.tasks),
        [change.model_dump_json() for change in item.tasks.values()],
    )
    assert row is not None  # noqa: S101 - a function that returns one row
    return Verdict(row["status"], row["version"])


async def append_batch(connection: Connection, items: Sequence[Prepared]) -> list[Verdict]:
    """All of them in one transaction, each judged by itself; no stream may be there twice."""
    events = [
        (number, nth, event.kind, event.at, event.by, body)
        for number, item in enumerate(items, start=1)
        for nth, (event, body) in enumerate(zip(item.append.events, item.bodies, strict=True), start=1)
    ]
    tasks = [
        (number, change.last, task, change.model_dump_json())
        for number, item in enumerate(items, start=1)
        for task, change in item.tasks.items()
    ]
    rows = await connection.fetch(
        APPEND_BATCH,
        [item.stream for item in items],
        [item.append.stream for item in items],
        [item.append.expected for item in items],
        [item.append.command for item in items],
        [len(item.bodies) for item in items],
        [item.facts for item in items],
        *_columns(events, 6),
        *_columns(tasks, 4),
    )
    return [Verdict(row["status"], row["version"]) for row in rows]


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return [[row[column] for row in rows] for column in range(width)]
