"""What has happened in an instance: the closed set of facts the log is made of.

Every fact says when it happened and who did it. A fact carries all that a reader needs to
rebuild state without deciding again: the resolved date with its reason, the people chosen, the
branch taken. So an old log reads the same under a newer engine.
"""

from datetime import date, datetime
from typing import Annotated, Literal, get_args

from pydantic import Field, JsonValue, TypeAdapter

from engine.deadlines import Deadline, Moment
from engine.model import Model

#: Who did it when nobody did: time passed, or a step followed from another.
TERMWISE = "termwise"


class Fact(Model):
    """The base of every event."""

    at: datetime
    """When it happened, UTC; the workflow's clock, never the client's."""
    by: str
    """The person's opaque id, or `termwise` when it followed from time or from another fact."""


class InstanceStarted(Fact):
    """An instance began. It keeps this definition for life, whatever happens to the file."""

    kind: Literal["instance-started"] = "instance-started"
    instance: str
    """The instance id, which is also the Temporal workflow id and the name of its stream."""
    process: str
    title: str
    name: str
    """What people call this cycle, from the definition's name template. Nothing personal."""
    definition: str
    """Content digest of the pinned definition."""
    calendar: str
    directory: str
    engine: int
    """The engine version whose rules decide for this instance."""
    owner_role: str
    confidentiality: str
    inputs: dict[str, JsonValue]
    stages: tuple[str, ...]
    schools: tuple[str, ...] = ()
    term: str | None = None
    root: str
    """The instance a leader started; differs from `instance` only in a child."""
    parent: str | None = None
    run_at: str | None = None
    """The address of the parent's step that runs this process; it is then a cycle of its own, no part."""
    processes: dict[str, str] = {}
    """Digests of the definitions that it may run, by process: pinned with its own."""
    part: str | None = None
    """The address in the parent whose steps this child runs."""
    data: dict[str, JsonValue] = {}
    """The parent's values that the child's steps read."""


class InstanceEnded(Fact):
    """Every step is finished."""

    kind: Literal["instance-ended"] = "instance-ended"
    outcome: str
    title: str
    reported: dict[str, JsonValue] = {}
    """What the outcome reports, computed at the end."""


class InstanceCancelled(Fact):
    """A person stopped it, and said why. Its open tasks are withdrawn with it."""

    kind: Literal["instance-cancelled"] = "instance-cancelled"
    reason: str


class InstanceMigrated(Fact):
    """It moved to another version of its definition, or to a newer calendar or directory, which it has from now on."""

    kind: Literal["instance-migrated"] = "instance-migrated"
    was: str
    """Content digest of the definition it had."""
    definition: str
    calendar: str
    directory: str
    engine: int
    version_was: int
    version: int
    title: str
    owner_role: str
    confidentiality: str
    stages: tuple[str, ...]
    inputs: dict[str, JsonValue] = {}
    """Inputs that it did not have, with their defaults; so with the values."""
    values: dict[str, JsonValue] = {}
    reason: str


class StepFinished(Fact):
    """A step made of steps, or one item or branch of it, is finished."""

    kind: Literal["step-finished"] = "step-finished"
    address: str


class Item(Model):
    """One member of a for-each: its key in addresses, and what its steps may read."""

    key: str
    values: dict[str, JsonValue]
    school: str | None = None


class ForEachOpened(Fact):
    """The members were counted and each began."""

    kind: Literal["for-each-opened"] = "for-each-opened"
    address: str
    step: str
    items: tuple[Item, ...]
    partial: bool = False
    """Whether it may go on before every member is finished."""
    until: Deadline | None = None
    """When it goes on without those that are not finished."""


class MemberJoined(Fact):
    """A member was added to a for-each that runs, and begins."""

    kind: Literal["member-joined"] = "member-joined"
    address: str
    step: str
    item: Item
    reason: str


class MemberLeft(Fact):
    """A member left a for-each that runs. What was open in it is withdrawn; what was done stays in the log."""

    kind: Literal["member-left"] = "member-left"
    address: str
    step: str
    key: str
    reason: str


class Joined(Fact):
    """Lines of work came together again, perhaps without some of them: those were withdrawn."""

    kind: Literal["joined"] = "joined"
    address: str
    step: str
    missing: tuple[str, ...]
    """The members' keys, or the branches' names."""
    because: str


class QuorumOpened(Fact):
    """Several people are asked, each for themselves. Each gets a task; see `TaskOpened`."""

    kind: Literal["quorum-opened"] = "quorum-opened"
    address: str
    step: str
    people: tuple[str, ...]


