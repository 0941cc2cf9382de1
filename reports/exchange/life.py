"""The life of each step of a cycle, in the words of XES: planned, assigned, begun, put off, done; when, and by whom.

No words and no answers of anybody are in it: a step, a role, a school, ids, dates, outcomes and codes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from engine.definition.names import SKIPPED
from engine.events import (
    CallFailed,
    CallFinished,
    CallRequested,
    CallWithdrawn,
    Event,
    InstanceCancelled,
    RunFailed,
    RunFinished,
    RunRequested,
    RunWithdrawn,
    TaskCompleted,
    TaskDeferred,
    TaskLapsed,
    TaskOpened,
    TaskResumed,
    TaskReturned,
    TaskSkipped,
    TaskWithdrawn,
    WaitEnded,
    WaitOpened,
    WaitWithdrawn,
)
from engine.fact import TERMWISE
from engine.records import Recorded
from reports.cycle import Cycle
from reports.exchange.asking import asked_instead

Transition = Literal[
    "schedule", "assign", "reassign", "start", "suspend", "resume", "complete", "manualskip", "autoskip",
    "withdraw", "ate_abort", "pi_abort",
]  # fmt: skip
Begins = TaskOpened | WaitOpened | CallRequested | RunRequested
#: What ends a step that did what it was to do, or that need not do it.
DONE: frozenset[Transition] = frozenset({"complete", "manualskip", "autoskip"})
ENDS: frozenset[Transition] = DONE | {"withdraw", "pi_abort"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step in one instance, once: a task, a wait, a call, or another process that is run."""

    kind: Literal["task", "wait", "call", "process"]
    stream: str
    """The instance it is in."""
    id: str
    """The task's id; of another step its address."""
    name: str
    """As the definition calls it."""
    stage: str | None = None
    role: str | None = None
    school: str | None = None
    year_group: str | None = None
    round: int = 1
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A step passes from one state of its life to the next."""

    position: int
    """In the log, of the event that says so."""
    nth: int
    """Place among those that follow from the same event, from 0."""
    at: datetime
    transition: Transition
    step: Step
    person: str | None = None
    """Whoever did it, or is asked from now on: an id."""
    outcome: str | None = None
    code: str | None = None
    late: bool | None = None
    said: bool = False
    """Not when termwise was told, but when it must have been, by the minutes that the person said it took."""


@dataclass(slots=True)
class _Life:
    step: Step
    since: datetime
    """When it last passed on."""
    begun: bool = False


def life(cycle: Cycle) -> list[Passage]:
    """All passages of a cycle and its parts, as far as they are in its log; oldest first."""
    schools = {
        state.instance: state.started.schools[0] if len(state.started.schools) == 1 else None
        for state in (cycle.root, *cycle.parts)
    }
    lives = _Lives(schools)
    return sorted(
        (passage for record in cycle.log for passage in lives.hear(record)),
        key=lambda each: (each.at, each.position, each.nth),
    )


@dataclass(slots=True)
class _Lives:
    """The steps that are not over yet."""

    schools: dict[str, str | None]
    open: dict[tuple[str, str], _Life] = field(default_factory=dict)

    def hear(self, record: Recorded) -> Iterator[Passage]:
        """What passes by this event."""
        event = record.event
        if isinstance(event, InstanceCancelled):
            for key in [key for key in self.open if key[0] == record.stream]:
                yield self._passage(record, self.open.pop(key), "pi_abort")
        elif isinstance(event, Begins):
            yield from self._begin(record, event)
        else:
            key = (record.stream, _named(event))
            if key in self.open:
                yield from self._go_on(record, self.open[key])

    def _begin(self, record: Recorded, event: Begins) -> Iterator[Passage]:
        step = self._step(record.stream, event)
        again = self.open.get((record.stream, step.id))
        new = self.open[record.stream, step.id] = again or _Life(step, event.at)
        if isinstance(event, CallRequested | RunRequested):
            yield self._passage(record, new, "start")
            return
        yield self._passage(record, new, "schedule")
        if isinstance(event, TaskOpened) and event.assignee:
            yield replace(self._passage(record, new, "assign"), nth=1, person=event.assignee)

    def _go_on(self, record: Recorded, one: _Life) -> Iterator[Passage]:
        event, nth = record.event, 0
        if isinstance(event, TaskCompleted | TaskReturned) and event.minutes is not None and not one.begun:
            began = max(one.since, event.at - timedelta(minutes=event.minutes))
            yield replace(self._passage(record, one, "start"), at=began, person=_who(event), said=True)
            nth = 1
        for passage in self._passages(record, one):
            yield replace(passage, nth=nth)
            nth += 1
            one.since = passage.at
            one.begun = one.begun or passage.transition == "start"
            if passage.transition in ENDS:
                del self.open[record.stream, one.step.id]

    def _passages(self, record: Recorded, one: _Life) -> Iterator[Passage]:
        event = record.event
        how = _HOW.get(event.kind)
        if how is not None:
            code = (
                event.code
                if isinstance(event, TaskCompleted | TaskReturned | TaskSkipped | TaskDeferred)
                else None
            )
            yield replace(
                self._passage(record, one, how),
                person=_who(event), outcome=_outcome(event), code=code,
                late=event.late if isinstance(event, TaskCompleted) else None,
            )  # fmt: skip
        elif (asked := asked_instead(event)) is not None:
            taken = event.kind == "task-claimed"
            yield replace(self._passage(record, one, "assign" if taken else "reassign"), person=asked.person)
            if taken:
                yield replace(self._passage(record, one, "start"), person=asked.person)

    def _step(self, stream: str, event: Begins) -> Step:
        if isinstance(event, TaskOpened):
            return Step(
                "task", stream, event.task, event.step, event.stage, event.role,
                event.school or self.schools.get(stream), event.year_group, event.round,
                event.due.at if event.due else None,
            )  # fmt: skip
        kind: Literal["wait", "call", "process"] = (
            "wait"
            if isinstance(event, WaitOpened)
            else "call"
            if isinstance(event, CallRequested)
            else "process"
        )
        school = None if isinstance(event, CallRequested) else event.school
        return Step(kind, stream, event.address, event.step, school=school or self.schools.get(stream))

    @staticmethod
    def _passage(record: Recorded, one: _Life, transition: Transition) -> Passage:
        return Passage(record.position, 0, record.event.at, transition, one.step)


_HOW: dict[str, Transition] = {
    TaskCompleted.model_fields["kind"].default: "complete",
    TaskReturned.model_fields["kind"].default: "complete",
    TaskSkipped.model_fields["kind"].default: "manualskip",
    TaskLapsed.model_fields["kind"].default: "autoskip",
    TaskWithdrawn.model_fields["kind"].default: "withdraw",
    TaskDeferred.model_fields["kind"].default: "suspend",
    TaskResumed.model_fields["kind"].default: "resume",
    WaitEnded.model_fields["kind"].default: "complete",
    WaitWithdrawn.model_fields["kind"].default: "withdraw",
    CallFinished.model_fields["kind"].default: "complete",
    CallFailed.model_fields["kind"].default: "ate_abort",
    CallWithdrawn.model_fields["kind"].default: "withdraw",
    RunFinished.model_fields["kind"].default: "complete",
    RunFailed.model_fields["kind"].default: "ate_abort",
    RunWithdrawn.model_fields["kind"].default: "withdraw",
}


def _named(event: Event) -> str:
    """Which step it is about: a task by id, another by its address."""
    return str(getattr(event, "task", None) or getattr(event, "address", ""))


def _who(event: Event) -> str | None:
    return None if event.by == TERMWISE or isinstance(event, TaskLapsed) else event.by


def _outcome(event: Event) -> str | None:
    if isinstance(event, WaitEnded):
        return (event.event or "happened") if event.happened else "time passed"
    return SKIPPED if isinstance(event, TaskSkipped) else getattr(event, "outcome", None)
