"""What the questions in `storage/queries.py` are answered with."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, JsonValue
from pydantic_core import from_json

from engine.acting import Standing
from engine.model import Model
from storage.projections.task_changes import Request, Status


def _parsed(value: object) -> object:
    return from_json(value) if isinstance(value, str) else value


JsonColumn = Annotated[dict[str, JsonValue], BeforeValidator(_parsed)]
"""A column of JSON, which the driver hands over as text."""


class TaskFilter(Model):
    """Which tasks; every condition that is set must hold."""

    assignee: str | None = None
    """Asked of this person by name."""
    candidate: str | None = None
    """This person may claim it, and nobody has."""
    mine: str | None = None
    """Either of the two; and what is asked of those for whom the person stands in."""
    standing_for: tuple[Standing, ...] = ()
    """Whom the person of `mine` covers for today, and in what: see `engine/acting.py`."""
    late: bool = False
    """Only those whose deadline has passed."""
    school: str | None = None
    instance: str | None = None
    root: str | None = None
    """All tasks of a cycle, those of its parts too."""
    status: Status | None = "open"
    """None: whatever became of it."""
    step: str | None = None
    requests: bool = False
    """Only those for which more time is asked."""
    decider: str | None = None
    """With `requests`: only those about which this person may decide."""
    limit: int = 100


class TaskRow(Model):
    """One task as the inbox has it."""

    task: str
    instance: str
    root: str
    process: str
    cycle: str
    """What people call the cycle."""
    definition: str
    step: str
    address: str
    round: int
    title: str
    stage: str
    school: str | None
    year_group: str | None
    role: str
    status: Status
    assignee: str | None
    candidates: tuple[str, ...]
    due_at: datetime | None
    due_on: date | None
    due_why: str | None
    overdue: bool
    """It was late once, whether or not it has been done since."""
    minutes: int
    shown: JsonColumn
    outcome: str | None
    opened_at: datetime
    closed_at: datetime | None
    revision: int
    """How many events it has had: what a form sends back, to notice that somebody was quicker."""
    position: int
    deferred_until: date | None = None
    """The day it comes back, while it is put off."""
    delegated_by: str | None = None
    """Whose it is, while another does it for them."""
    request: Annotated[Request | None, BeforeValidator(_parsed)] = None
    """More time that was asked for, while nobody has decided."""
    deputy: str | None = None
    """Who has taken it on, or did it, for the assignee."""
    took: int | None = None
    """Minutes of work, where whoever did it said so."""
    comments: int = 0
    attachments: int = 0


class CycleRow(Model):
    """One instance."""

    id: str
    root: str
    parent: str | None
    process: str
    name: str
    title: str
    state: Literal["running", "ended", "cancelled"]
    outcome: str | None
    owner_role: str
    term: str | None
    schools: tuple[str, ...]
    stages: tuple[str, ...]
    definition: str
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    open: int
    done: int
    overdue: int
    position: int
    deferred: int = 0
    skipped: int = 0
    lapsed: int = 0
    """Nobody answered by the deadline, and the work went on."""
    confidentiality: str
    about: str | None = None
    """Whose records it makes: pupils' or staff's."""
    person: str | None = None
    """The person whose records they are."""


class BoardCell(Model):
    """One stage at one school."""

    root: str
    school: str
    """Empty: the whole trust."""
    stage: str
    open: int
    done: int
    overdue: int
    returned: int
    waiting_for: JsonColumn
    """How many open tasks each role has."""
    next_due: datetime | None
    deferred: int = 0
    skipped: int = 0
    lapsed: int = 0


class Lag(Model):
    """How far a projection is behind the log."""

    projection: str
    position: int
    head: int
    behind: int
    moved_at: datetime | None
    """None: it has never moved."""
