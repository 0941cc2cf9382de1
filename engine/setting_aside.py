"""Tasks that are not done now: skipped for good, or put off to a day on which they come back."""

from datetime import date, datetime

from engine.commands import DeferTask, ResumeTask, SkipTask
from engine.dates import say_day, say_days
from engine.day_count import Unit
from engine.deadlines import END_OF_DAY, REMINDED_AT, Deadline
from engine.errors import RefusedError
from engine.events import TERMWISE, TaskDeferred, TaskResumed, TaskSkipped
from engine.reasons import coded_reason
from engine.run import Run
from engine.state import Task
from engine.stops import holding
from engine.task_access import ladder_of, open_task, require_decider, task_step, unfinished_task
from engine.tasks import go_on, no_answers

#: How often one task may be put off.
MAX_DEFERRALS = 5


def skip(run: Run, command: SkipTask) -> None:
    """It need not be done: the work goes on without it."""
    task = unfinished_task(run, command.task)
    for_ = require_decider(run, task, command.by, "skip")
    node, spec = task_step(run, task)
    if not spec.skip:
        raise RefusedError(f"{task.title!r} must be done: the process lists no reasons to skip it")
    reason = coded_reason(spec.skip, command.code, command.comment, "skip it")
    run.emit(
        TaskSkipped(
            at=run.at,
            by=command.by,
            task=task.id,
            code=command.code,
            reason=reason,
            values=no_answers(spec),
            for_=for_,
        )
    )
    go_on(run, node, spec, task)


def defer(run: Run, command: DeferTask) -> None:
    """It is put off: nobody is asked or reminded until it comes back."""
    task = open_task(run, command.task)
    for_ = require_decider(run, task, command.by, "defer")
    spec = task_step(run, task)[1]
    if not spec.defer:
        raise RefusedError(f"{task.title!r} cannot be put off: the process lists no reasons to defer it")
    if task.deferrals >= MAX_DEFERRALS:
        raise RefusedError(f"{task.title!r} was put off {MAX_DEFERRALS} times, which is the limit")
    reason = coded_reason(spec.defer, command.code, command.comment, "defer it")
    _check_day(run, task, command.until)
    put_off(run, task, command.until, command.by, command.code, reason, for_)


def put_off(  # noqa: PLR0913, PLR0917 - which task, until when, by whom and why
    run: Run, task: Task, until: date, by: str, code: str, reason: str, for_: str | None = None
) -> None:
    """Nobody is asked to do the open task until that day."""
    back = run.world.calendar.at(until, REMINDED_AT)
    run.emit(
        TaskDeferred(
            at=run.at, by=by, task=task.id, code=code, reason=reason, until=back, on=until, for_=for_
        )
    )


def may_be_put_off(run: Run, task: Task, until: date) -> bool:
    """Whether the calendar reaches as far as its deadline would move."""
    try:
        _check_day(run, task, until)
    except RefusedError:
        return False
    return True


def resume(run: Run, command: ResumeTask) -> None:
    """Somebody brings it back before its day."""
    task = unfinished_task(run, command.task)
    require_decider(run, task, command.by, "bring back")
    if task.status != "deferred":
        raise RefusedError(f"{task.title!r} is open; only what was put off can come back")
    come_back(run, task, command.by)


def come_back(run: Run, task: Task, by: str = TERMWISE) -> None:
    """It is asked again, with its deadline moved by the school days that it was put off."""
    spec, calendar = task_step(run, task)[1], run.world.calendar
    due = task.due
    if due and task.deferred_at and task.until:
        # Not later than it was to come back, however late the clock is heard: the calendar reaches so far.
        due = _moved(run, task, due, task.deferred_at, calendar.local_date(min(run.at, task.until)))
    moments = ladder_of(run, task, due) if due else ()
    stopped = holding(run.state, task.school, spec.status, task.step) if due else ()
    run.emit(
        TaskResumed(at=run.at, by=by, task=task.id, due=due, moments=moments, to=task.asked, stopped=stopped)
    )


def _check_day(run: Run, task: Task, until: date) -> None:
    today = run.world.calendar.local_date(run.at)
    if until <= today:
        raise RefusedError(f"{task.title!r} is put off to a later day; choose one after {say_day(today)}")
    run.world.calendar.is_school_day(task.school, until)  # Refused where the calendar does not reach.
    if task.due and task.due.status == "statutory" and until > task.due.on:
        raise RefusedError(
            f"the deadline of {task.title!r} is statutory and does not move; "
            f"choose a day up to {say_day(task.due.on)}"
        )
    if task.due:
        _moved(run, task, task.due, task.stopped_at or run.at, until)


def _moved(run: Run, task: Task, due: Deadline, since: datetime, until: date) -> Deadline:
    calendar = run.world.calendar
    days = calendar.school_days_between(calendar.local_date(since), until, task.school)
    if due.status == "statutory" or not days:
        return due
    on = calendar.shift(due.on, days, school=task.school)
    why = f"{due.why}; moved on {say_days(days, Unit.SCHOOL_DAYS)}, for which it was deferred"
    return due.model_copy(update={"at": calendar.at(on, END_OF_DAY), "on": on, "why": why})
