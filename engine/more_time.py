"""More time for a task: asked for by whoever is to do it, given or refused by those who decide about it."""

from datetime import date

from engine.dates import say_day
from engine.deadlines import END_OF_DAY, Deadline, Moment
from engine.errors import NotAllowedError, RefusedError
from engine.events import TimeAsked, TimeGranted, TimeRefused
from engine.reasons import given_reason
from engine.run import Run
from engine.state import Task, TimeRequest
from engine.talk_commands import AskForTime, GrantTime, RefuseTime
from engine.task_access import deciders, ladder_of, open_task, require_doer, stands_in_to_decide


def ask(run: Run, command: AskForTime) -> None:
    """Whoever is asked to do it asks for a later deadline. A further wish takes the place of the first."""
    task = open_task(run, command.task)
    for_ = require_doer(run, task, command.by)
    reason = given_reason(command.reason, "ask for time")
    _check_day(run, task, command.until)
    if task.stopped:
        raise RefusedError(f"the clock of {task.title!r} stands still; its deadline moves by itself")
    before = task.request
    if before and (before.by, before.until, before.reason) == (command.by, command.until, reason):
        return  # The same wish again.
    who = deciders(run, task, command.by)
    if not who.all:
        raise RefusedError(f"nobody but you can decide about {task.title!r}; ask for it to be reassigned")
    run.emit(
        TimeAsked(
            at=run.at,
            by=command.by,
            task=task.id,
            until=command.until,
            reason=reason,
            to=who.nearest,
            may_decide=who.all,
            for_=for_,
        )
    )


def grant(run: Run, command: GrantTime) -> None:
    """The deadline moves to the day that was asked for, or that whoever decides says, with a ladder of its own."""
    task = open_task(run, command.task)
    request, for_ = _request(run, task, command.by)
    until = command.until or request.until
    was = _check_day(run, task, until)
    calendar = run.world.calendar
    why = f"{was.why}; moved from {say_day(was.on)}, for more time was granted"
    due = was.model_copy(update={"at": calendar.at(until, END_OF_DAY), "on": until, "why": why})
    run.emit(
        TimeGranted(
            at=run.at,
            by=command.by,
            task=task.id,
            was=was,
            due=due,
            moments=_moments(run, task, due),
            asked_by=request.by,
            to=_told(task, request, command.by),
            reason=(command.reason or "").strip() or None,
            for_=for_,
        )
    )


def refuse(run: Run, command: RefuseTime) -> None:
    """The deadline stays, and who asked is told why."""
    task = open_task(run, command.task)
    request, for_ = _request(run, task, command.by)
    reason = given_reason(command.reason, "refuse more time")
    run.emit(
        TimeRefused(
            at=run.at,
            by=command.by,
            task=task.id,
            until=request.until,
            asked_by=request.by,
            to=_told(task, request, command.by),
            reason=reason,
            for_=for_,
        )
    )


def _request(run: Run, task: Task, person: str) -> tuple[TimeRequest, str | None]:
    """What was asked for, where this person may decide about it; and for whom they stand in, if they do."""
    if task.request is None:
        raise RefusedError(f"nobody has asked for more time for {task.title!r}")
    who, directory = deciders(run, task, task.request.by), run.world.directory
    if person in who.all:
        return task.request, None
    if head := stands_in_to_decide(run, task, person, task.request.by):
        return task.request, head
    names = " or ".join(directory.person(each).name for each in who.all) or "nobody yet"
    why = (
        "whoever asks for more time does not decide about it"
        if person in {task.request.by, task.delegated_by}
        else f"{directory.person(person).name} does not decide about {task.title!r}"
    )
    raise NotAllowedError(f"{why}; it is for {names}")


def _told(task: Task, request: TimeRequest, by: str) -> tuple[str, ...]:
    return tuple(person for person in dict.fromkeys((request.by, *task.asked)) if person != by)


def _check_day(run: Run, task: Task, until: date) -> Deadline:
    """The deadline it has, if it may move to that day."""
    calendar, due = run.world.calendar, task.due
    if due is None:
        raise RefusedError(f"{task.title!r} has no deadline, so there is no more time to ask for")
    if due.status == "statutory":
        raise RefusedError(
            f"the deadline of {task.title!r}, {say_day(due.on)}, is statutory and does not move; "
            "say early who could help, or ask for it to be reassigned"
        )
    soonest = max(due.on, calendar.local_date(run.at))
    if until <= soonest:
        since = "it is due then" if soonest == due.on else "that is today"
        raise RefusedError(f"more time ends on a day after {say_day(soonest)}: {since}")
    if not calendar.is_school_day(task.school, until):
        before, after = (calendar.shift(until, n, school=task.school) for n in (-1, 1))
        near = " or ".join(say_day(day) for day in (before, after) if day > soonest)
        raise RefusedError(f"{say_day(until)} is no school day there; choose {near}")
    return due


def _moments(run: Run, task: Task, due: Deadline) -> tuple[Moment, ...]:
    """The ladder around the new deadline; a reminder that somebody wanted still goes."""
    wanted = (each for each in task.moments if each.kind == "nudge" and each.at > run.at)
    moments = (*ladder_of(run, task, due), *wanted)
    return tuple(sorted(moments, key=lambda moment: (moment.at, moment.days)))
