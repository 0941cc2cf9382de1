"""What an instance knows of itself: a value that is never changed, only replaced.

Maps are persistent (immutables.Map, a hash array mapped trie): a new state shares all but the path it
changed, so the cost of a command does not grow with the number of open tasks. Their order differs from one
Python process to the next: whoever walks over one sorts it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from immutables import Map
from pydantic import JsonValue

from engine import addresses
from engine.agenda import Agenda
from engine.copying import replace
from engine.deadlines import Deadline, Moment
from engine.events import Awaited, EventRaised, InstanceStarted, Item

Status = Literal["running", "ended", "cancelled"]
TaskStatus = Literal["open", "deferred", "completed", "returned", "skipped", "lapsed", "withdrawn"]
Values = Map[str, JsonValue]


@dataclass(frozen=True, slots=True)
class TimeRequest:
    """More time that was asked for, while nobody has decided."""

    by: str
    until: date
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said about a task."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """Where somebody said that something about a task is kept."""

    at: datetime
    by: str
    label: str
    link: str


@dataclass(frozen=True, slots=True)
class Task:
    """One task: open, put off or closed."""

    id: str
    address: str
    step: str
    round: int
    title: str
    stage: str
    school: str | None
    role: str
    assignee: str | None
    candidates: tuple[str, ...]
    due: Deadline | None
    moments: tuple[Moment, ...]
    status: TaskStatus = "open"
    overdue: bool = False
    done_by: str | None = None
    closed_at: datetime | None = None
    outcome: str | None = None
    reason: str | None = None
    deferred_at: datetime | None = None
    """When it was put off, while it is."""
    until: datetime | None = None
    """When it comes back, while it is put off."""
    deferred_for: str | None = None
    """The reason in short."""
    deferrals: int = 0
    """How often it was put off."""
    stopped: tuple[str, ...] = ()
    """The stops that hold its clock; its moments are not on the agenda while any does."""
    stopped_at: datetime | None = None
    """Since when its clock stands still."""
    opened_at: datetime | None = None
    """When it was asked for."""
    deputy: str | None = None
    """Who has taken it on for the assignee."""
    done_for: str | None = None
    """For whom it was done, where a deputy did it."""
    delegated_by: str | None = None
    """Whose it is, while another does it for them."""
    instead_of: tuple[str, ...] = ()
    """Who was asked before they were away, and is asked again when they are back."""
    request: TimeRequest | None = None
    comments: tuple[Comment, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    nudged: datetime | None = None
    """When whoever is asked was last reminded because somebody wanted it, or will be."""

    @property
    def asked(self) -> tuple[str, ...]:
        """Whoever has it, or those who may claim it; nobody when no one held the role."""
        return (self.assignee,) if self.assignee else self.candidates

    @property
    def answerable(self) -> tuple[str, ...]:
        """Along whose line a late task goes: the owner's, where it was delegated."""
        return (self.delegated_by,) if self.delegated_by else self.asked

    def may_be_done_by(self, person: str) -> bool:
        """Whether the person is asked, or is one of those asked while nobody has claimed it."""
        return person in self.asked


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
class Stop:
    """Something that happened outside, for which the clock of a school stands still."""

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
