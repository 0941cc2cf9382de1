"""What an instance knows of steps under way, and of clocks that stand still: values that are only replaced."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from immutables import Map
from pydantic import JsonValue

from engine.deadlines import Deadline
from engine.events import Awaited, Item


@dataclass(frozen=True, slots=True)
class Composite:
    """A step made of steps while it runs: how many parts are open, and who its members are."""

    step: str
    open: int
    items: Mapping[str, Item] = field(default_factory=dict)
    """The members of a for-each, by key, in order; the people of a quorum. Replaced, never changed."""
    round: int = 0
    closed: Map[str, None] = field(default_factory=Map)
    """The blocks of it that are finished."""
    partial: bool = False
    """Whether it may go on before all of its parts are finished."""
    until: Deadline | None = None
    opened_at: datetime | None = None
    left: frozenset[str] = frozenset()
    """The keys of members that took part and left."""
    answers: tuple[JsonValue, ...] = ()
    """What the people of a quorum answered, in order of time."""


@dataclass(frozen=True, slots=True)
class Wait:
    """What an instance waits for."""

    address: str
    step: str
    awaited: tuple[Awaited, ...]
    """Every event that ends it."""
    until: Deadline | None
    school: str | None = None
    stopped: tuple[str, ...] = ()
    """As of a task."""
    stopped_at: datetime | None = None
    opened_at: datetime | None = None

    def awaits(self, event: str) -> Awaited | None:
        """How it waits for this event; none when it does not."""
        return next((each for each in self.awaited if each.event == event), None)


@dataclass(frozen=True, slots=True)
class OpenCall:
    """An activity that is being called."""

    address: str
    step: str
    activity: str
    arguments: Mapping[str, JsonValue]
    """Never changed."""
    attempt: int
    at_most: int
    first_seconds: int
    timeout_seconds: int


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A process that is run by this instance."""

    address: str
    step: str
    process: str
    child: str
    definition: str
    inputs: Mapping[str, JsonValue]
    """Never changed."""
    school: str | None
    wait: bool
    cancel: Literal["with parent", "never"]
    attempt: int
    began: bool = False
    """Whether the work has gone on without waiting for its end."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Something that happened outside, for which the clock of a school, or of somebody's own process, stands still."""

    key: str
    event: str
    school: str
    since: datetime
    reason: str
    ends_on: str | None
    """The event after which the clock goes on."""
    until: Deadline | None
    """When it goes on at the latest."""
    exempt: tuple[str, ...]
    """Statuses of deadlines that it does not hold."""
    only: tuple[str, ...]
    """The steps that it holds; all when empty."""
    person: str | None = None
    """Whose process it is that stands still, at whatever school, while they are away."""
