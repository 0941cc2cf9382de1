"""The grammar of a scenario file: one pydantic model, as that of definitions.

Whoever knows the process reads it as a script: on which day who does what, and what must be so afterwards.
"""

from typing import Annotated

from pydantic import Discriminator, Field, JsonValue, Tag

from definitions.scenarios.doing import Clock, Doing, Moment
from definitions.scenarios.expectations import Expect, Selector, StepWords
from definitions.scenarios.talk_grammar import (
    ASKING,
    ASKING_MODELS,
    AskTime,
    Attach,
    Delegate,
    GrantMore,
    HandBack,
    Nudge,
    RefuseMore,
    Say,
)
from engine.definition.values import Expr, Key, Name, Phrase, Text
from engine.model import Model


class Rows(Model):
    """Rows of a CSV file. Its first line names the columns."""

    csv: Text
    """The file, beside the scenario or by a path from there."""
    where: dict[Text, Expr] = {}
    """Only the rows whose column has this value: an expression over what the task sees."""
    columns: dict[Name, Text] = {}
    """The column of a question that is called otherwise."""


def _given(value: object) -> str:
    return "rows" if isinstance(value, Rows) or (isinstance(value, dict) and "csv" in value) else "value"


Given = Annotated[Annotated[Rows, Tag("rows")] | Annotated[JsonValue, Tag("value")], Discriminator(_given)]
"""A value as it is; a text that begins with `=` is an expression over what the task sees; or rows of a file."""


class Answer(Model):
    """What somebody answers."""

    outcome: Text | None = None
    form: dict[Name, Given] = {}
    row: Rows | None = None
    """The one row of a file that answers the questions of the form, but for those under `form`.

    `columns` may also name the column of `outcome` and of `reason`.
    """
    reason: Text | None = None
    code: Text | None = None
    """One of the reasons that the outcome lists."""


class Complete(Doing, Answer):
    """A task is answered: `judge at glenfield Y6`, `every judge`, or `everything`, as usual."""

    complete: Selector
    but: tuple[StepWords, ...] = ()
    """Steps that are left open when everything is answered."""


class Return(Doing):
    """Work is sent back, by the outcome that does so."""

    return_: Selector = Field(alias="return")
    outcome: Text | None = None
    """Needed only where there is more than one way back."""
    reason: Text | None = None
    code: Text | None = None
    """One of the reasons that the outcome lists, where it lists any."""


class Claim(Doing):
    """A task is taken on."""

    claim: Selector


class Release(Doing):
    """A task is given back to the others who are asked."""

    release: Selector


class Reassign(Doing):
    """Somebody else is asked."""

    reassign: Selector
    to: Text
    reason: Text


class Skip(Doing):
    """It is gone on without a task."""

    skip: Selector
    code: Text
    """One of the reasons that the task lists."""
    comment: Text | None = None


class Defer(Doing):
    """A task is put off."""

    defer: Selector
    code: Text
    """One of the reasons that the task lists."""
    until: Phrase
    """The day it comes back: a date, or a phrase such as `5 school days after today`."""
    comment: Text | None = None


class Resume(Doing):
    """A task that was put off is brought back."""

    resume: Selector


class Join(Doing):
    """Somebody or something more takes part in a for-each that runs."""

    join: StepWords
    values: dict[Name, JsonValue] = {}
    """What it runs over: `{school: ash}`."""
    where: Text | None = None
    """Which of several that run, by words of the member around it."""
    reason: Text


class Leave(Doing):
    """A member takes part no more in a for-each that runs."""

    leave: StepWords
    member: Text
    """Its key: `ash`."""
    where: Text | None = None
    """Which of several that run, by words of the member around it."""
    reason: Text


class Raise(Doing):
    """Something happened outside that is waited for."""

    raise_: Key = Field(alias="raise")
    where: Text | None = None
    """Which member's wait, by words of its key: `glenfield`. Needed only where several wait for it."""
    reason: Text
    values: dict[Name, JsonValue] = {}


