"""The grammar of a definition file: one pydantic model.

From it come the JSON Schema for editors, the reference page and every error. Structured, so that it cannot
deadlock: steps inside steps, and the only ways back are bounded.
"""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, JsonValue, Tag

from engine.definition.outward import CallStep, RunStep
from engine.definition.schedule import Schedules
from engine.definition.values import (
    Check,
    Code,
    Expr,
    FormField,
    Given,
    InputField,
    Join,
    Key,
    Name,
    Phrase,
    Quorum,
    Stage,
    StartingValue,
    StepName,
    Template,
    Text,
)
from engine.model import Model

#: The same of the keys, for editors.
_DAYS = Field(json_schema_extra={"propertyNames": {"pattern": "^([1-9]|[1-5][0-9]|60)$"}})
Confidentiality = Literal["public", "trust", "personal", "sensitive"]


class Outcome(Model):
    """A named answer to a task."""

    label: Text | None = None
    """What the answer says to people; its name when left out."""
    return_to: Name | None = None
    """An earlier step of the same block, which is done again; a reason must be given."""
    at_most: Annotated[int, Field(ge=1, le=20)] = 3
    """How often work may be sent back this way."""
    at_limit: Literal["refuse", "go on"] = "refuse"
    """When it was sent back so often: another outcome must be chosen, or the work goes on with this one."""
    reasons: dict[Code, Text] = {}
    """Codes, one of which must be given with this outcome, each with what it means."""


class Reply(Model):
    """Right of reply: somebody is asked whether the answer is accurate, before the work goes on."""

    who: Phrase
    """Who is asked to reply."""
    due: Phrase
    """A deadline phrase for the reply."""
    at_most: Annotated[int, Field(ge=1, le=20)] = 1
    """How often it goes back to be done again because it is not accurate; then it goes on with what was said."""
    title: Template | None = None
    """What the task is called."""
    minutes: Annotated[int, Field(ge=0, le=10_000)] = 15
    """Expected work."""
    show: dict[Text, Expr] = {}
    """What the person sees. Left out: every answer that is not personal."""


class TaskStep(Model):
    """Human work: somebody is asked, answers by a date, and is reminded."""

    task: StepName
    title: Template
    """What is to be done: shown in every list and letter."""
    who: Phrase
    """`headteacher at school`, `class-teacher of year_group at school`, `the person item.teacher`."""
    guidance: Text | None = None
    """What helps to do it."""
    form: dict[Name, FormField] = {}
    """The questions, by the names under which expressions read the answers."""
    rules: tuple[Check, ...] = ()
    """What must hold between the answers."""
    outcomes: dict[Name, Outcome | None] = {}
    """Left out, the only outcome is `done`."""
    due: Phrase | None = None
    """A deadline phrase: `5 school days before session`."""
    status: Literal["statutory", "local", "custom"] = "custom"
    """A statutory deadline is never rolled to another day."""
    remind: tuple[Annotated[int, Field(ge=0, le=60)], ...] = (10, 3, 0)
    """School days before the deadline."""
    escalate: Annotated[dict[Annotated[int, Field(ge=1, le=60)], Phrase], _DAYS] = {}
    """School days after the deadline, and who is told then."""
    minutes: Annotated[int, Field(ge=0, le=10_000)] = 15
    """Expected work."""
    skip: dict[Code, Text] = {}
    """Reasons for which it need not be done: codes, each with what it means. None: it must be done."""
    defer: dict[Code, Text] = {}
    """Reasons for which it may be put off to a later day: codes, each with what it means."""
    unanswered: Name | None = None
    """The outcome it gets by itself when its deadline passes."""
    quorum: Quorum = "any"
    """`any`: one of those asked does it. Else each is asked for themselves: `all`, `2` or `60%` must agree, or `all
    responded`."""
    carries: Name | None = None
    """With a quorum: the outcome that so many must choose; the first unless said."""
    reply: Reply | None = None
    """After it a task of its own opens, called after this one: `visit_reply`."""
    not_done_by: Name | tuple[Name, ...] | None = None
    """Four eyes: whoever did this earlier task, or one of these, may not do this one."""
    not_at: Expr | None = None
    """Nobody who works at this school may do it."""
    show: dict[Text, Expr] = {}
    """What the person sees beside the form. Nothing else of the instance is shown."""
    stage: Stage = None


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


class Call(Model):
    """A registered function with its arguments."""

    function: Name
    """Which function."""
    args: dict[Name, Expr] = Field(default={}, alias="with")
    """Its arguments: an expression for each."""


def _value(value: object) -> str:
    return "call" if isinstance(value, dict | Call) else "expression"


Value = Annotated[Annotated[Call, Tag("call")] | Annotated[Expr, Tag("expression")], Discriminator(_value)]


class SetStep(Model):
    """Compute values and keep them under these names."""

    set: Annotated[dict[Name, Value], Field(min_length=1)]
    """Names, each with an expression or a function."""
    stage: Stage = None


class AwaitedEvent(Model):
    """An event from outside that ends a wait."""

    by: Phrase | None = None
    """Who may raise it; the owner when left out."""
    match: dict[Name, Expr] = {}
    """It counts only if it comes with these values."""


class WaitStep(Model):
    """Wait for an event from outside, a date, or whichever comes first."""

    wait: StepName
    until: Phrase | None = None
    """A deadline phrase: how long it waits at most."""
    event: Key | None = None
    """The event from outside, by the name with which it is raised."""
    by: Phrase | None = None
    """Who may raise the event."""
    match: dict[Name, Expr] = {}
    """The event counts only if it comes with these values: whose it is among many."""
    events: dict[Key, AwaitedEvent] = {}
    """Several events instead of one; the first that comes ends the wait."""
    stage: Stage = None

    @property
    def awaited(self) -> dict[str, AwaitedEvent]:
        """Every event that ends it."""
        if self.events or self.event is None:
            return dict(self.events)
        return {self.event: AwaitedEvent(by=self.by, match=self.match)}


class NotifyStep(Model):
    """Tell people something."""

    notify: StepName
    to: Phrase
    """Who is told."""
    subject: Template
    """What it is about; it stands in the letter, not in the subject of the mail."""
    body: Template
    """What the letter says."""
    stage: Stage = None


class DecideStep(Model):
    """A table says what follows from what is given. No case without a row, and none with two."""

    decide: StepName
    given: Annotated[dict[Name, Expr], Field(min_length=1, max_length=12)]
    """The columns, and what each holds."""
    hit: Literal["unique", "first"] = "unique"
    """Whether exactly one row may hold, or the first that does counts."""
    table: Annotated[tuple[dict[Name, JsonValue], ...], Field(min_length=1, max_length=200)]
    """Rows: a cell for each column (a value, a list, `1..3`, `< 5`, `any` or left out), and what the row `gives`."""
    stage: Stage = None


class RecordStep(Model):
    """A fact of the business, kept in the log for good."""

    record: StepName
    type: Key
    """What kind of fact it is, for whoever counts them: `audit-finished`."""
    values: dict[Name, Expr] = {}
    """What is recorded: an expression for each name."""
    stage: Stage = None


class EndStep(Model):
    """The whole instance ends here and now; whatever is open is withdrawn."""

    end: Key
    """One of the process's outcomes."""
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
    on: dict[Key, Handler] = {}
    """What is done when something happens outside."""
    steps: Steps
    """What happens, one after the other."""
    report: Key | None = None
    """The report that `termwise report` makes of a cycle."""
    outcomes: Annotated[dict[Key, FinalOutcome], Field(min_length=1)]
    """The named ends; the first whose `when` holds counts."""
