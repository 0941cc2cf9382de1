"""Whoever stands in for those who are told of a task is told too: the event says who, as it is at that instant.

What is planned from the log so needs no cover of later. Only who may do it hears of it: a deputy who has a conflict of
interest, or stands in for somebody who has one, is not named.
"""

from collections.abc import Iterator, Sequence

from engine.errors import TermwiseError
from engine.events import (
    DeadlineMoved,
    Event,
    TaskCommented,
    TaskNudged,
    TaskOpened,
    TaskOverdue,
    TaskReassigned,
    TaskReminded,
    TaskReplanned,
    TaskResumed,
    TimeGranted,
    TimeRefused,
)
from engine.quorum import has_another_seat
from engine.run import Run
from engine.state import Task
from engine.task_access import deputies, require_able

_Telling = (
    TaskOpened
    | TaskReassigned
    | TaskReplanned
    | TaskResumed
    | TaskReminded
    | TaskOverdue
    | TaskNudged
    | DeadlineMoved
    | TimeGranted
    | TimeRefused
    | TaskCommented
)


def with_deputies(run: Run, events: Sequence[Event]) -> tuple[Event, ...]:
    """The same events, where they tell people of a task that is open after them with the deputies of these people."""
    if not run.world.directory.covers:
        return tuple(events)
    return tuple(_with_deputies(run, each) if isinstance(each, _Telling) else each for each in events)


def _with_deputies(run: Run, event: _Telling) -> _Telling:
    task = run.state.tasks.get(event.task or "")
    if task is None or task.status != "open" or task.delegated_by:
        return event
    told = tuple(person for person in _told(event) if person in task.asked)
    found = {
        deputy: person
        for deputy, person in reversed(list(_standing_in(run, task, told)))
        if deputy not in (*told, event.by) and task.deputy in {None, deputy}
    }
    return event.model_copy(update={"deputies": dict(sorted(found.items()))}) if found else event


def _told(event: _Telling) -> tuple[str, ...]:
    match event:
        case TaskOpened():
            return (event.assignee,) if event.assignee else event.candidates
        case TaskReassigned():
            return () if event.person == event.by else (event.person,)
        case _:
            return tuple(person for person in event.to if person != event.by)


def _standing_in(run: Run, task: Task, told: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each deputy with each person for whom they may do it, in the order in which these are asked."""
    today = run.world.calendar.local_date(run.at)
    for person in told:
        for deputy in deputies(run, task, person, today):
            seated = has_another_seat(run.state, task.address, deputy)
            if not seated and _may(run, task, person) and _may(run, task, deputy):
                yield deputy, person


def _may(run: Run, task: Task, person: str) -> bool:
    try:
        require_able(run, task, person)
    except TermwiseError:
        return False  # A rule that fails hinders nobody here: it says so to whoever does the task.
    return True
