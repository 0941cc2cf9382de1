"""The log as rows become values again, checked for holes on the way."""

from collections.abc import AsyncIterator, Sequence

import asyncpg
from pydantic import ValidationError

from engine.events import Event
from engine.records import Recorded
from storage.database import Connection
from storage.errors import HoleError, TooNewEventError, UnreadableEventError
from storage.sealing import PLAIN, Sealing
from storage.upcasting import event_of

#: Events read at a time.
PAGE = 500

READ_ALL = """
select e.position, s.name as stream, e.version, e.type, e.schema_v, e.command, e.recorded_at, e.data
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


_set = object.__setattr__
_FIELDS = frozenset(Recorded.model_fields)


def recorded(row: asyncpg.Record, text: str) -> Recorded:
    """One row of the log as a value, its event read from `text`. Raises UnreadableEventError.

    Only the event is checked: the columns are typed already, and to check them again with the event in them took as
    long as half of the reading.
    """
    fields = {
        "position": row["position"],
        "stream": row["stream"],
        "version": row["version"],
        "command": row["command"],
        "recorded_at": row["recorded_at"],
        "event": event_in(row, text),
    }
    made = Recorded.__new__(Recorded)
    _set(made, "__dict__", fields)
    _set(made, "__pydantic_fields_set__", _FIELDS)
    _set(made, "__pydantic_extra__", None)
    _set(made, "__pydantic_private__", None)
    return made


def event_in(row: asyncpg.Record, text: str) -> Event:
    """The event of a row, by the version of its kind it was written in. Raises UnreadableEventError."""
    try:
        return event_of(row["type"], row["schema_v"], text)
    except ValidationError as error:
        # Without the values: they are people's, and this text goes into logs.
        wrong = error.errors(include_input=False, include_url=False)[0]
        raise UnreadableEventError(row["position"], f"{wrong['msg']} at {wrong['loc']}") from error
    except TooNewEventError as error:
        raise UnreadableEventError(row["position"], error) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        # What an upcaster raises at a text that was never of its version.
        raise UnreadableEventError(row["position"], "it has not the shape of its version") from error
