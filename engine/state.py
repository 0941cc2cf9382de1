"""What an instance knows of itself: a value that is never changed, only replaced.

Maps are persistent (immutables.Map, a hash array mapped trie): a new state shares all but the path it
changed, so the cost of a command does not grow with the number of open tasks. Their order differs from one
Python process to the next: whoever walks over one sorts it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from immutables import Map
from pydantic import JsonValue

from engine import addresses
from engine.agenda import Agenda
from engine.copying import replace
from engine.events import EventRaised, InstanceStarted
from engine.known_steps import Composite, OpenCall, OpenRun, Stop, Wait
from engine.known_task import Attachment, Comment, Task, TaskStatus, TimeRequest

#: Whoever reads a state finds its parts here, wherever they are kept.
__all__ = [
    "Attachment",
    "Comment",
    "Composite",
    "OpenCall",
    "OpenRun",
    "State",
    "Status",
    "Stop",
    "Tally",
    "Task",
    "TaskStatus",
    "TimeRequest",
    "Values",
    "Wait",
    "with_values",
]

Status = Literal["running", "ended", "cancelled"]
Values = Map[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Tally:
    """One cell of the board: a stage at a school."""

    open: int = 0
    done: int = 0
    overdue: int = 0
    deferred: int = 0
    skipped: int = 0
    lapsed: int = 0
    """Nobody answered by the deadline, and the work went on."""

    def plus(self, other: "Tally", times: int = 1) -> "Tally":
        """These counts and so many times the others."""
        return Tally(
            self.open + times * other.open,
            self.done + times * other.done,
            self.overdue + times * other.overdue,
            self.deferred + times * other.deferred,
            self.skipped + times * other.skipped,
            self.lapsed + times * other.lapsed,
        )


@dataclass(frozen=True)  # Without slots: every event copies it; see `engine/copying.py`.
class State:
    """An instance at one version."""

    started: InstanceStarted
    """How it began; where it has moved to another version since, as if it had begun with that."""
    now: datetime
    """When its last event happened. Time never runs backwards within an instance, whatever clocks do."""
    status: Status = "running"
    outcome: str | None = None
    reported: Mapping[str, JsonValue] = field(default_factory=dict)
    """What its outcome reported at its end."""
    version: int = 0
    tasks: Map[str, Task] = field(default_factory=Map)
    open_tasks: Map[str, None] = field(default_factory=Map)
    deferred_tasks: Map[str, None] = field(default_factory=Map)
    composites: Map[str, Composite] = field(default_factory=Map)
    waits: Map[str, Wait] = field(default_factory=Map)
    children: Map[str, str] = field(default_factory=Map)
    """Open children: child instance id to the address of its part."""
    calls: Map[str, OpenCall] = field(default_factory=Map)
    """Open calls, by address."""
    runs: Map[str, OpenRun] = field(default_factory=Map)
    """Processes that are run, by instance id: those waited for, and those that are to be cancelled with this one."""
    leaving: Map[str, str] = field(default_factory=Map)
    """Children that were withdrawn and have not reported their end yet, with the address of their part."""
    scopes: Map[str, Values] = field(default_factory=Map)
    lists: Map[str, Map[str, str]] = field(default_factory=Map)
    """Where each for-each last ran in a scope, by its name, so that it reads as the list of its members."""
    stops: Map[str, Stop] = field(default_factory=Map)
    beside: Map[str, None] = field(default_factory=Map)
    """Open blocks beside the steps, which events from outside began."""
    steps_finished: bool = False
    """Whether only those are left."""
    raised: Map[tuple[str, str, str], tuple[EventRaised, Map[str, str]]] = field(default_factory=Map)
    """What last happened outside, by event, subject and what was done about it; and the children open then."""
    agenda: Agenda = field(default_factory=Map)
    tallies: Map[tuple[str, str], Tally] = field(default_factory=Map)
    asked: Map[str, int] = field(default_factory=Map)
    """How many open tasks each role has, in the words of the definition."""
    recused: Map[str, tuple[str, ...]] = field(default_factory=Map)
    """Who has stepped back from a task, whichever round of it."""
    commands: Map[UUID, int] = field(default_factory=Map)
    """Every command that was answered, with the version it left."""

    @property
    def instance(self) -> str:
        """The instance id."""
        return self.started.instance

    @property
    def unfinished(self) -> list[str]:
        """The tasks that are open or put off, in a fixed order."""
        return sorted([*self.open_tasks, *self.deferred_tasks])

    @property
    def next_moment(self) -> datetime | None:
        """When time next matters to this instance; none when it waits only for people."""
        return min(self.agenda) if self.agenda else None

    def value(self, scope: str, name: str) -> JsonValue:
        """The value a name has in a scope or the nearest around it; null when it has none yet."""
        while True:
            values = self.scopes.get(scope)
            if values is not None and name in values:
                return values[name]
            lists = self.lists.get(scope)
            if lists is not None and name in lists:
                return list(self.members(lists[name]))
            if scope == addresses.ROOT:
                return None
            scope = addresses.outer_scope(scope)

    def members(self, address: str) -> Iterator[dict[str, JsonValue]]:
        """The values of each member of a for-each, in order."""
        composite = self.composites.get(address)
        for key in composite.items if composite else ():
            block = addresses.item(address, key)
            values = dict(self.scopes.get(block, Map()))
            for name, inner in sorted(self.lists.get(block, Map()).items()):
                values[name] = list(self.members(inner))
            if composite and composite.partial:
                values["finished"] = block in composite.closed
            yield values


def with_values(state: State, scope: str, values: Mapping[str, JsonValue]) -> State:
    """The state with these values in a scope, beside those that are there."""
    known: Values = state.scopes.get(scope, Map())
    return replace(state, scopes=state.scopes.set(scope, known.update(values)))
