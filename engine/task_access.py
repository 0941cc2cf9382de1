"""Which task is meant, and whether this person may do this with it; every refusal says why, and for whom it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from engine import acting, ladders
from engine.conflicts import conflict_of_interest
from engine.dates import say_day
from engine.deadlines import Deadline, Moment
from engine.definition.model import TaskStep
from engine.definition.program import Node
from engine.errors import NotAllowedError, RefusedError, TermwiseError
from engine.quorum import refuse_a_second_seat
from engine.run import Run, rules_of
from engine.state import Task
from engine.still_asked import require_still_asked
from engine.who import asked_as, conflict

HEAD = "headteacher"


@dataclass(frozen=True, slots=True)
class Deciders:
    """Who decides about a task."""

    nearest: tuple[str, ...]
    """Who is told when something is to be decided."""
    all: tuple[str, ...]


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


def ladder_of(run: Run, task: Task, due: Deadline) -> tuple[Moment, ...]:
    """The ladder that a task has from now on with this deadline."""
    spec = task_step(run, task)[1]
    return ladders.ladder(run.world, run.state.started.engine, spec, due, task.school, run.at)


def require_doer(run: Run, task: Task, person: str) -> str | None:
    """Refuse unless the person is asked to do it, or stands in for somebody who is, and may; for whom is returned."""
    directory = run.world.directory
    if task.may_be_done_by(person):
        require_able(run, task, person)
        require_still_asked(run, task_step(run, task)[0], task, person)
        return task.delegated_by
    if person == task.delegated_by and task.assignee:
        raise NotAllowedError(
            f"you have delegated {task.title!r} to {directory.person(task.assignee).name}; "
            "take it back first (`termwise tasks hand-back`)"
        )
    covered = principals(run, task, person)
    if not covered:
        asked = [directory.person(each).name for each in task.asked]
        raise NotAllowedError(
            f"{directory.person(person).name} is not asked to do {task.title!r}; "
            f"it is for {' or '.join(asked) or 'nobody yet'}"
        )
    require_able(run, task, person)
    _refuse_a_second_hand(run, task, person)
    return _for_whom(run, task, covered)


def principals(run: Run, task: Task, person: str) -> tuple[str, ...]:
    """Those who are asked, and for whom this person stands in today; in the order in which they are asked."""
    directory, today = run.world.directory, run.world.calendar.local_date(run.at)
    if not directory.covers or task.delegated_by:
        return ()  # Who does it for another is not stood in for: it goes back to whose it is.
    return tuple(each for each in task.asked if each != person and person in deputies(run, task, each, today))


def deputies(run: Run, task: Task, person: str, on: date) -> tuple[str, ...]:
    """Who stands in for somebody who is asked. Nobody does for a deputy: there is no cover of cover."""
    directory, process = run.world.directory, run.world.program.definition.process
    if not directory.covers:
        return ()
    roles = _roles(run, task)
    if acting.only_stands_in(directory, person, on, roles):
        return ()
    return acting.deputies(directory, person, on, process, roles)


def _roles(run: Run, task: Task) -> tuple[acting.Asked, ...]:
    node, _ = task_step(run, task)
    try:
        return asked_as(node, run.scope(task.address))
    except TermwiseError:
        return ()  # Cover of a role says nothing where the role cannot be told.


def _refuse_a_second_hand(run: Run, task: Task, person: str) -> None:
    """Refuse where another deputy has it, and where the person would answer twice among several."""
    if task.deputy and task.deputy != person and task.assignee in principals(run, task, task.deputy):
        directory = run.world.directory
        whose = f"{directory.person(task.deputy).name} for {directory.person(task.assignee or '').name}"
        raise RefusedError(f"{task.title!r} is already with {whose}")
    refuse_a_second_seat(run, task.address, person)


def _for_whom(run: Run, task: Task, covered: tuple[str, ...]) -> str:
    """The first of them who may do it: a deputy may do no more than the one they stand in for."""
    refused: list[NotAllowedError] = []
    for person in covered:
        try:
            require_able(run, task, person)
            require_still_asked(run, task_step(run, task)[0], task, person)
        except NotAllowedError as error:
            refused.append(error)
        else:
            return person
    raise refused[0]


def require_able(run: Run, task: Task, person: str) -> None:
    """Refuse whoever has left, and whoever has a conflict, whatever role they hold."""
    directory, today = run.world.directory, run.world.calendar.local_date(run.at)
    require_in_post(run, person)
    node, _ = task_step(run, task)
    with rules_of(node, task.address):
        why = conflict(directory, node, run.scope(task.address), person, today)
    if why:
        raise NotAllowedError(f"{directory.person(person).name} {why}")


def require_in_post(run: Run, person: str) -> None:
    """Refuse whoever has left."""
    directory = run.world.directory
    if not directory.at_work(person, run.world.calendar.local_date(run.at)):
        raise NotAllowedError(f"{directory.person(person).name} holds no post here today")


def answers_for(run: Run, task: Task, person: str) -> bool:
    """Whether the person decides about the task: for the owner, who may start, and the head of the school.

    Of these only the owner does who has a conflict of interest in it: nobody chooses who judges their own work.
    """
    directory, today = run.world.directory, run.world.calendar.local_date(run.at)
    definition = run.world.program.definition
    if directory.holds(person, definition.owner, today):
        return True
    starts = any(directory.holds(person, role, today) for role in definition.start_by)
    if not starts and person not in _heads(run, task, today):
        return False
    node, _ = task_step(run, task)
    with rules_of(node, task.address):
        return conflict_of_interest(directory, node, run.scope(task.address), person, today) is None


def deciders(run: Run, task: Task, asker: str) -> Deciders:
    """Who decides about what this person asks for: never they themselves, nor for whom they do it.

    The head of the school, else the owner of the process and who may start it; the line manager where there is nobody
    else.
    """
    directory, today = run.world.directory, run.world.calendar.local_date(run.at)
    definition, partial = run.world.program.definition, _partial(run, task, asker)

    def others(people: Iterable[str]) -> tuple[str, ...]:
        found = (each for each in dict.fromkeys(people) if each not in partial)
        return tuple(each for each in found if answers_for(run, task, each))

    starters = (each for role in definition.start_by for each in directory.holders(role, today))
    held = (_heads(run, task, today), directory.holders(definition.owner, today), starters)
    groups = [found for each in held if (found := others(each))]
    if not groups:
        manager = directory.line_manager(asker, today)
        groups = [(manager,)] if manager and manager not in partial else [()]
    return Deciders(groups[0], tuple(dict.fromkeys(person for group in groups for person in group)))


def stands_in_to_decide(run: Run, task: Task, person: str, asker: str) -> str | None:
    """The head for whom the person decides about what another asks for; none when there is none."""
    partial = _partial(run, task, asker)
    head = decides_for(run, task, person) if person not in partial else None
    return head if head not in partial else None


def _partial(run: Run, task: Task, asker: str) -> frozenset[str | None]:
    return frozenset({asker, task.delegated_by, *principals(run, task, asker)})


def decides_for(run: Run, task: Task, person: str) -> str | None:
    """The head of the school for whom the person stands in and may decide; none when there is none."""
    directory, today = run.world.directory, run.world.calendar.local_date(run.at)
    if not directory.covers:
        return None
    process, role = run.world.program.definition.process, (HEAD, task.school)
    for head in _heads(run, task, today):
        stands_in = person in acting.deputies(directory, head, today, process, [role])
        if stands_in and answers_for(run, task, head) and is_able(run, task, person):
            return head
    return None


def _heads(run: Run, task: Task, today: date) -> tuple[str, ...]:
    return run.world.directory.holders(HEAD, today, school=task.school) if task.school else ()


def is_able(run: Run, task: Task, person: str) -> bool:
    """Whether the person may do it: who has left or has a conflict by now may not."""
    try:
        require_able(run, task, person)
    except NotAllowedError:
        return False
    return True


def require_decider(run: Run, task: Task, person: str, what: str) -> str | None:
    """Refuse unless the person is asked to do it, decides about it, or stands in for somebody who does.

    For whom they stand in is returned.
    """
    directory, today = run.world.directory, run.world.calendar.local_date(run.at)
    asked = person in {*task.asked, task.delegated_by} and directory.at_work(person, today)
    if answers_for(run, task, person):
        return task.delegated_by if task.may_be_done_by(person) else None
    if asked:
        require_still_asked(run, task_step(run, task)[0], task, person)
        return task.delegated_by if task.may_be_done_by(person) else None
    covered = principals(run, task, person)
    if covered:
        require_able(run, task, person)
        return _for_whom(run, task, covered)
    head = decides_for(run, task, person)
    if head is None:
        raise NotAllowedError(
            f"{directory.person(person).name} may not {what} {task.title!r}: that is for whoever is asked, "
            f"the headteacher of the school or the {run.world.program.definition.owner}"
        )
    return head