class QuorumReached(Fact):
    """Enough have answered, or enough no longer can: this is what they decided together."""

    kind: Literal["quorum-reached"] = "quorum-reached"
    address: str
    step: str
    outcome: str
    tied: bool = False
    """Whether another outcome had as many answers; then the one that is listed first was taken."""
    because: str
    returned_to: str | None = None
    """Address of the step that is done again, when this outcome sends the work back."""


class BranchChosen(Fact):
    """A choice was made; `branch` counts from 0, none when no case held and none was needed."""

    kind: Literal["branch-chosen"] = "branch-chosen"
    address: str
    step: str
    branch: int | None
    because: str


class ParallelOpened(Fact):
    """All branches began."""

    kind: Literal["parallel-opened"] = "parallel-opened"
    address: str
    step: str
    branches: int


class RoundStarted(Fact):
    """A repeat began a round (from 1), or rework sent a block back to an earlier step."""

    kind: Literal["round-started"] = "round-started"
    address: str
    step: str
    round: int


class ValuesSet(Fact):
    """Computed values were set in a scope."""

    kind: Literal["values-set"] = "values-set"
    address: str
    step: str
    scope: str
    values: dict[str, JsonValue]


class DecisionMade(Fact):
    """A row of a decision table held, and gave this."""

    kind: Literal["decision-made"] = "decision-made"
    address: str
    step: str
    scope: str
    row: int
    """Which, from 1."""
    because: str
    given: dict[str, JsonValue]
    """What each column held."""
    gives: JsonValue


class FactRecorded(Fact):
    """A fact of the business, for whoever counts them."""

    kind: Literal["fact-recorded"] = "fact-recorded"
    address: str
    step: str
    scope: str
    type: str
    """What kind of fact, in a word of the definition."""
    school: str | None = None
    values: dict[str, JsonValue] = {}


class TaskOpened(Fact):
    """A person is asked to do something."""

    kind: Literal["task-opened"] = "task-opened"
    task: str
    """Short id, unique in the trust; the same for ever for this step, item and round."""
    address: str
    step: str
    round: int
    title: str
    stage: str
    school: str | None
    year_group: str | None
    role: str
    """For whom, in words of the definition: `headteacher`."""
    assignee: str | None
    candidates: tuple[str, ...]
    """Who may claim it. Empty means nobody holds the role: the owner is told."""
    due: Deadline | None
    undated: str | None = None
    """Why there is no deadline although the definition gives one: the calendar ends too early."""
    moments: tuple[Moment, ...]
    minutes: int
    stopped: tuple[str, ...] = ()
    """The stops that hold its clock from the beginning."""
    shown: dict[str, JsonValue] = {}
    """What the person sees beside the form; the definition decides, so a blind judge stays blind."""


class TaskClaimed(Fact):
    """A candidate took it on."""

    kind: Literal["task-claimed"] = "task-claimed"
    task: str
    person: str


class TaskReleased(Fact):
    """The person gave it back to the candidates."""

    kind: Literal["task-released"] = "task-released"
    task: str


class TaskReassigned(Fact):
    """Somebody else is asked, with the reason."""

    kind: Literal["task-reassigned"] = "task-reassigned"
    task: str
    person: str
    reason: str


class TaskCompleted(Fact):
    """The person answered. `late` when after the deadline; both dates stay."""

    kind: Literal["task-completed"] = "task-completed"
    task: str
    outcome: str
    values: dict[str, JsonValue]
    reason: str | None = None
    late: bool = False
    code: str | None = None
    """The reason in short, where the definition lists reasons for the outcome."""


class TaskReturned(Fact):
    """The person sent the work back to an earlier step, with the reason. The round is kept."""

    kind: Literal["task-returned"] = "task-returned"
    task: str
    outcome: str
    reason: str
    to: str
    """Address of the step that is done again."""
    round: int
    """The round that begins there, from 2."""
    code: str | None = None
    """The reason in short, where the definition lists reasons for the outcome."""


class TaskSkipped(Fact):
    """It need not be done, for a reason that the definition lists. The work goes on without it."""

    kind: Literal["task-skipped"] = "task-skipped"
    task: str
    code: str
    reason: str
    """What the code means, and what the person added."""
    values: dict[str, JsonValue] = {}
    """Its questions, all null: later steps may look."""


class TaskLapsed(Fact):
    """Nobody answered by the deadline; the definition says which outcome that is. It is nobody's answer."""

    kind: Literal["task-lapsed"] = "task-lapsed"
    task: str
    outcome: str
    values: dict[str, JsonValue] = {}
    """Its questions, all null: later steps may look."""


