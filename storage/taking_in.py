"""A projection takes in events: those of its parked streams are left out, and what it cannot take in is named."""

from collections.abc import Mapping, Sequence

from engine.errors import TermwiseError
from engine.records import Recorded
from storage.checkpoints import held, move
from storage.database import Connection, translated
from storage.errors import StoreUnavailableError
from storage.log_pages import Entry, LogPages, Unreadable
from storage.projections.projection import Projection
from storage.projections.runs import Run

#: Events taken in at a time, when so many wait: what each page costs besides is then little.
PAGE, BUILD_PAGE = 2000, 2000


class ProjectionStuckError(TermwiseError):
    """A projection cannot take in some events. The log is whole, and the other projections go on."""

    def __init__(self, projection: Projection, first: int, last: int, cause: Exception) -> None:
        where = f"position {first}" if first == last else f"positions {first} to {last}"
        super().__init__(f"projection {projection.name!r} is stuck at {where}: {cause!r}")
        self.first, self.last, self.cause = first, last, cause


class OldTablesError(TermwiseError):
    """The tables are of an older version of the projection: they are read, and have to be made anew."""


async def take_in(connection: Connection, projection: Projection, log: LogPages, limit: int = PAGE) -> int:
    """Take in the next events, at most `limit`, and return how many. In a transaction of the caller's.

    Raises SupersededError, OldTablesError, HoleError, and ProjectionStuckError.
    """
    stands = await held(connection, projection)
    if stands.version < projection.version:
        raise OldTablesError(f"the tables of projection {projection.name!r} are of version {stands.version}")
    entries = await log.after(connection, stands.position, limit)
    if not entries:
        return 0
    events, last = readable(projection, entries, stands.parked)
    await apply(connection, projection, events)
    await move(connection, projection, last)
    return last - stands.position


def readable(
    projection: Projection, entries: Sequence[Entry], parked: Mapping[str, int]
) -> tuple[Sequence[Recorded], int]:
    """The events to take in, up to the first that cannot be read, and the position then reached.

    Raises ProjectionStuckError when it is the very first that cannot be read.
    """
    if isinstance(entries, Run) and not parked:
        return entries, entries[-1].position
    events: list[Recorded] = []
    for each in entries:
        if each.stream in parked and each.version >= parked[each.stream]:
            continue
        if isinstance(each, Unreadable):
            if each is entries[0]:
                raise ProjectionStuckError(projection, each.position, each.position, each.error)
            return events, each.position - 1
        events.append(each)
    return events, entries[-1].position


async def apply(connection: Connection, projection: Projection, events: Sequence[Recorded]) -> None:
    """Raises ProjectionStuckError for whatever is wrong, but not for PostgreSQL being away."""
    if not events:
        return
    try:
        with translated():
            await projection.apply(connection, events)
    except StoreUnavailableError:
        raise
    except Exception as error:
        raise ProjectionStuckError(projection, events[0].position, events[-1].position, error) from error
