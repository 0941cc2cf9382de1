"""What the clock brings: reminders, overdue marks, escalations, and the end of waits."""

from datetime import datetime
from functools import partial

from engine import addresses
from engine.deadlines import Moment
from engine.errors import TermwiseError
from engine.event_values import nothing_said
from engine.events import TERMWISE, TaskEscalated, TaskOverdue, TaskReminded, WaitEnded
from engine.rescheduling import start_clock
from engine.run import Run
from engine.setting_aside import come_back
from engine.state import Task
from engine.task_access import task_step
from engine.tasks import lapse
from engine.who import LINE_MANAGER, people


def pass_time(run: Run) -> None:
    """Let everything that is due by now happen, oldest first. Nothing happens twice.

    What is due at the same instant as the steps around it comes before them: it still counts there.
    """
    while (due := run.state.next_moment) is not None and due <= run.at:
        for key, place in sorted(run.state.agenda[due], key=partial(_order, run)):
            if key in run.state.composites:
                run.settle()
            if (key, place) not in run.state.agenda.get(due, ()):
                continue  # What came just before has withdrawn it.
            if key in run.state.waits:
                awaited = [each.event for each in run.state.waits[key].awaited]
                values = nothing_said(run.world, awaited)
                run.emit(WaitEnded(at=run.at, by=TERMWISE, address=key, happened=False, values=values))
                run.finish_step(key)
            elif key in run.state.stops:
                start_clock(run, run.state.stops[key])
            elif key in run.state.composites:
                node = run.world.program.steps[addresses.name_of(key)]
                node.does.time_came(run, node, node.spec, key)
            else:
                _reach(run, run.state.tasks[key], run.state.tasks[key].moments[place])
        # A wait that ended may open what is itself due already; settle before looking again.
        run.settle()


def _order(run: Run, entry: tuple[str, int]) -> tuple[bool, int, str, int]:
    key, place = entry
    around = key in run.state.composites
    return around, -key.count("/") if around else 0, key, place


def _reach(run: Run, task: Task, moment: Moment) -> None:
    match moment.kind:
        case "reminder":
            run.emit(TaskReminded(at=run.at, by=TERMWISE, task=task.id, days=moment.days, to=task.asked))
        case "due" if outcome := task_step(run, task)[1].unanswered:
            lapse(run, task, outcome)
        case "resume":
            come_back(run, task)
        case "due":
            law = _statutory(task)
            run.emit(TaskOverdue(at=run.at, by=TERMWISE, task=task.id, to=task.asked, statutory=law))
        case "escalation":
            role = moment.to or ""
            to = _told(run, task, role, moment.days, run.at) or _owners(run)
            told = TaskEscalated(at=run.at, by=TERMWISE, task=task.id, days=moment.days, role=role, to=to)
            run.emit(told.model_copy(update={"statutory": _statutory(task)}))


def _statutory(task: Task) -> bool:
    return task.due is not None and task.due.status == "statutory"


def _told(run: Run, task: Task, role: str, days: int, at: datetime) -> tuple[str, ...]:
    directory, today = run.world.directory, run.world.calendar.local_date(at)
    if role == LINE_MANAGER:
        managers = (directory.line_manager(person, today) for person in task.asked)
        return tuple(dict.fromkeys(manager for manager in managers if manager))
    node = run.world.program.steps[addresses.name_of(task.address)]
    if f"escalate.{days}" not in node.whos:
        return ()  # The version it has moved to names nobody for this day: the owner is told.
    try:
        return people(directory, node, f"escalate.{days}", run.scope(task.address), today)
    except TermwiseError:
        # Nobody, so that the owner is told: refusing would stop the clock for the whole instance.
        return ()


def _owners(run: Run) -> tuple[str, ...]:
    """Who is told when nobody else can be."""
    owner = run.world.program.definition.owner
    return run.world.directory.holders(owner, run.world.calendar.local_date(run.at))
