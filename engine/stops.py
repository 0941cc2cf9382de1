"""Clocks that stand still: which deadlines a stop holds, and how the state keeps them until it is over."""

from engine.agenda import Agenda, enter, leave
from engine.copying import replace
from engine.events import ClockStarted, ClockStopped
from engine.state import State, Stop, Task

#: How the deadline of a wait counts where statuses are listed.
WAITS = "custom"


def key_of(event: str, subject: str) -> str:
    """The name of the stop; no task or address is called so."""
    return f"on-{event}[{subject}]"


def holding(state: State, school: str | None, status: str, step: str) -> tuple[str, ...]:
    """The stops that hold a deadline of this step, school and status, in a fixed order."""
    return tuple(key for key in sorted(state.stops) if holds(state.stops[key], school, status, step))


def holds(stop: Stop, school: str | None, status: str, step: str) -> bool:
    """Whether this stop holds such a deadline."""
    there = stop.person is not None or stop.school == school
    return there and status not in stop.exempt and (not stop.only or step in stop.only)


def stopped(state: State, event: ClockStopped) -> State:
    """The clock stands still for the tasks and waits that the event names."""
    stop = Stop(
        event.stop, event.event, event.school, event.at, event.reason, event.ends_on, event.until,
        event.exempt, event.only, event.person,
    )  # fmt: skip
    tasks, waits, agenda = state.tasks, state.waits, state.agenda
    for name in event.tasks:
        task = tasks[name]
        agenda = _taken_out(agenda, task)
        since = task.stopped_at or event.at
        tasks = tasks.set(name, replace(task, stopped=(*task.stopped, stop.key), stopped_at=since))
    for name in event.waits:
        wait = waits[name]
        agenda = leave(agenda, wait.until.at, (name, 0)) if wait.until else agenda
        since = wait.stopped_at or event.at
        waits = waits.set(name, replace(wait, stopped=(*wait.stopped, stop.key), stopped_at=since))
    if stop.until:
        agenda = enter(agenda, stop.until.at, (stop.key, 0))
    return replace(state, tasks=tasks, waits=waits, agenda=agenda, stops=state.stops.set(stop.key, stop))


def started(state: State, event: ClockStarted) -> State:
    """The stop is over: what nothing else holds goes on by the deadlines of the event."""
    stop = state.stops[event.stop]
    agenda = leave(state.agenda, stop.until.at, (stop.key, 0)) if stop.until else state.agenda
    tasks, waits = state.tasks, state.waits
    for name in state.open_tasks:
        if stop.key in tasks[name].stopped:
            tasks = tasks.set(name, _without(tasks[name], stop.key))
    for name, wait in state.waits.items():
        if stop.key in wait.stopped:
            waits = waits.set(name, replace(wait, stopped=tuple(k for k in wait.stopped if k != stop.key)))
    for each in event.tasks:
        task = replace(tasks[each.task], due=each.due, moments=each.moments, stopped=(), stopped_at=None)
        tasks = tasks.set(task.id, task)
        for place, moment in enumerate(task.moments):
            agenda = enter(agenda, moment.at, (task.id, place))
    for each_wait in event.waits:
        wait = replace(waits[each_wait.address], until=each_wait.until, stopped=(), stopped_at=None)
        waits = waits.set(wait.address, wait)
        agenda = enter(agenda, each_wait.until.at, (wait.address, 0))
    return replace(state, tasks=tasks, waits=waits, agenda=agenda, stops=state.stops.delete(stop.key))


def _without(task: Task, stop: str) -> Task:
    return replace(task, stopped=tuple(each for each in task.stopped if each != stop))


def _taken_out(agenda: Agenda, task: Task) -> Agenda:
    for place, moment in enumerate(task.moments):
        agenda = leave(agenda, moment.at, (task.id, place))
    return agenda
