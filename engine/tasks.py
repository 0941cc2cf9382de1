"""What people do with a task: take it on, give it back, hand it over, answer it, send the work back."""

from engine import addresses
from engine.commands import ClaimTask, CompleteTask, ReassignTask, ReleaseTask
from engine.definition.model import Outcome, TaskStep
from engine.definition.program import Node
from engine.errors import NotAllowedError, RefusedError, UnknownNameError
from engine.events import TaskClaimed, TaskCompleted, TaskReassigned, TaskReleased, TaskReturned
from engine.forms import validate_answer
from engine.run import Run, rules_of
from engine.state import Task
from engine.who import conflict, given_reason

HEAD = "headteacher"
DONE = "done"


def claim(run: Run, command: ClaimTask) -> None:
    """A candidate takes it on."""
    task = _open(run, command.task)
    if task.assignee:
        held = "you" if task.assignee == command.by else run.world.directory.person(task.assignee).name
        raise RefusedError(f"{task.title!r} is already with {held}")
    _may_do(run, task, command.by)
    run.emit(TaskClaimed(at=run.at, by=command.by, task=task.id, person=command.by))


def release(run: Run, command: ReleaseTask) -> None:
    """Whoever has it gives it back to the other candidates."""
    task = _open(run, command.task)
    if task.assignee != command.by:
        raise NotAllowedError(f"{task.title!r} is not with you, so you cannot release it")
    if not set(task.candidates) - {command.by}:
        raise RefusedError(f"nobody else can take {task.title!r}; ask for it to be reassigned instead")
    run.emit(TaskReleased(at=run.at, by=command.by, task=task.id))


def reassign(run: Run, command: ReassignTask) -> None:
    """Somebody else is asked, whoever was asked before; also when nobody was."""
    task = _open(run, command.task)
    _may_reassign(run, task, command.by)
    reason = given_reason(command.reason, "reassign")
    person = run.world.directory.person(command.to)
    if person.id == task.assignee:
        raise RefusedError(f"{task.title!r} is already with {person.name}")
    _able(run, task, person.id)
    run.emit(TaskReassigned(at=run.at, by=command.by, task=task.id, person=person.id, reason=reason))


def complete(run: Run, command: CompleteTask) -> None:
    """It is answered, and the work goes on or back."""
    task = _open(run, command.task)
    _may_do(run, task, command.by)
    spec = _task_step(run, task)[1]
    name, outcome = _outcome(spec, task, command.outcome)
    if outcome and outcome.return_to:
        _send_back(run, task, command, name, outcome)
        return
    run.emit(
        TaskCompleted(
            at=run.at,
            by=command.by,
            task=task.id,
            outcome=name,
            values=validate_answer(run.world.program.definition, spec, command.values, run.world.directory),
            reason=command.reason,
            late=task.due is not None and run.at > task.due.at,
        )
    )
    run.finish_step(task.address)


def _send_back(run: Run, task: Task, command: CompleteTask, name: str, outcome: Outcome) -> None:
    reason = given_reason(command.reason, "send work back")
    if command.values:
        raise RefusedError(
            f"{name!r} sends the work back, so the form is not filled in; leave the values out"
        )
    if task.round > outcome.at_most:
        times = "once" if outcome.at_most == 1 else f"{outcome.at_most} times"
        raise RefusedError(
            f"{task.title!r} has been sent back {times}, which is the limit; choose another outcome"
        )
    again = task.round + 1
    target = run.world.program.steps[outcome.return_to or ""]
    to = addresses.step(addresses.block_of(task.address), target.id, again)
    run.emit(
        TaskReturned(at=run.at, by=command.by, task=task.id, outcome=name, reason=reason, to=to, round=again)
    )
    run.begin_again(target, to, reason)


def _outcome(spec: TaskStep, task: Task, given: str | None) -> tuple[str, Outcome | None]:
    outcomes = spec.outcomes or {DONE: None}
    if given is None:
        if len(outcomes) > 1:
            raise RefusedError(f"{task.title!r} needs an outcome; choose one of {', '.join(outcomes)}")
        given = next(iter(outcomes))
    if given not in outcomes:
        raise UnknownNameError("outcome", given, outcomes)
    return given, outcomes[given]


def _open(run: Run, task_id: str) -> Task:
    task = run.state.tasks.get(task_id)
    if task is None:
        raise RefusedError(f"{run.state.instance} has no task {task_id!r}; see `termwise tasks`")
    if task.status != "open":
        who = f" by {run.world.directory.person(task.done_by).name}" if task.done_by else ""
        when = f" on {task.closed_at:%d %b %Y}" if task.closed_at else ""
        raise RefusedError(f"{task.title!r} was already {task.status}{who}{when}")
    return task


def _may_reassign(run: Run, task: Task, person: str) -> None:
    world, today = run.world, run.world.calendar.local_date(run.at)
    definition = world.program.definition
    allowed = (
        person == task.assignee
        or any(
            world.directory.holds(person, role, today) for role in (definition.owner, *definition.start_by)
        )
        or (task.school is not None and world.directory.holds(person, HEAD, today, school=task.school))
    )
    if not allowed:
        name = world.directory.person(person).name
        raise NotAllowedError(
            f"{name} may not reassign {task.title!r}: that is for whoever has it, "
            f"the headteacher of the school or the {definition.owner}"
        )


def _may_do(run: Run, task: Task, person: str) -> None:
    directory = run.world.directory
    if not task.may_be_done_by(person):
        asked = [directory.person(each).name for each in task.asked]
        raise NotAllowedError(
            f"{directory.person(person).name} is not asked to do {task.title!r}; "
            f"it is for {' or '.join(asked) or 'nobody yet'}"
        )
    _able(run, task, person)


def _able(run: Run, task: Task, person: str) -> None:
    """Refuse whoever has left, and whoever has a conflict, whatever role they hold."""
    directory, today = run.world.directory, run.world.calendar.local_date(run.at)
    if not directory.at_work(person, today):
        raise NotAllowedError(f"{directory.person(person).name} holds no post here today")
    node, _ = _task_step(run, task)
    with rules_of(node, task.address):
        why = conflict(directory, node, run.scope(task.address), person, today)
    if why:
        raise NotAllowedError(f"{directory.person(person).name} {why}")


def _task_step(run: Run, task: Task) -> tuple[Node, TaskStep]:
    node = run.world.program.steps[task.step]
    if not isinstance(node.spec, TaskStep):
        raise TypeError(node.kind)
    return node, node.spec
