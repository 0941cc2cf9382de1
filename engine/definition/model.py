"""The grammar of a definition file: one pydantic model.

From it come the JSON Schema for editors, the reference page and every error. Structured, so that it cannot
deadlock: steps inside steps, and the only ways back are bounded.
"""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from engine.default_ladder import Ladder
from engine.definition.automatic import (
    AwaitedEvent,
    Call,
    DecideStep,
    EndStep,
    NotifyStep,
    RecordStep,
    SetStep,
    Value,
    WaitStep,
)
from engine.definition.human import Outcome, Reply, TaskStep
from engine.definition.outward import CallStep, RunStep
from engine.definition.schedule import Schedules
from engine.definition.values import (
    Expr,
    Given,
    InputField,
    Join,
    Key,
    Name,
    Phrase,
    Rolling,
    Stage,
    StartingValue,
    StepName,
    Template,
    Text,
)
from engine.model import Model

__all__ = [
    "KINDS",
    "WHOSE",
    "AwaitedEvent",
    "Call",
    "CallStep",
    "Case",
    "ChooseStep",
    "Confidentiality",
    "DecideStep",
    "Definition",
    "EndStep",
    "EventSpec",
    "EventValue",
    "FinalOutcome",
    "ForEachStep",
    "Handler",
    "NotifyStep",
    "Outcome",
    "ParallelStep",
    "RecordStep",
    "RepeatStep",
    "Reply",
    "RunStep",
    "SetStep",
    "Step",
    "Steps",
    "TaskStep",
    "Value",
    "WaitStep",
]

Confidentiality = Literal["public", "trust", "personal", "sensitive"]


class ForEachStep(Model):
    """The same steps once for every member, all at the same time."""

    for_each: StepName
    over: Annotated[dict[Name, Expr], Field(min_length=1)]
    """Names and the lists they run over; several names give every combination."""
    key: Expr | None = None
    """What tells the members apart in addresses; needed when they are not plain texts."""
    school: Expr | None = None
    """The school this member's work belongs to; the value `school` when left out."""
    run: Literal["in this instance", "as child instances"] = "in this instance"
    """Whether each member's work is an instance of its own, with its own history."""
    join: Join = "all"
    """How many members must be finished before it goes on; the others are withdrawn."""
    until: Phrase | None = None
    """A deadline: it goes on then, without those that are not finished."""
    roll: Rolling | None = None
    """What becomes of a day without school; `previous school day` when left out."""
    stage: Stage = None
    steps: "Steps"
    """What happens for each member."""


class RepeatStep(Model):
    """The steps again and again until a condition holds, at most so many rounds. Every round is kept."""

    repeat: StepName
    until: Expr
    """The condition, looked at after each round."""
    at_most: Annotated[int, Field(ge=1, le=50)]
    """How many rounds there may be."""
    stage: Stage = None
    steps: "Steps"
    """One round."""


class Case(Model):
    """One way to go on."""

    when: Expr | None = None
    """Left out in the last case: otherwise."""
    label: Text | None = None
    """What people call this way."""
    steps: "tuple[Step, ...]" = ()
    """What happens then; nothing, when left out."""


class ChooseStep(Model):
    """The first case that holds."""

    choose: StepName
    cases: Annotated[tuple[Case, ...], Field(min_length=1)]
    """The ways, of which the first whose `when` holds is gone."""
    stage: Stage = None


class ParallelStep(Model):
    """Several lines of work at once; goes on when all are finished."""

    parallel: StepName
    branches: Annotated[dict[Name, "Steps"], Field(min_length=1)]
    """The lines of work, by name."""
    join: Join = "all"
    """How many branches must be finished before it goes on; the others are withdrawn."""
    stage: Stage = None


class EventValue(Given):
    """Something that is said with an event."""

    required: bool = True
    """Whether the event is refused without it."""


class EventSpec(Model):
    """What is said with an event from outside, so that it is checked when it is raised."""

    values: dict[Name, EventValue]
    """Names, and what each must be."""


