"""What people ask of each other about a task: to do it for them, for more time, to hear something, to hurry."""

from datetime import date
from typing import Literal

from engine.order import Order


class DelegateTask(Order):
    """Ask another person to do it for oneself; for whoever has it. It stays the owner's."""

    kind: Literal["delegate"] = "delegate"
    task: str
    to: str
    reason: str


class HandBackTask(Order):
    """Return a delegated task to its owner; for the delegate, or for the owner, who takes it back."""

    kind: Literal["hand-back"] = "hand-back"
    task: str
    reason: str | None = None


class AskForTime(Order):
    """Ask for a later deadline; for whoever is asked to do it."""

    kind: Literal["ask-for-time"] = "ask-for-time"
    task: str
    until: date
    """The day on which it would be due."""
    reason: str


class GrantTime(Order):
    """Give the time that was asked for; for those who decide about the task, never for who asked."""

    kind: Literal["grant-time"] = "grant-time"
    task: str
    until: date | None = None
    """Another day than was asked for."""
    reason: str | None = None


class RefuseTime(Order):
    """Do not give it, with the reason; for those who may grant it."""

    kind: Literal["refuse-time"] = "refuse-time"
    task: str
    reason: str


class CommentOnTask(Order):
    """Say something about a task to those it concerns."""

    kind: Literal["comment"] = "comment"
    task: str
    text: str


class AttachToTask(Order):
    """Say where something about a task is kept. Never what is in it."""

    kind: Literal["attach"] = "attach"
    task: str
    label: str
    """What it is, in a few words."""
    link: str
    """A link that begins with https://, or the number in a store of documents."""


class NudgeTask(Order):
    """Remind whoever is asked, now or as soon as reminders may go; once a school day."""

    kind: Literal["nudge"] = "nudge"
    task: str


TalkCommand = (
    DelegateTask
    | HandBackTask
    | AskForTime
    | GrantTime
    | RefuseTime
    | CommentOnTask
    | AttachToTask
    | NudgeTask
)
