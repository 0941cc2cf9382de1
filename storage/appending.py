"""Appends as the two SQL functions of migration 0029 take them: one item, or many in one statement."""

from collections.abc import Iterator, Sequence
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
from storage.projections.task_rows import changed_row, opened_row
from storage.streams import facts_in, stream_id
from storage.upcasting import schema_of

APPEND_SINGLE = """
select status, version
  from termwise.append_single($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
"""
APPEND_MANY = """
select item, status, version
  from termwise.append_many($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
                            $21, $22, $23)
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
    opened: tuple[tuple[int, str], ...]
    """The tasks it opens: which of its events was the last for it, from 1, and the row."""
    changed: tuple[tuple[int, str], ...]
    """Those it changes, likewise."""

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
    tasks = changes(append.events)
    return Prepared(
        append=append,
        expected=expected,
        stream=stream_id(append.stream),
        facts=facts.model_dump_json() if (facts := facts_in(append.events)) else None,
        bodies=tuple(bodies),
        hashes=_hashes(append, expected, bodies),
        tasks=tasks,
        opened=tuple(
            (each.last, opened_row(task, each, each.opened)) for task, each in tasks.items() if each.opened
        ),
        changed=tuple(
            (each.last, changed_row(task, each)) for task, each in tasks.items() if not each.opened
        ),
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


async def append_single(connection: Connection, item: Prepared) -> Verdict:
    """The quick way for an append that comes alone."""
    append = item.append
    row = await connection.fetchrow(
        APPEND_SINGLE,
        item.stream,
        append.stream,
        item.expected,
        append.command,
        item.facts,
        [event.kind for event in append.events],
        [schema_of(event.kind) for event in append.events],
        [event.at for event in append.events],
        [event.by for event in append.events],
        item.bodies,
        item.hashes,
        *_columns(item.opened, 2),
        *_columns(item.changed, 2),
        item.checked,
        [check.version for check in append.checks],
    )
    assert row is not None  # noqa: S101 - a function that returns one row
    return Verdict(row["status"], row["version"])


async def append_many(connection: Connection, items: Sequence[Prepared]) -> list[Verdict]:
    """All of them in one transaction, each judged by itself; no stream may be there twice."""
    rows = await connection.fetch(
        APPEND_MANY,
        [item.stream for item in items],
        [item.append.stream for item in items],
        [item.expected for item in items],
        [item.append.command for item in items],
        [len(item.bodies) for item in items],
        [item.facts for item in items],
        *_further(items),
    )
    refused = {row["item"]: Verdict(row["status"], row["version"]) for row in rows}
    return [
        refused.get(number) or Verdict("appended", item.expected + len(item.bodies))
        for number, item in enumerate(items, start=1)
    ]


def _further(items: Sequence[Prepared]) -> Iterator[list[object]]:
    """The columns of their events, tasks and checks, each with the number of its item."""
    events: list[tuple[object, ...]] = []
    opened: list[tuple[object, ...]] = []
    changed: list[tuple[object, ...]] = []
    checks: list[tuple[object, ...]] = []
    for number, item in enumerate(items, start=1):
        before = len(events)
        opened += [(number, before + last, row) for last, row in item.opened]
        changed += [(number, before + last, row) for last, row in item.changed]
        if item.append.checks:
            versions = (check.version for check in item.append.checks)
            checks += [(number, *check) for check in zip(item.checked, versions, strict=True)]
        told = zip(item.append.events, item.bodies, item.hashes, strict=True)
        events += [
            (number, nth, event.kind, schema_of(event.kind), event.at, event.by, body, digest)
            for nth, (event, body, digest) in enumerate(told, start=1)
        ]
    yield from _columns(events, 8)
    yield from _columns(opened, 3)
    yield from _columns(changed, 3)
    yield from _columns(checks, 3)


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return [[row[column] for row in rows] for column in range(width)]
