"""What the clock brings: reminders, overdue marks, escalations, and the end of waits."""

from functools import partial

from engine import addresses
from engine.deadlines import Moment
from engine.escalating import escalate
from engine.event_values import nothing_said
from engine.events import TERMWISE, TaskOverdue, TaskReminded, WaitEnded
from engine.nudging import nudge_now
from engine.rescheduling import start_clock
from engine.run import Run
from engine.setting_aside import come_back
from engine.state import Task
from engine.task_access import task_step
from engine.tasks import lapse


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
        case "nudge":
            nudge_now(run, task, moment.to or TERMWISE)
        case "due":
            law = task.due is not None and task.due.status == "statutory"
            run.emit(TaskOverdue(at=run.at, by=TERMWISE, task=task.id, to=task.asked, statutory=law))
        case "escalation":
            escalate(run, task, moment)
