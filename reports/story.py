"""The story of a cycle, in sentences: what happened, when, by whom and why."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from engine.events import (
    EventRaised,
    InstanceEnded,
    TaskEscalated,
    TaskLapsed,
    TaskOpened,
    TaskOverdue,
    TaskReminded,
    TaskWithdrawn,
)
from engine.model import Model
from engine.people import Directory
from engine.records import Recorded
from reports.sentences import OF_COURSE, Sentences


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


def story(log: Sequence[Recorded], directory: Directory, *, full: bool = False) -> Iterator[Sentence]:
    """The sentences, oldest first; `log` begins with the cycle's own start.

    Where many people were asked the same at once, one tells it. `full` gathers nothing, and leaves out nothing
    that means something to people.
    """
    sentences = Sentences(directory)
    for record in log:
        sentences.hear(record.event)
    told = [record for record in log if full or _tellable(record, log[0].stream)]
    # Instances have clocks of their own: what one did at noon may stand in the log behind what another did at one.
    told.sort(key=lambda record: record.event.at)
    for _, run in groupby(told, lambda record: record.position if full else _together(record, sentences)):
        records = list(run)
        text = _several(records, sentences) if len(records) > 1 else sentences.say(records[0].event)
        if text:
            yield _sentence(records, text)


def _together(record: Recorded, sentences: Sentences) -> object:
    """Neighbours for which this is the same are told as one."""
    event = record.event
    match event:
        case TaskOpened() | TaskReminded() | TaskOverdue() | TaskEscalated() | TaskLapsed():
            return (record.command, event.kind, sentences.step(event.task))
        case TaskWithdrawn():
            return (record.command, event.kind)
        case _:
            return record.position


def _tellable(record: Recorded, cycle: str) -> bool:
    """Whether it is more than a matter of course. What ends a part, or happens to it, is told by the cycle."""
    told_there = isinstance(record.event, InstanceEnded | EventRaised) and record.stream != cycle
    return not (isinstance(record.event, OF_COURSE) or told_there)


def _several(records: Sequence[Recorded], sentences: Sentences) -> str:
    n, first = len(records), records[0].event
    what = {
        "task-opened": "tasks opened",
        "task-reminded": "tasks were called to mind",
        "task-overdue": "tasks were late",
        "task-lapsed": "tasks were not answered by their deadline",
        "task-escalated": "late tasks were brought to somebody else",
        "task-withdrawn": "tasks were withdrawn",
    }[first.kind]
    said = (sentences.say(first) or "").removeprefix("opened: ")
    return f"{n} {what}; the first: {said}"


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
        text=f"{text[:1].upper()}{text[1:]}",
    )
