"""What a run of events changes about one task: what is written to its row."""

from datetime import date, datetime

from pydantic import JsonValue

from engine.model import Model
from engine.state import TaskStatus

Status = TaskStatus


class Opened(Model):
    """What a task is from its opening on, and never changes."""

    step: str
    address: str
    round: int
    title: str
    stage: str
    school: str | None
    year_group: str | None
    role: str
    candidates: tuple[str, ...]
    due_at: datetime | None
    due_on: date | None
    due_why: str | None
    minutes: int
    shown: dict[str, JsonValue]
    opened_at: datetime


class Due(Model):
    """A deadline as the inbox has it; of a task without one, nothing."""

    at: datetime | None = None
    on: date | None = None
    why: str | None = None


class Request(Model):
    """More time that was asked for."""

    by: str
    until: date
    reason: str
    may_decide: tuple[str, ...]


class TaskChange(Model):
    """What a run of events does to one row; `apply_inbox` in migration 0017 reads it as JSON."""

    opened: Opened | None = None
    """Set when the row is new."""
    status: Status | None = None
    assigned: bool = False
    """Whether `assignee` is to be written; a released task is written as nobody's."""
    assignee: str | None = None
    candidates: tuple[str, ...] | None = None
    """Set when others are asked than at its opening."""
    overdue: bool = False
    due: Due | None = None
    """Set when it came back or its clock went on with a new deadline; whether it is late is asked again."""
    deferred_until: date | None = None
    """The day it comes back, while it is put off."""
    outcome: str | None = None
    closed_at: datetime | None = None
    delegated_by: str | None = None
    """Whose it is, while another does it for them; written with `assignee`."""
    deputy: str | None = None
    """Who does it, or did it, for the assignee; written with `assignee` and with `outcome`."""
    asks: bool = False
    """Whether `request` is to be written; one that was decided is written as none."""
    request: Request | None = None
    took: int | None = None
    """Minutes of work that were recorded."""
    comments: int = 0
    """How many more."""
    attachments: int = 0
    events: int = 0
    """How many events were folded."""
    last: int = 0
    """Which of the run was the last for this task, from 1."""
