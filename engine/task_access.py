"""Which task is meant, and whether this person may do this with it; every refusal says why, and for whom it is."""

from engine.dates import say_day
from engine.definition.model import TaskStep
from engine.definition.program import Node
from engine.errors import NotAllowedError, RefusedError
from engine.run import Run, rules_of
from engine.state import Task
from engine.who import conflict

HEAD = "headteacher"


def open_task(run: Run, task_id: str) -> Task:
    """The open task with this id. Refused when there is none, or it is not open any more."""
    task = run.state.tasks.get(task_id)
    if task is None:
        raise RefusedError(f"{run.state.instance} has no task {task_id!r}; see `termwise tasks`")
    if task.until:
        raise RefusedError(
            f"{task.title!r} is deferred until {say_day(run.world.calendar.local_date(task.until))}; "
            "bring it back first (`termwise tasks resume`)"
        )
    if task.status != "open":
        what = "closed by its deadline" if task.status == "lapsed" else task.status
        who = f" by {run.world.directory.person(task.done_by).name}" if task.done_by else ""
        when = f" on {task.closed_at:%d %b %Y}" if task.closed_at else ""
        raise RefusedError(f"{task.title!r} was already {what}{who}{when}")
    return task


def unfinished_task(run: Run, task_id: str) -> Task:
    """The task with this id that is open or put off. Refused when it is neither."""
    if task_id in run.state.deferred_tasks:
        return run.state.tasks[task_id]
    return open_task(run, task_id)


def task_step(run: Run, task: Task) -> tuple[Node, TaskStep]:
    """What the definition says of the task."""
    node = run.world.program.steps[task.step]
    if not isinstance(node.spec, TaskStep):
        raise TypeError(node.kind)
    return node, node.spec


def require_doer(run: Run, task: Task, person: str) -> None:
    """Refuse unless the person is asked to do it, and may."""
    directory = run.world.directory
    if not task.may_be_done_by(person):
        asked = [directory.person(each).name for each in task.asked]
        raise NotAllowedError(
            f"{directory.person(person).name} is not asked to do {task.title!r}; "
            f"it is for {' or '.join(asked) or 'nobody yet'}"
        )
    require_able(run, task, person)


def require_able(run: Run, task: Task, person: str) -> None:
    """Refuse whoever has left, and whoever has a conflict, whatever role they hold."""
    directory, today = run.world.directory, run.world.calendar.local_date(run.at)
    if not directory.at_work(person, today):
        raise NotAllowedError(f"{directory.person(person).name} holds no post here today")
    node, _ = task_step(run, task)
    with rules_of(node, task.address):
        why = conflict(directory, node, run.scope(task.address), person, today)
    if why:
        raise NotAllowedError(f"{directory.person(person).name} {why}")


def answers_for(run: Run, task: Task, person: str) -> bool:
    """Whether the person decides about the task: for the head of the school, the owner, and who may start."""
    directory, today = run.world.directory, run.world.calendar.local_date(run.at)
    definition = run.world.program.definition
    roles = (definition.owner, *definition.start_by)
    return any(directory.holds(person, role, today) for role in roles) or (
        task.school is not None and directory.holds(person, HEAD, today, school=task.school)
    )


def require_decider(run: Run, task: Task, person: str, what: str) -> None:
    """Refuse unless the person is asked to do it, or decides about it."""
    directory, today = run.world.directory, run.world.calendar.local_date(run.at)
    asked = task.may_be_done_by(person) and directory.at_work(person, today)
    if not asked and not answers_for(run, task, person):
        raise NotAllowedError(
            f"{directory.person(person).name} may not {what} {task.title!r}: that is for whoever is asked, "
            f"the headteacher of the school or the {run.world.program.definition.owner}"
        )
