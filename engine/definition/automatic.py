"""The grammar of steps that nobody does: they compute, wait, tell, decide, record or end."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, JsonValue, Tag

from engine.definition.values import Expr, Key, Name, Phrase, Rolling, Stage, StepName, Template
from engine.model import Model


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
    roll: Rolling | None = None
    """What becomes of a day without school; `previous school day` when left out."""
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
