"""Who is to be told what: one row for each event, channel and person, planned once and for ever.

A row names the task or the instance; what it is called, whether it is still open, and when the person wants
to hear of it, the courier asks when it sends. What is told of which event is in `tellings.py`.
"""

from collections.abc import Iterable, Iterator, Sequence
from json import dumps
from uuid import UUID, uuid5

from engine.records import Recorded
from storage.database import Connection
from storage.projections.forgetting import forget_letters, forgotten
from storage.projections.places import places_before
from storage.projections.projection import Projection
from storage.projections.tellings import Notice, notices

#: Every letter to a person is planned for mail, whatever the settings. They choose what carries it
#: (`workers/channels.py`) and may change; a row must not. A place has a row of its own for each event, from where
#: the log says that it was opened.
CHANNEL = "mail"
#: The parameter of a letter to a deputy: the person they cover for.
COVERS_FOR = "covers_for"
#: Whom a row of a place is for: nobody in particular.
PLACE = "trust"

#: Names message ids; never to be changed.
_MESSAGES = UUID("7465726d-7769-5365-8000-6d6573736167")

PLAN = """
insert into outbox (message_id, position, channel, recipient, kind, subject, parameters, planned_at)
select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[],
                     $8::timestamptz[])
on conflict do nothing
"""
PLANNED = ("message_id", "position", "channel", "recipient", "kind", "subject", "parameters", "planned_at")

#: Nobody knows whether what is missing went, and what a newer version adds was not to go when it happened.
GATE = """
update outbox set status = 'withdrawn', error = 'made anew from the log: it was sent before, or never was to be'
 where position <= $1
"""


async def apply(connection: Connection, events: Sequence[Recorded]) -> None:
    """Plan what is not planned yet."""
    if not events:
        return
    told = {each.position: notices(each.event) for each in events}
    streams = {each.stream for each in events if told[each.position]}
    places = await places_before(connection, events[0].position, streams)
    rows: list[tuple[object, ...]] = []
    for each in events:
        places.hear(each.stream, each.event)
        for notice in told[each.position]:
            rows += _rows(each, notice, places.wanting(each.stream, notice.kind) if notice.to else ())
    if rows:
        await connection.execute(PLAN, *zip(*rows, strict=True))
    await forget(connection, events)


async def forget(connection: Connection, events: Sequence[Recorded]) -> None:
    """Leave nothing of what the letters quote of the cycles that these facts say are gone."""
    cycles, _ = forgotten(events)
    if cycles:
        await forget_letters(connection, cycles)


def message_id(position: int, channel: str, recipient: str) -> UUID:
    """The same for ever for the same event, channel and person, so that a channel can know a repeat."""
    return uuid5(_MESSAGES, f"{position}:{channel}:{recipient}")


def _rows(each: Recorded, notice: Notice, places: Iterable[str]) -> Iterator[tuple[object, ...]]:
    besides = [deputy for deputy in notice.deputies if deputy not in notice.to]
    to = [*((CHANNEL, person) for person in (*notice.to, *besides)), *((place, PLACE) for place in places)]
    for channel, recipient in to:
        covers = {COVERS_FOR: notice.deputies[recipient]} if recipient in besides else {}
        parameters = dumps({"instance": each.stream, **notice.parameters, **covers}, default=str)
        yield (
            message_id(each.position, channel, recipient),
            each.position,
            channel,
            recipient,
            notice.kind,
            notice.heading,
            parameters,
            each.event.at,
        )


OUTBOX = Projection(
    name="outbox",
    version=4,
    tables={"outbox": PLANNED},
    apply=apply,
    forget=forget,
    keeps=True,
    gate=GATE,
)
