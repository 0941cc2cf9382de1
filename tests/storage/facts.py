"""Events to store, as short as a test wants them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from engine.deadlines import Deadline
from engine.events import (
    Event,
    InstanceEnded,
    InstanceMigrated,
    InstanceStarted,
    TaskClaimed,
    TaskCommented,
    TaskCompleted,
    TaskDeferred,
    TaskDelegated,
    TaskLapsed,
    TaskOpened,
    TaskOverdue,
    TaskResumed,
    TaskReturned,
    TaskSkipped,
    TimeAsked,
    TimeGranted,
)
from engine.records import Append

NOW = datetime(2027, 4, 20, 9, 0, tzinfo=UTC)
DUE = Deadline(
    at=NOW + timedelta(days=7), on=date(2027, 4, 27), rule="5 school days", why="because", status="local"
)


def started(instance: str, root: str | None = None, **other: object) -> InstanceStarted:
    facts: dict[str, Any] = {
        "at": NOW,
        "by": "p-leader",
        "instance": instance,
        "process": "moderation",
        "title": "Moderation",
        "name": "Moderation, summer 1",
        "definition": "d1",
        "calendar": "c1",
        "directory": "p1",
        "engine": 1,
        "owner_role": "assessment lead",
        "confidentiality": "trust",
        "inputs": {},
        "stages": ("collect", "moderate"),
        "schools": ("ash", "beech"),
        "term": "2026-27 summer 1",
        "root": root or instance,
        "parent": root,
    }
    return InstanceStarted(**facts | other)


def migrated(was: str = "d1", definition: str = "d2", **other: object) -> InstanceMigrated:
    facts: dict[str, Any] = {
        "at": NOW,
        "by": "p-leader",
        "was": was,
        "definition": definition,
        "calendar": "c1",
        "directory": "p1",
        "engine": 1,
        "version_was": 1,
        "version": 2,
        "title": "Moderation anew",
        "owner_role": "english lead",
        "confidentiality": "trust",
        "stages": ("collect", "agree"),
        "reason": "Agreed",
    }
    return InstanceMigrated(**facts | other)


def opened(task: str, **other: object) -> TaskOpened:
    facts: dict[str, Any] = {
        "at": NOW,
        "by": "termwise",
        "task": task,
        "address": f"collect/{task}",
        "step": "collect",
        "round": 1,
        "title": "Send the samples",
        "stage": "collect",
        "school": "ash",
        "year_group": "4",
        "role": "headteacher",
        "assignee": None,
        "candidates": ("p-1", "p-2"),
        "due": DUE,
        "moments": (),
        "minutes": 20,
        "shown": {"sample": "six books", "scores": [1, 2.5]},
    }
    return TaskOpened(**facts | other)


def claimed(task: str, person: str = "p-1") -> TaskClaimed:
    return TaskClaimed(at=NOW, by=person, task=task, person=person)


def completed(task: str, outcome: str = "sent", minutes: int | None = None) -> TaskCompleted:
    at, values = NOW + timedelta(days=1), {"n": 6}
    return TaskCompleted(at=at, by="p-1", task=task, outcome=outcome, values=values, minutes=minutes)


def delegated(task: str) -> TaskDelegated:
    return TaskDelegated(at=NOW, by="p-1", task=task, person="p-2", owner="p-1", reason="away")


def asked(task: str) -> TimeAsked:
    told = ("p-3",)
    return TimeAsked(
        at=NOW, by="p-2", task=task, until=date(2027, 5, 7), reason="so", to=told, may_decide=told
    )


def granted(task: str) -> TimeGranted:
    later = DUE.model_copy(update={"at": DUE.at + timedelta(days=10), "on": date(2027, 5, 7)})
    return TimeGranted(
        at=NOW, by="p-3", task=task, was=DUE, due=later, moments=(), asked_by="p-2", to=("p-2",)
    )


def commented(task: str) -> TaskCommented:
    return TaskCommented(at=NOW, by="p-3", task=task, text="so", to=("p-2",))


def returned(task: str) -> TaskReturned:
    return TaskReturned(
        at=NOW,
        by="p-2",
        task=task,
        outcome="send back",
        reason="incomplete",
        to="collect",
        round=2,
    )


def deferred(task: str) -> TaskDeferred:
    back = NOW + timedelta(days=10)
    return TaskDeferred(at=NOW, by="p-1", task=task, code="away", reason="Away", until=back, on=back.date())


def resumed(task: str) -> TaskResumed:
    later = DUE.model_copy(update={"at": DUE.at + timedelta(days=10), "on": date(2027, 5, 7)})
    at = NOW + timedelta(days=10)
    return TaskResumed(at=at, by="termwise", task=task, due=later, moments=(), to=("p-1",))


def skipped(task: str) -> TaskSkipped:
    return TaskSkipped(at=NOW, by="p-1", task=task, code="away", reason="Away")


def lapsed(task: str) -> TaskLapsed:
    return TaskLapsed(at=NOW + timedelta(days=8), by="termwise", task=task, outcome="silent")


def overdue(task: str, *to: str) -> TaskOverdue:
    return TaskOverdue(at=NOW + timedelta(days=8), by="termwise", task=task, to=to)


def ended() -> InstanceEnded:
    return InstanceEnded(at=NOW + timedelta(days=9), by="termwise", outcome="finished", title="Finished")


def append(stream: str, expected: int, *events: Event) -> Append:
    """An append of a command of its own."""
    return Append(stream=stream, expected=expected, command=uuid4(), events=events)
