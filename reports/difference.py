"""What changed in a cycle between two moments: what was decided or put off, and which answers were corrected."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from pydantic import JsonValue

from engine.access.sight import Sight
from engine.definition.model import TaskStep
from engine.definition.values import Rows
from engine.events import (
    ClockStarted,
    ClockStopped,
    DeadlineMoved,
    DecisionMade,
    Event,
    InstanceCancelled,
    InstanceEnded,
    InstanceMigrated,
    InstanceStarted,
    TaskCompleted,
    TaskDeferred,
    TaskDelegated,
    TaskLapsed,
    TaskOpened,
    TaskOverdue,
    TaskReassigned,
    TaskRecused,
    TaskReplanned,
    TaskReturned,
    TaskSkipped,
    TimeGranted,
)
from engine.model import Model
from engine.records import Recorded
from reports.cycle import Cycle
from reports.sentences import Sentences

#: In the order in which they are told. What is in none of them follows from these, or is in the story.
HEADINGS: Mapping[str, tuple[type[Event], ...]] = {
    "Begun": (InstanceStarted,),
    "Decided": (TaskCompleted, DecisionMade, InstanceEnded, InstanceCancelled),
    "Sent back": (TaskReturned,),
    "Put off": (TaskDeferred, TimeGranted, DeadlineMoved, ClockStopped, ClockStarted),
    "Not done": (TaskSkipped, TaskLapsed, TaskOverdue),
    "Given to others": (TaskReassigned, TaskRecused, TaskReplanned, TaskDelegated),
    "Moved to another version": (InstanceMigrated,),
}
#: Rounds of a repeat, and passes after work was sent back: the same step each time.
_TIMES = re.compile(r"[#~]\d+")


class Told(Model):
    """One thing that happened."""

    at: datetime
    kind: str
    text: str


class Correction(Model):
    """An answer that stood at the first moment, and another one, or none, that stands at the second."""

    task: str
    """What was asked, by its title and school."""
    step: str
    name: str
    """Which answer: of a table, with its row and column."""
    label: str
    before: JsonValue
    before_by: str
    before_at: datetime
    after: JsonValue = None
    after_by: str | None = None
    """None: it was asked again, and nobody has answered."""
    after_at: datetime | None = None


class Difference(Model):
    """What of a cycle was recorded between two moments, as far as its reader may see it."""

    instance: str
    name: str
    told: dict[str, tuple[Told, ...]]
    """By heading; none that is empty."""
    corrected: tuple[Correction, ...]
    more: int
    """How many events of other kinds there were."""


def difference(cycle: Cycle, since: int) -> Difference:
    """What is in the cycle's log behind that position."""
    sentences = Sentences(cycle.world.directory)
    for record in cycle.log:
        sentences.hear(record.event)
    news = [record for record in cycle.log if record.position > since]
    told = {heading: _told(news, kinds, sentences) for heading, kinds in HEADINGS.items()}
    return Difference(
        instance=cycle.root.instance,
        name=cycle.root.started.name,
        told={heading: each for heading, each in told.items() if each},
        corrected=tuple(_corrections(cycle, since, sentences)),
        more=len(news) - sum(map(len, told.values())),
    )


def _told(news: Iterable[Recorded], kinds: tuple[type[Event], ...], sentences: Sentences) -> tuple[Told, ...]:
    found = [
        Told(at=event.at, kind=event.kind, text=f"{text[:1].upper()}{text[1:]}")
        for event in (record.event for record in news)
        if isinstance(event, kinds) and (text := sentences.say(event))
    ]
    return tuple(sorted(found, key=lambda each: each.at))


def _corrections(cycle: Cycle, since: int, sentences: Sentences) -> Iterator[Correction]:
    """Of each step that had an answer then and was asked again since, where its answers differ."""
    opened = {each.task: each for each in cycle.events(TaskOpened)}
    places: dict[tuple[str, str], list[Recorded]] = {}
    for record in cycle.log:
        if isinstance(record.event, TaskOpened | TaskCompleted) and record.event.task in opened:
            address = _TIMES.sub("", opened[record.event.task].address)
            places.setdefault((record.stream, address), []).append(record)
    for records in places.values():
        before = [
            each.event for each in records if each.position <= since and isinstance(each.event, TaskCompleted)
        ]
        after = [each.event for each in records if each.position > since]
        if before and after:
            last = after[-1]
            again = last if isinstance(last, TaskCompleted) else None
            yield from _compared(cycle, opened[before[-1].task], before[-1], again, sentences)


def _compared(
    cycle: Cycle, task: TaskOpened, was: TaskCompleted, now: TaskCompleted | None, sentences: Sentences
) -> Iterator[Correction]:
    step = cycle.world.program.steps.get(task.step)
    form = step.spec.form if step and isinstance(step.spec, TaskStep) else {}
    hidden = {name for name, each in form.items() if not isinstance(each, Rows) and each.personal}
    old, new = ({**each.values, "outcome": each.outcome} if each else {} for each in (was, now))
    for name in old:
        if cycle.sight < Sight.ALL and name in hidden:
            continue
        field = form.get(name)
        label = (field.label if field else None) or name.replace("_", " ")
        secret = set() if cycle.sight is Sight.ALL or not isinstance(field, Rows) else _personal(field)
        for place, before, after in _differing(old[name], new.get(name), secret):
            if now is None and name == "outcome":
                continue
            yield Correction(
                task=sentences.title(task.task),
                step=task.step,
                name=f"{name}{place}",
                label=f"{label}{place}",
                before=before,
                before_by=was.by,
                before_at=was.at,
                after=after,
                after_by=now.by if now else None,
                after_at=now.at if now else None,
            )


def _personal(table: Rows) -> set[str]:
    return {name for name, column in table.table.items() if column.personal}


def _differing(
    old: JsonValue, new: JsonValue, secret: set[str]
) -> Iterator[tuple[str, JsonValue, JsonValue]]:
    """Where two answers differ: cell by cell where both are tables whose rows can be told apart."""
    rows, others = _rows(old), _rows(new)
    if rows is None or others is None:
        if old != new and not secret:
            yield "", old, new
        return
    for key, row in rows.items():
        after = others.get(key, {})
        for column in row:
            if row[column] != after.get(column) and column not in secret:
                yield f", {key}, {column.replace('_', ' ')}", row[column], after.get(column)


def _rows(value: JsonValue) -> dict[str, dict[str, JsonValue]] | None:
    """The rows by what their first column says; none where that does not tell them apart."""
    if not isinstance(value, list) or not value:
        return None
    rows = [each for each in value if isinstance(each, dict) and each]
    keyed = {str(next(iter(each.values()))): each for each in rows}
    return keyed if len(keyed) == len(value) else None
