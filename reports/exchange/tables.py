"""Cycles, tasks and events as tables for a spreadsheet: plain columns, and of what people wrote only titles."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Literal

from engine import addresses
from engine.events import TaskCompleted, TaskOpened, TaskReturned
from engine.fact import TERMWISE
from engine.state import State, Task
from engine.timezone import local_date
from reports.cycle import Cycle
from reports.exchange.people import Called

Cell = str | int | date | datetime | None
Row = tuple[Cell, ...]
Name = Literal["cycles", "tasks", "events"]
#: Each table with its columns.
TABLES: Mapping[Name, tuple[str, ...]] = {
    "cycles": (
        "cycle", "process", "name", "term", "schools", "state", "outcome", "began", "ended", "open", "done",
        "deferred", "skipped", "unanswered", "late",
    ),
    "tasks": (
        "cycle", "instance", "task", "step", "title", "stage", "school", "year group", "role", "person", "round",
        "status", "outcome", "opened", "due", "closed", "late", "minutes",
    ),
    "events": (
        "position", "recorded", "happened", "process", "cycle", "instance", "version", "what", "step", "task",
        "school", "by", "outcome", "code",
    ),
}  # fmt: skip


class Days:
    """From one day to another, both of them in it; one that is not said is no bound."""

    def __init__(self, first: date | None = None, last: date | None = None) -> None:
        self._first, self._last = first or date.min, last or date.max

    def has(self, at: datetime | None) -> bool:
        """Whether the moment is in it, as the clocks of the schools show it."""
        return at is not None and self._first <= local_date(at) <= self._last

    def may_have_since(self, began: datetime) -> bool:
        """Whether something that follows from what began then can be in it."""
        return local_date(began) <= self._last


def rows(name: Name, cycle: Cycle, called: Called, days: Days) -> Iterator[Row]:
    """The rows of one table that a cycle has in these days: begun, opened or happened in them."""
    match name:
        case "cycles":
            if days.has(cycle.root.started.at):
                yield _cycle(cycle, called)
        case "tasks":
            yield from _tasks(cycle, called, days)
        case "events":
            yield from _events(cycle, called, days)


def _cycle(cycle: Cycle, called: Called) -> Row:
    root, started = cycle.root, cycle.root.started
    tallies = [tally for state in (root, *cycle.parts) for tally in state.tallies.values()]
    schools = ", ".join(called.school(key) or "" for key in started.schools)
    counts = ("open", "done", "deferred", "skipped", "lapsed", "overdue")
    return (
        root.instance, started.process, started.name, started.term, schools, root.status, root.outcome, started.at,
        cycle.ended_at, *(sum(getattr(tally, name) for tally in tallies) for name in counts),
    )  # fmt: skip


def _tasks(cycle: Cycle, called: Called, days: Days) -> Iterator[Row]:
    states = {state.instance: state for state in (cycle.root, *cycle.parts)}
    took = {
        record.event.task: record.event.minutes
        for record in cycle.log
        if isinstance(record.event, TaskCompleted | TaskReturned)
    }
    # Of a task whose opening the reader may not see, nothing is in the log, and nothing here.
    for record in cycle.log:
        event = record.event
        if isinstance(event, TaskOpened) and days.has(event.at):
            state = states[record.stream]
            yield _task(cycle, state, state.tasks[event.task], called, event.year_group, took.get(event.task))


def _task(  # noqa: PLR0913, PLR0917 - what a row is made of
    cycle: Cycle, state: State, task: Task, called: Called, year_group: str | None, took: int | None
) -> Row:
    person = called.person(task.done_by or task.assignee)
    return (
        cycle.root.instance, state.instance, task.id, task.step, task.title, task.stage, called.school(task.school),
        year_group, task.role, person, task.round, task.status, task.outcome, task.opened_at,
        task.due.at if task.due else None, task.closed_at, "late" if task.overdue else None, took,
    )  # fmt: skip


def _events(cycle: Cycle, called: Called, days: Days) -> Iterator[Row]:
    states = {state.instance: state for state in (cycle.root, *cycle.parts)}
    for record in cycle.log:
        if not days.has(record.event.at):
            continue
        event, state = record.event, states[record.stream]
        task = state.tasks.get(getattr(event, "task", None) or "")
        address = getattr(event, "address", None)
        yield (
            record.position, record.recorded_at, event.at, state.started.process, cycle.root.instance, record.stream,
            record.version, event.kind, task.step if task else addresses.name_of(address) if address else None,
            task.id if task else None, called.school(task.school if task else getattr(event, "school", None)),
            None if event.by == TERMWISE else called.person(event.by), getattr(event, "outcome", None),
            getattr(event, "code", None),
        )  # fmt: skip
