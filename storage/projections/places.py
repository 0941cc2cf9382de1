"""Which places are told of what, at each point of the log.

A place is read by whoever is in the room. So nothing about a person goes there, not even that there is something:
nothing of a process whose records are sensitive, or personal and not pupils', and nothing of the register.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.access.sight import PUPILS
from engine.events import InstanceMigrated, InstanceStarted
from engine.fact import Fact
from engine.register.channel_facts import ChannelClosed, ChannelOpened
from storage.database import Connection
from storage.privacy.fields import unopened
from storage.reading import event_in
from storage.streams import stream_id

CHANNELS = """
select position, type, schema_v, data from termwise.event
 where type in ('channel-opened', 'channel-closed') and position < $1 order by position
"""
CLASSES = """
select s.name as stream, e.position, e.type, e.schema_v, e.data
  from termwise.event e join termwise.stream s on s.id = e.stream
 where e.stream = any($1::uuid[]) and e.type in ('instance-started', 'instance-migrated') and e.position < $2
 order by e.position
"""
#: Of everybody in the trust, whatever it is about.
_OPEN_CLASSES = frozenset({"public", "trust"})


@dataclass
class Places:
    """Those that are open, each with the kinds that it wants; none named: all. Moves with the log."""

    _open: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _started: dict[str, InstanceStarted] = field(default_factory=dict)
    _tellable: dict[str, bool] = field(default_factory=dict)

    def hear(self, stream: str, event: Fact) -> None:
        """Move past an event of that stream."""
        match event:
            case ChannelOpened():
                self._open[event.channel] = event.kinds
            case ChannelClosed():
                self._open.pop(event.channel, None)
            case InstanceStarted():
                self._started[stream] = event
                self._tellable[stream] = _tellable(event, event.confidentiality)
            case InstanceMigrated() if stream in self._started:
                self._tellable[stream] = _tellable(self._started[stream], event.confidentiality)
            case _:
                pass

    def wanting(self, stream: str, kind: str) -> list[str]:
        """The places that are told of this kind in that stream here, in the order of their names."""
        if not self._tellable.get(stream, False):
            return []
        return sorted(place for place, kinds in self._open.items() if not kinds or kind in kinds)


async def places_before(connection: Connection, position: int, streams: Iterable[str]) -> Places:
    """As the log says, up to that position and without it, as far as those streams are concerned."""
    places = Places()
    for row in await connection.fetch(CHANNELS, position):
        places.hear("", event_in(row, unopened(row["data"])))
    ids = sorted({stream_id(each) for each in streams})
    for row in await connection.fetch(CLASSES, ids, position):
        places.hear(row["stream"], event_in(row, unopened(row["data"])))
    return places


def _tellable(started: InstanceStarted, confidentiality: str) -> bool:
    if confidentiality == "personal":
        return started.about == PUPILS and started.person is None
    return confidentiality in _OPEN_CLASSES and started.person is None