class Cancel(Doing):
    """The cycle is stopped for good. The value is the reason."""

    cancel: Text


class Do(Doing):
    """Any command that people send, by its name, with what it says."""

    do: Key
    task: Selector | None = None
    """The task it is about."""
    where: Text | None = None
    """The member whose instance it is sent to, by words of its key; the cycle itself when left out."""
    says: dict[Name, JsonValue] = Field(default={}, alias="with")
    """Its other fields."""


class Pass(Moment):
    """Nothing is done: time passes, or something is expected."""


ACTIONS = (
    "complete",
    "return",
    "claim",
    "release",
    "reassign",
    "skip",
    "defer",
    "resume",
    "join",
    "leave",
    "raise",
    "cancel",
    "do",
    *ASKING,
)
_MODELS = (
    *(Complete, Return, Claim, Release, Reassign, Skip, Defer, Resume, Join, Leave, Raise, Cancel, Do),
    *ASKING_MODELS,
)


def _action(value: object) -> str | None:
    if isinstance(value, Moment):
        return dict(zip(_MODELS, ACTIONS, strict=True)).get(type(value), "pass")
    keys = value if isinstance(value, dict) else {}
    found = next((action for action in ACTIONS if action in keys), None)
    return found or ("pass" if {"on", "expect"} & set(keys) else None)


Entry = Annotated[
    Annotated[Complete, Tag("complete")]
    | Annotated[Return, Tag("return")]
    | Annotated[Claim, Tag("claim")]
    | Annotated[Release, Tag("release")]
    | Annotated[Reassign, Tag("reassign")]
    | Annotated[Skip, Tag("skip")]
    | Annotated[Defer, Tag("defer")]
    | Annotated[Resume, Tag("resume")]
    | Annotated[Join, Tag("join")]
    | Annotated[Leave, Tag("leave")]
    | Annotated[Raise, Tag("raise")]
    | Annotated[Cancel, Tag("cancel")]
    | Annotated[Do, Tag("do")]
    | Annotated[Delegate, Tag("delegate")]
    | Annotated[HandBack, Tag("hand_back")]
    | Annotated[AskTime, Tag("ask_for_time")]
    | Annotated[GrantMore, Tag("grant_time")]
    | Annotated[RefuseMore, Tag("refuse_time")]
    | Annotated[Say, Tag("comment")]
    | Annotated[Attach, Tag("attach")]
    | Annotated[Nudge, Tag("nudge")]
    | Annotated[Pass, Tag("pass")],
    Discriminator(
        _action,
        custom_error_type="entry_kind",
        custom_error_message=f"an entry of a script has one of {', '.join(ACTIONS)}, or only `on` and `expect`",
    ),
]


class Called(Model):
    """What an activity does when it is called."""

    gives: JsonValue = None
    fails: Text | None = None
    """It fails, with these words."""


class Start(Model):
    """How the cycle begins."""

    on: Phrase | None = None
    """The day."""
    at: Clock | None = None
    by: Text | None = Field(default=None, alias="as")
    """Who starts it; somebody who holds the role that owns the process, unless said."""
    inputs: dict[Name, JsonValue] = Field(default={}, alias="set")
    refused: Text | None = None
    """It must not start, and these words must stand in the answer."""


class Scenario(Model):
    """A play: what a scenario file says."""

    scenario: Text
    """What it shows, in one sentence."""
    like: Text | None = None
    """Another scenario, beside this one, whose trust, start and usual answers this one shares and adds to."""
    trust: Text | None = None
    """The folder of the trust, by a path from this file. Left out, it is the trust of the settings."""
    start: Start = Start()
    usually: dict[StepWords, Answer] = {}
    """By step, what whoever is asked answers unless an entry says otherwise."""
    calls: dict[Text, Called] = {}
    """By activity, what it gives whenever it is called. One that is not here never answers."""
    script: tuple[Entry, ...] = ()
    expect: Expect | None = None
    """What must be so at the end."""