class Handler(Model):
    """What is done when something happens outside, to the cycle, a school or a person."""

    of: Literal["cycle", "school", "person"] = "cycle"
    """What it happens to; which school or person is said with the event."""
    by: Phrase | None = None
    """Who may raise it; the owner and whoever may start the process when left out."""
    do: Literal["stop the clock", "defer", "reassign", "cancel", "join", "leave", "ask"]
    """What is done."""
    until: Key | None = None
    """The event after which the clock goes on, or what was put off comes back."""
    at_most: Phrase | None = None
    """How long the clock stands still, or tasks are put off, at most: `10 school days`."""
    exempt: tuple[Literal["statutory", "local", "custom"], ...] = Field(
        default=("statutory",), alias="except"
    )
    """Deadlines that do not stop, and tasks that are not put off. Statutory ones never are."""
    only: tuple[Name, ...] = ()
    """The steps that are meant; all of them when left out."""
    to: Phrase | None = None
    """Who gets the tasks of the person; their line manager when left out."""
    for_each: Name | None = None
    """Where the school joins, or what it leaves."""
    steps: "tuple[Step, ...]" = ()
    """What is asked beside all else."""


KINDS = (
    "task",
    "for_each",
    "run",  # It has keys `set` and `wait`, and for-each has a key `run`: the first of these counts.
    "repeat",
    "choose",
    "parallel",
    "set",
    "wait",
    "notify",
    "decide",
    "record",
    "call",
    "end",
)


def _kind(value: object) -> str | None:
    fields = (
        value if isinstance(value, dict) else type(value).model_fields if isinstance(value, Model) else {}
    )
    return next((kind for kind in KINDS if kind in fields), None)


Step = Annotated[
    Annotated[TaskStep, Tag("task")]
    | Annotated[ForEachStep, Tag("for_each")]
    | Annotated[RunStep, Tag("run")]
    | Annotated[RepeatStep, Tag("repeat")]
    | Annotated[ChooseStep, Tag("choose")]
    | Annotated[ParallelStep, Tag("parallel")]
    | Annotated[SetStep, Tag("set")]
    | Annotated[WaitStep, Tag("wait")]
    | Annotated[NotifyStep, Tag("notify")]
    | Annotated[DecideStep, Tag("decide")]
    | Annotated[RecordStep, Tag("record")]
    | Annotated[CallStep, Tag("call")]
    | Annotated[EndStep, Tag("end")],
    Discriminator(
        _kind,
        custom_error_type="step_kind",
        custom_error_message="a step is one of: " + ", ".join(KINDS),
    ),
]
"""The closed union of steps. A new kind is added here, and in `engine/kinds/`."""
Steps = Annotated[tuple[Step, ...], Field(min_length=1)]


class FinalOutcome(Model):
    """A named end of the process."""

    when: Expr | None = None
    """Left out in the last outcome: otherwise."""
    title: Text
    """What it is called in lists and reports."""
    reports: dict[Name, Expr] = {}
    """What is kept with the end, for whoever asks what came of it."""


#: Whose records a process may make, where they are not one person's.
WHOSE = ("pupils", "staff")


class Definition(Model):
    """A process: what a `process.yaml` file says."""

    process: Key
    """Its key, which is also the name of its folder."""
    version: Annotated[int, Field(ge=1)]
    """A whole number for people; what counts for running cycles is the content."""
    title: Text
    """What people call the process."""
    purpose: Text
    """What it is for, in plain words."""
    owner: Key
    """The role that answers for the process, starts it and is told when nobody else can be."""
    start_by: tuple[Key, ...] = ()
    """Other roles that may start it."""
    confidentiality: Confidentiality
    """Who may know of it."""
    about: Name | None = None
    """Whose records it makes: `pupils`, `staff`, or the name of what holds the person. Left out, the stricter rules
    of both hold."""
    retention: Key
    """The class of record that it makes."""
    key: Template
    """What makes a cycle the same cycle; the same key cannot run twice."""
    name: Template
    """What people call the cycle. Nothing personal."""
    term: Expr | None = None
    """The half term it belongs to, for lists."""
    inputs: dict[Name, InputField] = {}
    """What is given when it is started, by name; inputs never change."""
    scales: dict[Name, Annotated[tuple[Text, ...], Field(min_length=2)]] = {}
    """Ordered values, lowest first."""
    values: dict[Name, StartingValue] = {}
    """What the steps set as they go, with the value each has before."""
    schedule: Schedules = ()
    """When it is to start; a process without one starts when a person says so."""
    events: dict[Key, EventSpec] = {}
    """What is said with events from outside; of those that are not listed, anything may be."""
    ladder: Ladder | None = None
    """When people are reminded and who is told of late tasks, where a task does not say; the trust's when left out."""
    on: dict[Key, Handler] = {}
    """What is done when something happens outside."""
    steps: Steps
    """What happens, one after the other."""
    report: Key | None = None
    """The report that `termwise report` makes of a cycle."""
    outcomes: Annotated[dict[Key, FinalOutcome], Field(min_length=1)]
    """The named ends; the first whose `when` holds counts."""
