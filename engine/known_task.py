"""What an instance knows of one task, and of what people said about it: values that are only replaced."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from engine.deadlines import Deadline, Moment

TaskStatus = Literal["open", "deferred", "completed", "returned", "skipped", "lapsed", "withdrawn"]


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