class TaskDeferred(Fact):
    """It was put off, for a reason that the definition lists: neither open nor done until it comes back."""

    kind: Literal["task-deferred"] = "task-deferred"
    task: str
    code: str
    reason: str
    """What the code means, and what the person added."""
    until: datetime
    """UTC; when it comes back by itself."""
    on: date
    """The day on the wall at the school."""


class TaskResumed(Fact):
    """It came back, on its day or because a person brought it back. Its deadline moved by what it was put off."""

    kind: Literal["task-resumed"] = "task-resumed"
    task: str
    due: Deadline | None
    moments: tuple[Moment, ...]
    to: tuple[str, ...]
    """Whoever is asked again."""
    stopped: tuple[str, ...] = ()
    """The stops that hold its clock from then on."""


class TaskWithdrawn(Fact):
    """It is no longer asked of anybody."""

    kind: Literal["task-withdrawn"] = "task-withdrawn"
    task: str
    reason: str


class TaskReminded(Fact):
    """A rung of the reminder ladder was reached while the task was open."""

    kind: Literal["task-reminded"] = "task-reminded"
    task: str
    days: int
    to: tuple[str, ...]


class TaskOverdue(Fact):
    """The deadline passed while the task was open."""

    kind: Literal["task-overdue"] = "task-overdue"
    task: str
    to: tuple[str, ...]


class TaskEscalated(Fact):
    """A rung of the escalation ladder was reached; the role's holders were told."""

    kind: Literal["task-escalated"] = "task-escalated"
    task: str
    days: int
    role: str
    to: tuple[str, ...]


class Awaited(Model):
    """An event that ends a wait."""

    event: str
    raised_by: tuple[str, ...] = ()
    match: dict[str, JsonValue] = {}
    """The values that it must come with."""


class WaitOpened(Fact):
    """The instance waits for an event from outside, a date, or whichever comes first."""

    kind: Literal["wait-opened"] = "wait-opened"
    address: str
    step: str
    event: str | None
    raised_by: tuple[str, ...] = ()
    until: Deadline | None
    school: str | None = None
    awaited: tuple[Awaited, ...] = ()
    """Every event that ends it, where there are several or they must come with values."""
    stopped: tuple[str, ...] = ()
    """The stops that hold its clock from the beginning."""


class WaitEnded(Fact):
    """What was waited for came."""

    kind: Literal["wait-ended"] = "wait-ended"
    address: str
    happened: bool
    """True when the event came, false when the date did."""
    reason: str | None = None
    event: str | None = None
    """Which event it was."""
    values: dict[str, JsonValue] = {}
    """What was said with it."""


class WaitWithdrawn(Fact):
    """It is no longer waited for."""

    kind: Literal["wait-withdrawn"] = "wait-withdrawn"
    address: str
    reason: str


class EventRaised(Fact):
    """Something happened outside, and the definition says what is to be done about it."""

    kind: Literal["event-raised"] = "event-raised"
    event: str
    of: str
    """What it happened to: `cycle`, `school` or `person`."""
    subject: str = ""
    """Which school or person."""
    do: str
    """What is done about it; the facts that follow say how."""
    reason: str
    values: dict[str, JsonValue] = {}


class ClockStopped(Fact):
    """The deadlines of a school stand still, those of these tasks and waits among them."""

    kind: Literal["clock-stopped"] = "clock-stopped"
    stop: str
    """The name of this stop."""
    event: str
    school: str
    reason: str
    ends_on: str | None = None
    """The event after which the clock goes on."""
    until: Deadline | None = None
    """When it goes on at the latest."""
    exempt: tuple[str, ...] = ()
    """Statuses of deadlines that do not stop."""
    only: tuple[str, ...] = ()
    """The steps whose deadlines stop; all when empty."""
    tasks: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()


class Rescheduled(Model):
    """The deadline of a task whose clock goes on, and the moments around it that are still to come."""

    task: str
    due: Deadline | None
    undated: str | None = None
    """Why there is no deadline any more: the calendar ends too early."""
    moments: tuple[Moment, ...] = ()
    late: bool = False
    """Whether it was late before; then its deadline has not moved, and it stays late."""


class RescheduledWait(Model):
    """When a wait ends whose clock goes on."""

    address: str
    until: Deadline


class ClockStarted(Fact):
    """The clock of a school goes on. Every deadline moved by the school days for which it had stood still."""

    kind: Literal["clock-started"] = "clock-started"
    stop: str
    event: str | None = None
    """The event that ended the stop; none when its time was over."""
    school: str
    tasks: tuple[Rescheduled, ...] = ()
    waits: tuple[RescheduledWait, ...] = ()


