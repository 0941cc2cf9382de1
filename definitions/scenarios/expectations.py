"""The part of a scenario's grammar that says what must be so."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, JsonValue, StringConstraints

from engine.definition.values import Expr, Key, Name, Text
from engine.model import Model
from engine.state import TaskStatus

Selector = Text
"""Names a task: its step, or its title; with `at` and words of its member's key where there are several.

`look of visit ash`: one of a process that is run, by its key and words of the cycle's key.
"""


def _nothing(value: object) -> object:
    return {} if value == "nothing" else value


def _one(value: object) -> object:
    return (value,) if isinstance(value, str) else value


StepWords = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}( of [a-z][a-z0-9-]{0,62})?$")]
"""A step by its name; `look of visit` where the process under test has a step of this name, too."""
Count = Annotated[int, Field(ge=0)]
Counts = Annotated[
    dict[StepWords, Count],
    BeforeValidator(_nothing, json_schema_input_type=dict[StepWords, Count] | Literal["nothing"]),
]
"""How many there are of each step that is named; `nothing`: there are none at all."""
People = Annotated[tuple[Text, ...], BeforeValidator(_one, json_schema_input_type=Text | tuple[Text, ...])]


class TaskIs(Model):
    """How a task is. Of work that was done again, the last time counts."""

    task: Selector
    state: TaskStatus | Literal["none"] | None = None
    """`none`: it was never asked."""
    asked: People | None = None
    """Whoever has it, or all who may claim it."""
    done_by: Text | None = None
    due: date | None = None
    overdue: bool | None = None
    outcome: Text | None = None
    title: Text | None = None
    round: int | None = None
    times: Count | None = None
    """How many tasks these words name."""


class ProcessIs(Model):
    """How the cycles are that were started of a process that is run."""

    process: Key
    where: Text | None = None
    """Only of these, by words of the cycle's key."""
    state: Literal["running", "ended", "cancelled"] | None = None
    outcome: Key | None = None
    """The named end."""
    times: Count | None = None
    """How many were started; at least one unless said."""


class EventIs(Model):
    """Something that has happened, in the words of the log."""

    event: Key
    where: Text | None = None
    """Only of this member, by words of its key."""
    fields: dict[Name, JsonValue] = Field(default={}, alias="with")
    """Fields that it has, among others. People may be named."""
    times: Count | None = None
    """How often; at least once unless said."""


class Told(Model):
    """Somebody was told something, as their letters say."""

    who: Text
    of: Text
    """Words of the message's subject, or of the title of the task."""
    how: (
        Literal["message", "reminder", "late", "escalation", "nudge", "comment", "request", "answer"] | None
    ) = None
    times: Count | None = None
    """How often; at least once unless said."""


class Expect(Model):
    """What must be so. All of it is looked at; what is not named is not."""

    state: Literal["running", "ended", "cancelled"] | None = None
    outcome: Key | None = None
    """The named end."""
    open: Counts | None = None
    """Open tasks, by step."""
    waiting: Counts | None = None
    """Open waits, by step."""
    tasks: tuple[TaskIs, ...] = ()
    values: dict[Expr, JsonValue] = {}
    """Expressions over the values of the cycle, and what each gives."""
    processes: tuple[ProcessIs, ...] = ()
    events: tuple[EventIs, ...] = ()
    told: tuple[Told, ...] = ()
