"""The grammar of human work: a task, its outcomes, and the right of reply."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from engine.default_ladder import DAYS, Days, Reminders, nobody
from engine.definition.values import (
    Check,
    Code,
    Expr,
    FormField,
    Name,
    Phrase,
    Quorum,
    Rolling,
    Stage,
    StepName,
    Template,
    Text,
)
from engine.model import Model

Escalations = Annotated[
    dict[Days, Phrase], BeforeValidator(nobody, json_schema_input_type=dict[Days, Phrase] | Literal["none"])
]


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


Conflict = Literal[
    "own-school",
    "oneself",
    "own-child",
    "relative",
    "close-friend",
    "business-interest",
    "other-interest",
    "line-manager",
    "reciprocal",
    "same-as-last",
]

_DECLARED: tuple[Conflict, ...] = ("relative", "close-friend", "business-interest", "other-interest")
#: The rules that apply where a task judges a school, or a person, and does not say which.
ABOUT_SCHOOL: tuple[Conflict, ...] = ("own-school", "own-child", *_DECLARED)
ABOUT_PERSON: tuple[Conflict, ...] = ("oneself", *_DECLARED)


class About(Model):
    """What a task judges: whoever has a conflict of interest in it is not asked, and may not do it."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    school: Expr | None = None
    """The school whose work it is."""
    person: Expr | None = None
    """The person whose work it is."""
    year_group: Expr | None = None
    """Of the school; a child in another year group is no conflict then."""
    class_name: Expr | None = Field(default=None, alias="class")
    """Of the school; a child in another class is no conflict then."""
    pairs: Expr | None = None
    """Who judges whom: rows with `school` and `moderator`, for the rule `reciprocal`."""
    last: Expr | None = None
    """The same of the last time, for the rule `same-as-last`."""


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
    """A statutory deadline is never rolled to another day, unless `roll` says so."""
    roll: Rolling | None = None
    """What becomes of a deadline on a day without school. Left out: `fixed` if it is statutory, else `previous school
    day`."""
    remind: Reminders | None = None
    """School days before the deadline; as the header says when left out, else 10, 3 and 0."""
    escalate: Annotated[Escalations | None, DAYS] = None
    """School days after the deadline, and who is told then; the usual ladder when left out. `none`: nobody."""
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
    """Nobody who works at this school may do it: short for `about: {school: ...}`."""
    about: About | None = None
    """What it judges; whoever has a conflict of interest in that may not do it."""
    conflicts: tuple[Conflict, ...] | None = None
    """The rules that apply; left out, those that go with a school or a person."""
    show: dict[Text, Expr] = {}
    """What the person sees beside the form. Nothing else of the instance is shown."""
    stage: Stage = None
