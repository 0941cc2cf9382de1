"""How a task changes by what people ask of each other about it."""

from datetime import datetime
from typing import assert_never

from engine.agenda import enter
from engine.copying import replace
from engine.deadlines import Moment
from engine.state import Attachment, Comment, State, Task, TimeRequest
from engine.talk_events import (
    NudgePlanned,
    TalkEvent,
    TaskAttached,
    TaskCommented,
    TaskDelegated,
    TaskHandedBack,
    TaskNudged,
    TimeAsked,
    TimeGranted,
    TimeRefused,
)
from engine.task_states import moved, spend


def fold(state: State, event: TalkEvent) -> State:  # noqa: PLR0911 - one line for each kind of event
    """The state after it."""
    task = state.tasks[event.task]
    match event:
        case TaskDelegated():
            return _with(state, replace(task, assignee=event.person, delegated_by=event.owner, deputy=None))
        case TaskHandedBack():
            return _with(state, replace(task, assignee=event.person, delegated_by=None))
        case TimeAsked():
            return _with(
                state, replace(task, request=TimeRequest(event.by, event.until, event.reason, event.at))
            )
        case TimeGranted():
            # Whether it is late is asked again: its deadline has moved.
            later = replace(task, due=event.due, moments=event.moments, overdue=False, request=None)
            return moved(state, task, later)
        case TimeRefused():
            return _with(state, replace(task, request=None))
        case TaskCommented():
            said = Comment(event.at, event.by, event.text)
            return _with(state, replace(task, comments=(*task.comments, said)))
        case TaskAttached():
            attached = Attachment(event.at, event.by, event.label, event.link)
            return _with(state, replace(task, attachments=(*task.attachments, attached)))
        case NudgePlanned():
            return _planned(state, task, event.until, event.by)
        case TaskNudged():
            state = spend(state, event.task, "nudge", 0)
            return _with(state, replace(task, nudged=event.at))
        case _:
            assert_never(event)


def _with(state: State, task: Task) -> State:
    return replace(state, tasks=state.tasks.set(task.id, task))


def _planned(state: State, task: Task, at: datetime, by: str) -> State:
    agenda = enter(state.agenda, at, (task.id, len(task.moments)))
    waiting = Moment(at=at, kind="nudge", to=by)
    return _with(replace(state, agenda=agenda), replace(task, moments=(*task.moments, waiting), nudged=at))