class MatterOpened(Fact):
    """Steps began beside the others, because something happened outside."""

    kind: Literal["matter-opened"] = "matter-opened"
    address: str
    event: str
    item: Item


class StepsFinished(Fact):
    """The steps of the definition are finished; what began beside them is still open."""

    kind: Literal["steps-finished"] = "steps-finished"


class ChildStarted(Fact):
    """A part runs as an instance of its own. Recorded first; the workflow then starts it."""

    kind: Literal["child-started"] = "child-started"
    address: str
    child: str
    item: Item


class ChildEnded(Fact):
    """The child reported its end."""

    kind: Literal["child-ended"] = "child-ended"
    address: str
    child: str
    outcome: str
    values: dict[str, JsonValue]


class CallRequested(Fact):
    """An activity is to be called. Recorded first; the workflow then calls it."""

    kind: Literal["call-requested"] = "call-requested"
    address: str
    step: str
    activity: str
    arguments: dict[str, JsonValue]
    attempt: int
    """From 1; another begins when the owner wants it tried again."""
    at_most: int
    first_seconds: int
    timeout_seconds: int


class CallFinished(Fact):
    """The activity gave its result."""

    kind: Literal["call-finished"] = "call-finished"
    address: str
    result: JsonValue


class CallFailed(Fact):
    """The activity failed as often as it may."""

    kind: Literal["call-failed"] = "call-failed"
    address: str
    attempt: int
    why: str


class CallWithdrawn(Fact):
    """The work goes on without this call. Recorded first; the workflow then cancels it."""

    kind: Literal["call-withdrawn"] = "call-withdrawn"
    address: str
    reason: str


class ChildWithdrawn(Fact):
    """The work goes on without this child. Recorded first; the workflow then cancels it."""

    kind: Literal["child-withdrawn"] = "child-withdrawn"
    address: str
    child: str
    reason: str


class RunRequested(Fact):
    """Another process is to be started. Recorded first; the workflow then starts it."""

    kind: Literal["run-requested"] = "run-requested"
    address: str
    step: str
    process: str
    child: str
    """The id that its key gives it."""
    definition: str
    inputs: dict[str, JsonValue]
    school: str | None
    wait: bool
    cancel: Literal["with parent", "never"]
    attempt: int


class RunFinished(Fact):
    """The process ended; or it began, where it is not waited for."""

    kind: Literal["run-finished"] = "run-finished"
    address: str
    child: str
    outcome: str
    reports: dict[str, JsonValue] = {}


class RunFailed(Fact):
    """The process could not be started."""

    kind: Literal["run-failed"] = "run-failed"
    address: str
    step: str
    child: str
    attempt: int
    why: str


class RunWithdrawn(Fact):
    """The work goes on without this process. Recorded first; the workflow then cancels it, if it is to be."""

    kind: Literal["run-withdrawn"] = "run-withdrawn"
    address: str
    child: str
    reason: str


class NotificationRequested(Fact):
    """The definition asked for a message."""

    kind: Literal["notification-requested"] = "notification-requested"
    address: str
    step: str
    to: tuple[str, ...]
    subject: str
    body: str


Event = Annotated[
    InstanceStarted
    | InstanceEnded
    | InstanceCancelled
    | InstanceMigrated
    | StepFinished
    | ForEachOpened
    | MemberJoined
    | MemberLeft
    | Joined
    | QuorumOpened
    | QuorumReached
    | BranchChosen
    | ParallelOpened
    | RoundStarted
    | ValuesSet
    | DecisionMade
    | FactRecorded
    | TaskOpened
    | TaskClaimed
    | TaskReleased
    | TaskReassigned
    | TaskCompleted
    | TaskReturned
    | TaskSkipped
    | TaskLapsed
    | TaskDeferred
    | TaskResumed
    | TaskWithdrawn
    | TaskReminded
    | TaskOverdue
    | TaskEscalated
    | WaitOpened
    | WaitEnded
    | WaitWithdrawn
    | EventRaised
    | ClockStopped
    | ClockStarted
    | MatterOpened
    | StepsFinished
    | ChildStarted
    | ChildEnded
    | CallRequested
    | CallFinished
    | CallFailed
    | CallWithdrawn
    | ChildWithdrawn
    | RunRequested
    | RunFinished
    | RunFailed
    | RunWithdrawn
    | NotificationRequested,
    Field(discriminator="kind"),
]
"""The closed union. A new kind of fact is added here and in `engine/evolve.py`, nowhere else."""

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Reads and writes one event as JSON."""

#: Every kind of fact, by its name in the log.
EVENT_KINDS: dict[str, type[Fact]] = {
    model.model_fields["kind"].default: model for model in get_args(get_args(Event)[0])
}
