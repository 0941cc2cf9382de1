"""What people do with a task that they are asked to do, or that they decide about."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from engine.order import Order


class ClaimTask(Order):
    """Take on a task one is a candidate for."""

    kind: Literal["claim"] = "claim"
    task: str


class ReleaseTask(Order):
    """Give a claimed task back to the candidates."""

    kind: Literal["release"] = "release"
    task: str


class CompleteTask(Order):
    """Answer a task. A candidate who has not claimed it does so by answering."""

    kind: Literal["complete"] = "complete"
    task: str
    outcome: str | None = None
    """One of the outcomes the task names; may be left out when there is only one."""
    values: dict[str, JsonValue] = {}
    reason: str | None = None
    """Must be given when the outcome sends the work back and has no codes."""
    code: str | None = None
    """One of the reasons that the outcome lists; must be given when it lists any."""
    minutes: Annotated[int, Field(ge=0, le=10_000)] | None = None
    """How long the work took, if the person says so."""


class SkipTask(Order):
    """Go on without a task; for whoever is asked, the head of the school or the owner role."""

    kind: Literal["skip"] = "skip"
    task: str
    code: str
    """One of the reasons that the task lists."""
    comment: str | None = None
    """What to add to the reason."""


class DeferTask(Order):
    """Put a task off to a later day; for whoever is asked, the head of the school or the owner role."""

    kind: Literal["defer"] = "defer"
    task: str
    code: str
    """One of the reasons that the task lists."""
    until: date
    """The day it comes back, in the morning."""
    comment: str | None = None
    """What to add to the reason."""


class ResumeTask(Order):
    """Bring a deferred task back before its day; for those who may defer it."""

    kind: Literal["resume"] = "resume"
    task: str


class ReassignTask(Order):
    """Ask somebody else; for the owner role, the head of the school or the assignee."""

    kind: Literal["reassign"] = "reassign"
    task: str
    to: str
    reason: str


class RecuseFromTask(Order):
    """Declare an interest in a task one is asked to do, and step back; others are asked, in later rounds too."""

    kind: Literal["recuse"] = "recuse"
    task: str
