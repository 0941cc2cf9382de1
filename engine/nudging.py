"""A reminder because somebody wants it: at most once a school day for each task, and never at night or in holidays."""

from datetime import date, timedelta

from engine.dates import say_day
from engine.errors import NotAllowedError, RefusedError
from engine.events import TERMWISE, NudgePlanned, TaskNudged
from engine.quiet_hours import BEGINS, next_moment
from engine.run import Run
from engine.state import Task
from engine.talk_commands import NudgeTask
from engine.task_access import answers_for, decides_for, open_task


def nudge(run: Run, command: NudgeTask) -> None:
    """Remind whoever is asked, now, or when reminders may next go."""
    task = open_task(run, command.task)
    decides = answers_for(run, task, command.by) or decides_for(run, task, command.by)
    if command.by != task.delegated_by and not decides:
        raise NotAllowedError(
            f"{run.world.directory.person(command.by).name} may not nudge about {task.title!r}: that is for the "
            f"headteacher of the school or the {run.world.program.definition.owner}"
        )
    if not task.asked:
        raise RefusedError(
            f"nobody is asked to do {task.title!r}; give it to somebody (`termwise tasks reassign`)"
        )
    if task.asked == (command.by,):
        raise RefusedError(f"{task.title!r} is with you; there is nobody else to remind")
    if task.stopped:
        raise RefusedError(f"the clock of {task.title!r} stands still; nobody is reminded until it goes on")
    goes = next_moment(run.world.calendar, task.school, run.at)
    _refuse_twice_a_day(run, task, run.world.calendar.local_date(goes))
    if goes == run.at:
        run.emit(TaskNudged(at=run.at, by=command.by, task=task.id, to=task.asked, wanted_by=command.by))
    else:
        run.emit(NudgePlanned(at=run.at, by=command.by, task=task.id, until=goes))


def nudge_now(run: Run, task: Task, wanted_by: str) -> None:
    """The moment has come for which a reminder waited."""
    run.emit(TaskNudged(at=run.at, by=TERMWISE, task=task.id, to=task.asked, wanted_by=wanted_by))


def _refuse_twice_a_day(run: Run, task: Task, day: date) -> None:
    calendar = run.world.calendar
    if task.nudged is None or calendar.local_date(task.nudged) < day:
        return
    morning = calendar.at(calendar.local_date(task.nudged) + timedelta(days=1), BEGINS)
    again = calendar.local_date(next_moment(calendar, task.school, morning))
    when = say_day(calendar.local_date(task.nudged))
    said = f"a reminder of {task.title!r} {'goes' if task.nudged > run.at else 'went'} out on {when}"
    raise RefusedError(f"{said}; one a school day is enough, so the next may go on {say_day(again)}")
