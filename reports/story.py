"""The story of a cycle, in sentences: what happened, when, by whom and why.

Every event is told by itself, or together with its neighbours where many people were asked the same at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from pydantic import JsonValue

from engine.dates import say_day
from engine.errors import UnknownNameError
from engine.events import (
    BranchChosen,
    ChildEnded,
    ChildStarted,
    Event,
    ForEachOpened,
    InstanceCancelled,
    InstanceEnded,
    InstanceStarted,
    NotificationRequested,
    RoundStarted,
    TaskClaimed,
    TaskCompleted,
    TaskEscalated,
    TaskOpened,
    TaskOverdue,
    TaskReassigned,
    TaskReleased,
    TaskReminded,
    TaskReturned,
    TaskWithdrawn,
    ValuesSet,
    WaitEnded,
    WaitOpened,
)
from engine.model import Model
from engine.people import Directory
from engine.records import Recorded


class Sentence(Model):
    """One thing that happened, or several that are told together."""

    at: datetime
    by: str
    instance: str
    command: UUID
    first: int
    """Position in the log, of the first of them."""
    last: int
    kind: str
    text: str


class Story:
    """Tells events. Remembers the tasks it has heard of, to name them later."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._tasks: dict[str, TaskOpened] = {}

    def tell(self, log: Sequence[Recorded], *, full: bool = False) -> Iterator[Sentence]:
        """The sentences, oldest first. `full` leaves out nothing and gathers nothing."""
        for event in (record.event for record in log):
            if isinstance(event, TaskOpened):
                self._tasks[event.task] = event
        for _, run in groupby(log, lambda record: record.position if full else self._together(record)):
            records = list(run)
            text = self._many(records) if len(records) > 1 else self._one(records[0].event, full=full)
            if text:
                yield _sentence(records, text)

    def _together(self, record: Recorded) -> object:
        """Neighbours with the same answer are told as one."""
        event = record.event
        match event:
            case TaskOpened():
                return (record.command, event.kind, event.step)
            case TaskReminded() | TaskOverdue() | TaskEscalated():
                return (record.command, event.kind, self._tasks[event.task].step)
            case TaskWithdrawn() | ChildStarted():
                return (record.command, event.kind)
            case _:
                return record.position

    def _many(self, records: Sequence[Recorded]) -> str:
        """Several events of one kind."""
        events = [record.event for record in records]
        n, first = len(events), events[0]
        match first:
            case TaskOpened():
                return f"{n} tasks opened, such as {self._asked(first)}"
            case TaskReminded():
                return f"the {n} who are asked were reminded, such as of {self._task(first.task)}"
            case TaskOverdue():
                return f"{n} tasks are late, such as {self._task(first.task)}"
            case TaskEscalated():
                return f"{n} late tasks were brought to {first.role}, such as {self._task(first.task)}"
            case TaskWithdrawn():
                return f"{n} tasks were withdrawn: {first.reason}"
            case _:
                return f"{n} parts began, each an instance of its own"

    def _one(self, event: Event, *, full: bool) -> str | None:
        return self._of_instance(event) or self._of_task(event) or (self._of_course(event) if full else None)

    def _of_instance(self, event: Event) -> str | None:
        match event:
            case InstanceStarted(parent=None):
                return f"{self._person(event.by)} started {event.name}"
            case InstanceStarted():
                return f"{event.name} began"
            case InstanceEnded():
                return f"it ended: {event.title}"
            case InstanceCancelled():
                return f"{self._person(event.by)} cancelled it: {event.reason}"
            case RoundStarted() if event.round > 1:
                return f"round {event.round} of {_plain(event.step)} began"
            case WaitOpened(event=str() as awaited):
                until = f", until {say_day(event.until.on)}" if event.until else ""
                return f"from now {awaited} may be raised by {self._people(event.raised_by)}{until}"
            case WaitEnded(happened=True):
                return f"{self._person(event.by)} raised what was waited for: {event.reason}"
            case ChildEnded():
                return f"the part {event.child.rpartition('/')[2]} is finished"
            case NotificationRequested():
                return f"{self._people(event.to)} were told: {event.subject}"
            case _:
                return None

    def _of_task(self, event: Event) -> str | None:
        match event:
            case TaskOpened():
                return f"opened: {self._asked(event)}"
            case TaskClaimed():
                return f"{self._person(event.person)} took on {self._task(event.task)}"
            case TaskReleased():
                return f"{self._person(event.by)} gave back {self._task(event.task)}"
            case TaskReassigned():
                given = f"gave {self._task(event.task)} to {self._person(event.person)}"
                return f"{self._person(event.by)} {given}: {event.reason}"
            case TaskCompleted():
                return f"{self._person(event.by)} completed {self._task(event.task)}{self._answer(event)}"
            case TaskReturned():
                back = f"sent {self._task(event.task)} back ({_plain(event.outcome)})"
                return f"{self._person(event.by)} {back}; round {event.round} begins: {event.reason}"
            case TaskWithdrawn():
                return f"{self._task(event.task)} was withdrawn: {event.reason}"
            case TaskReminded() | TaskOverdue() | TaskEscalated():
                return self._pressed(event)
            case _:
                return None

    def _pressed(self, event: TaskReminded | TaskOverdue | TaskEscalated) -> str:
        to, task = self._people(event.to), self._task(event.task)
        match event:
            case TaskReminded():
                days = f"{event.days} school days before it is due" if event.days else "on the day it is due"
                return f"{to} was reminded of {task}, {days}"
            case TaskOverdue():
                return f"{task} is late; it is with {to}"
            case TaskEscalated():
                return f"{task} was brought to {to} ({event.role}), {event.days} school days late"

    def _of_course(self, event: Event) -> str | None:
        """What follows by itself."""
        match event:
            case ForEachOpened():
                return f"{_plain(event.step)}: {len(event.items)} at once"
            case BranchChosen():
                return f"{_plain(event.step)}: {event.because}"
            case ValuesSet():
                return "; ".join(f"{_plain(name)} is {_value(value)}" for name, value in event.values.items())
            case ChildStarted():
                return f"the part {event.child.rpartition('/')[2]} began, as an instance of its own"
            case _:
                return None

    def _asked(self, event: TaskOpened) -> str:
        due = f", due {say_day(event.due.on)}" if event.due else ""
        who = self._people((event.assignee,) if event.assignee else event.candidates)
        return f"{event.title!r}{self._at(event)}, for {who}{due}"

    def _task(self, task: str) -> str:
        opened = self._tasks.get(task)
        return f"{opened.title!r}{self._at(opened)}" if opened else f"the task {task}"

    def _at(self, event: TaskOpened) -> str:
        if event.school is None:
            return ""
        try:
            return f" at {self._directory.school(event.school).name}"
        except UnknownNameError:
            return f" at {event.school}"

    def _answer(self, event: TaskCompleted) -> str:
        outcome = "" if event.outcome == "done" else f": {_plain(event.outcome)}"
        late = ", late" if event.late else ""
        return f"{outcome}{late}{f' ({event.reason})' if event.reason else ''}"

    def _person(self, person: str) -> str:
        try:
            return self._directory.person(person).name
        except UnknownNameError:
            return person

    def _people(self, people: Iterable[str]) -> str:
        names = [self._person(person) for person in people]
        several = f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names)
        return several or "nobody"


def _sentence(records: Sequence[Recorded], text: str) -> Sentence:
    first = records[0]
    return Sentence(
        at=first.event.at,
        by=first.event.by,
        instance=first.stream,
        command=first.command,
        first=first.position,
        last=records[-1].position,
        kind=first.event.kind,
        text=f"{text[:1].upper()}{text[1:]}" if text[:1].isalpha() else text,
    )


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _value(value: JsonValue) -> str:
    return f"a list of {len(value)}" if isinstance(value, list) else str(value)
