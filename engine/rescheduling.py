"""A clock stands still, and goes on: every deadline that stood still moves by the school days for which it did."""

from datetime import datetime

from engine.calendar import BeyondCalendarError
from engine.dates import say_days
from engine.day_count import Unit
from engine.deadlines import END_OF_DAY, Deadline
from engine.events import TERMWISE, ClockStarted, ClockStopped, Rescheduled, RescheduledWait
from engine.run import Run
from engine.state import Stop, Task, Wait
from engine.stops import WAITS, holds
from engine.task_access import ladder_of, task_step


def stop_clock(run: Run, stop: Stop, by: str = TERMWISE) -> None:
    """Begin the stop, for every deadline there is that it holds."""
    tasks = (run.state.tasks[each] for each in sorted(run.state.open_tasks))
    waits = (run.state.waits[each] for each in sorted(run.state.waits))
    run.emit(
        ClockStopped(
            at=run.at,
            by=by,
            stop=stop.key,
            event=stop.event,
            school=stop.school,
            person=stop.person,
            reason=stop.reason,
            ends_on=stop.ends_on,
            until=stop.until,
            exempt=stop.exempt,
            only=stop.only,
            tasks=tuple(
                t.id for t in tasks if t.due and holds(stop, t.school, task_step(run, t)[1].status, t.step)
            ),
            waits=tuple(w.address for w in waits if w.until and holds(stop, w.school, WAITS, w.step)),
        )
    )


def start_clock(run: Run, stop: Stop, event: str | None = None, by: str = TERMWISE) -> None:
    """End the stop. What another stop holds stays as it is."""
    tasks = (run.state.tasks[each] for each in sorted(run.state.open_tasks))
    waits = (run.state.waits[each] for each in sorted(run.state.waits))
    run.emit(
        ClockStarted(
            at=run.at,
            by=by,
            stop=stop.key,
            event=event,
            school=stop.school,
            tasks=tuple(_task(run, task) for task in tasks if task.stopped == (stop.key,)),
            waits=tuple(_wait(run, wait) for wait in waits if wait.stopped == (stop.key,)),
        )
    )


def _task(run: Run, task: Task) -> Rescheduled:
    if task.due is None or task.stopped_at is None:
        return Rescheduled(task=task.id, due=None)
    try:
        # What was late already stays late: only what still comes after it moves.
        moved = _moved(run, task.due, task.stopped_at, task.school)
    except BeyondCalendarError as error:
        return Rescheduled(task=task.id, due=None, undated=str(error))
    ladder = ladder_of(run, task, moved)
    if task.overdue:
        return Rescheduled(
            task=task.id,
            due=task.due,
            moments=tuple(each for each in ladder if each.kind == "escalation"),
            late=True,
        )
    return Rescheduled(task=task.id, due=moved, moments=ladder)


def _wait(run: Run, wait: Wait) -> RescheduledWait:
    if wait.until is None or wait.stopped_at is None:
        raise ValueError(wait.address)
    try:
        until = _moved(run, wait.until, wait.stopped_at, wait.school)
    except BeyondCalendarError as error:
        # A wait must end, so where the calendar does not reach it moves by the time that has passed.
        at = wait.until.at + (run.at - wait.stopped_at)
        on, why = (
            run.world.calendar.local_date(at),
            f"{wait.until.why}; {error}; moved by the days that passed",
        )
        until = wait.until.model_copy(update={"at": at, "on": on, "why": why})
    return RescheduledWait(address=wait.address, until=until)


def _moved(run: Run, due: Deadline, since: datetime, school: str | None) -> Deadline:
    calendar = run.world.calendar
    days = calendar.school_days_between(calendar.local_date(since), calendar.local_date(run.at), school)
    on = calendar.shift(due.on, days, school=school)
    if since < due.at and calendar.at(on, END_OF_DAY) <= run.at:
        # Its last day fell into the time in which nothing was asked: there is a day left for it.
        days, on = days + 1, calendar.shift(calendar.local_date(run.at), 1, school=school)
    if on == due.on:
        return due
    why = f"{due.why}; moved on {say_days(days, Unit.SCHOOL_DAYS)}, for which the clock stood still"
    return due.model_copy(update={"at": calendar.at(on, END_OF_DAY), "on": on, "why": why})
