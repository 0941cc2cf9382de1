"""The log as rows become values again, checked for holes on the way."""

from collections.abc import AsyncIterator, Sequence

import asyncpg
from pydantic import ValidationError

from engine.events import EVENT, Event
from engine.records import Recorded
from storage.database import Connection
from storage.errors import HoleError, UnreadableEventError
from storage.sealing import PLAIN, Sealing

#: The schema that events are written in.
SCHEMA = 1

#: Events read at a time.
PAGE = 500

READ_ALL = """
select e.position, s.name as stream, e.version, e.schema_v, e.command, e.recorded_at, e.data
  from termwise.event e join termwise.stream s on s.id = e.stream
 where e.position > $1
 order by e.position limit $2
"""


async def page(
    connection: Connection, after: int, limit: int = PAGE, sealing: Sealing = PLAIN
) -> list[Recorded]:
    """The next events of the log as this connection sees it. Raises HoleError when one is missing."""
    events = await all_recorded(await connection.fetch(READ_ALL, after, limit), sealing)
    for expected, event in enumerate(events, start=after + 1):
        if event.position != expected:
            raise HoleError(expected - 1, event.position)
    return events


async def pages(
    connection: Connection, after: int = 0, until: int | None = None, sealing: Sealing = PLAIN
) -> AsyncIterator[Sequence[Recorded]]:
    """Page after page to the end of the log, or to position `until`."""
    while events := await page(
        connection, after, PAGE if until is None else min(PAGE, until - after), sealing
    ):
        yield events
        after = events[-1].position


async def all_recorded(rows: Sequence[asyncpg.Record], sealing: Sealing = PLAIN) -> list[Recorded]:
    """Rows of the log as values, opened where they were sealed. Raises UnreadableEventError."""
    texts = await sealing.opened([row["data"] for row in rows])
    return [recorded(row, text) for row, text in zip(rows, texts, strict=True)]


def recorded(row: asyncpg.Record, text: str) -> Recorded:
    """One row of the log as a value, its event read from `text`. Raises UnreadableEventError."""
    return Recorded(
        position=row["position"],
        stream=row["stream"],
        version=row["version"],
        command=row["command"],
        recorded_at=row["recorded_at"],
        event=event_in(row, text),
    )


def event_in(row: asyncpg.Record, text: str) -> Event:
    """The event of a row, by the schema it was written in. Raises UnreadableEventError."""
    if row["schema_v"] != SCHEMA:
        raise UnreadableEventError(
            row["position"], f"its schema is {row['schema_v']}, this termwise knows {SCHEMA}"
        )
    try:
        return EVENT.validate_json(text)
    except ValidationError as error:
        # Without the values: they are people's, and this text goes into logs.
        wrong = error.errors(include_input=False, include_url=False)[0]
        raise UnreadableEventError(row["position"], f"{wrong['msg']} at {wrong['loc']}") from error
