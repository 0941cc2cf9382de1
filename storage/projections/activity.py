"""Who took part in what: what each person did, was asked for, and what was done for them or is about them."""

from collections.abc import Iterator, Sequence

from engine.events import (
    InstanceStarted,
    TaskDelegated,
    TaskHandedBack,
    TaskOpened,
    TaskReassigned,
    TaskRecused,
    TaskReplanned,
)
from engine.fact import TERMWISE, Fact
from engine.records import Recorded
from storage.database import Connection
from storage.projections.columns import columns
from storage.projections.projection import Projection

WRITE = """
insert into activity (person, position, part, instance, task, kind, at, recorded_at)
select * from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
                     $8::timestamptz[])
"""


async def apply(connection: Connection, events: Sequence[Recorded]) -> None:
    """A row for each person and part in each event."""
    rows = [
        (
            person,
            each.position,
            part,
            each.stream,
            getattr(each.event, "task", None),
            each.event.kind,
            each.event.at,
            each.recorded_at,
        )
        for each in events
        for person, part in dict.fromkeys(_parts(each.event))
    ]
    if rows:
        await connection.execute(WRITE, *columns(rows, 8))


def _parts(event: Fact) -> Iterator[tuple[str, str]]:
    if event.by != TERMWISE:
        yield event.by, "did"
    if owner := getattr(event, "for_", None):
        yield owner, "for"
    match event:
        case TaskOpened() | TaskReplanned() | TaskRecused() if event.assignee:
            yield event.assignee, "asked"
        case TaskReassigned() | TaskDelegated() | TaskHandedBack():
            yield event.person, "asked"
        case InstanceStarted() if event.person:
            yield event.person, "about"
        case _:
            pass


ACTIVITY = Projection(name="activity", version=1, tables={"activity": ()}, apply=apply)
