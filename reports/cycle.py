"""A cycle as reports see it: the states and the events of the instance a leader started and of its children."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from engine.access.sight import Sight
from engine.addresses import ROOT
from engine.events import Event, InstanceCancelled, InstanceEnded
from engine.records import Recorded
from engine.state import State
from engine.world import World

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Cycle:
    """Everything the log knows of one cycle."""

    root: State
    parts: tuple[State, ...]
    """The child instances, in the order they began."""
    log: tuple[Recorded, ...]
    """The events of all of them, in the order of the log."""
    world: World
    """The definition, the calendar and the directory the cycle was started with."""
    sight: Sight = Sight.ALL
    """How much of the whole its reader may see."""
    hidden: int = 0
    """How many events its reader may not see."""
    known_on: date | None = None
    """The day whose knowledge this is; none: today's."""

    @property
    def ended_at(self) -> datetime | None:
        """When it ended or was cancelled, if it has."""
        ends = (record.event for record in self.log if record.stream == self.root.instance)
        return next((end.at for end in ends if isinstance(end, InstanceEnded | InstanceCancelled)), None)

    def value(self, name: str) -> object:
        """A value of the cycle; None when it was never set."""
        return self.root.value(ROOT, name)

    def events(self, kind: type[E]) -> Iterator[E]:
        """The events of one kind, oldest first."""
        return (record.event for record in self.log if isinstance(record.event, kind))
