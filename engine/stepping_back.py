"""Somebody declares an interest in a task and steps back: others are asked, in this round and in later ones."""

from engine import quorum
from engine.commands import RecuseFromTask
from engine.errors import NotAllowedError, RefusedError
from engine.events import TaskRecused
from engine.opening import nobody_can
from engine.recusals import has_stepped_back
from engine.run import Run
from engine.state import Task
from engine.task_access import principals, task_step, unfinished_task
from engine.who import people, without_conflicts


def recuse(run: Run, command: RecuseFromTask) -> None:
    """Whoever is asked, or stands in for somebody who is, is not asked any more.

    What the interest is, nobody is told here; the register of interests is the place for it.
    """
    task, person = unfinished_task(run, command.task), command.by
    if has_stepped_back(run.state, task.address, person):
        raise RefusedError(f"you have stepped back from {task.title!r} already")
    assignee: str | None
    if task.delegated_by and person == task.assignee:
        candidates, assignee = task.candidates, task.delegated_by
    elif task.may_be_done_by(person) or person == task.delegated_by:
        candidates = _others(run, task, person)
        assignee = candidates[0] if len(candidates) == 1 else None
    elif principals(run, task, person):
        candidates, assignee = task.candidates, task.assignee
    else:
        name = run.world.directory.person(person).name
        raise NotAllowedError(
            f"{name} is not asked to do {task.title!r}, so there is nothing to step back from"
        )
    run.emit(
        TaskRecused(
            at=run.at, by=person, task=task.id, person=person, assignee=assignee, candidates=candidates
        )
    )
    if not candidates and not assignee:
        run.emit(nobody_can(run.world, task.id, run.at))


def _others(run: Run, task: Task, person: str) -> tuple[str, ...]:
    """The other candidates who may; where there are none, whoever else holds the role today."""
    directory, today = run.world.directory, run.world.calendar.local_date(run.at)
    node, _ = task_step(run, task)
    scope = run.scope(task.address)
    for asked in (task.candidates, people(directory, node, "who", scope, today)):
        able = without_conflicts(directory, node, scope, asked, today)
        free = (each for each in able if each != person and directory.at_work(each, today))
        found = tuple(each for each in free if not quorum.has_another_seat(run.state, task.address, each))
        if found:
            return found
    return ()
