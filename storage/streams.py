"""How the tables know an instance: its stream's id, and what never changes about it."""

from collections.abc import Iterable
from uuid import UUID, uuid5

from engine.events import Event, InstanceStarted
from engine.model import Model

#: Names the streams' ids; never to be changed.
_STREAMS = UUID("7465726d-7769-5365-8000-73747265616d")


class StreamFacts(Model):
    """The columns of `termwise.stream` that read models join with."""

    root: str
    process: str
    title: str
    cycle: str
    definition: str


def stream_id(name: str) -> UUID:
    """The id under which the tables know the stream of that name."""
    return uuid5(_STREAMS, name)


def facts_in(events: Iterable[Event]) -> StreamFacts | None:
    """What the start of an instance says about it; none when it is not among the events."""
    for event in events:
        if isinstance(event, InstanceStarted):
            return StreamFacts(
                root=event.root,
                process=event.process,
                title=event.title,
                cycle=event.name,
                definition=event.definition,
            )
    return None
