"""Which places are told of what, at each point of the log."""

from dataclasses import dataclass, field

from engine.fact import Fact
from engine.register.channel_facts import ChannelClosed, ChannelOpened
from storage.database import Connection
from storage.reading import event_in

BEFORE = """
select position, schema_v, data from termwise.event
 where type in ('channel-opened', 'channel-closed') and position < $1 order by position
"""


@dataclass
class Places:
    """Those that are open, each with the kinds that it wants; none named: all. Moves with the log."""

    _open: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def hear(self, event: Fact) -> None:
        """Move past an event."""
        if isinstance(event, ChannelOpened):
            self._open[event.channel] = event.kinds
        if isinstance(event, ChannelClosed):
            self._open.pop(event.channel, None)

    def wanting(self, kind: str) -> list[str]:
        """The places that are told of this kind here, in the order of their names."""
        return sorted(place for place, kinds in self._open.items() if not kinds or kind in kinds)


async def places_before(connection: Connection, position: int) -> Places:
    """As the log says, up to that position and without it."""
    places = Places()
    for row in await connection.fetch(BEFORE, position):
        places.hear(event_in(row))
    return places
