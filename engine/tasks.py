"""What people do with a task: take it on, give it back, hand it over, answer it, send the work back."""

from pydantic import JsonValue

from engine import addresses, quorum
from engine.commands import ClaimTask, CompleteTask, ReassignTask, ReleaseTask
from engine.definition.model import Outcome, TaskStep
from engine.definition.program import Node
from engine.errors import NotAllowedError, RefusedError, UnknownNameError
from engine.events import (
    TERMWISE,
    TaskClaimed,
    TaskCompleted,
    TaskLapsed,
    TaskReassigned,
    TaskReleased,
    TaskReturned,
)
from engine.forms import validate_answer
from engine.reasons import coded_reason, given_reason
from engine.run import Run
from engine.state import Task
from engine.still_asked import require_still_asked
from engine.task_access import (
    answers_for,
    decides_for,
    is_able,
    open_task,
    principals,
    require_able,
    require_doer,
    require_in_post,
    task_step,
)
from engine.task_states import rounds_before


def claim(run: Run, command: ClaimTask) -> None:
    """A candidate takes it on."""
    task = open_task(run, command.task)
    if task.assignee and not principals(run, task, command.by):
        held = "you" if task.assignee == command.by else run.world.directory.person(task.assignee).name
        raise RefusedError(f"{task.title!r} is already with {held}")
    for_ = require_doer(run, task, command.by)
    if for_ and task.deputy == command.by:
        raise RefusedError(f"{task.title!r} is already with you")
    run.emit(TaskClaimed(at=run.at, by=command.by, task=task.id, person=for_ or command.by, for_=for_))


def release(run: Run, command: ReleaseTask) -> None:
    """Whoever has it gives it back to the other candidates."""
    task = open_task(run, command.task)
    if task.deputy == command.by and task.assignee in principals(run, task, command.by):
        # Whose it was before the deputy took it on, or of all who may claim it.
        still = None if len(task.candidates) > 1 else task.assignee
        run.emit(TaskReleased(at=run.at, by=command.by, task=task.id, person=still, for_=task.assignee))
        return
    if task.assignee != command.by:
        raise NotAllowedError(f"{task.title!r} is not with you, so you cannot release it")
    if task.delegated_by:
        owner = run.world.directory.person(task.delegated_by).name
        raise RefusedError(f"you do {task.title!r} for {owner}; hand it back (`termwise tasks hand-back`)")
    others = (each for each in task.candidates if each != command.by)
    able = (each for each in others if is_able(run, task, each))
    if all(quorum.has_another_seat(run.state, task.address, each) for each in able):
        raise RefusedError(f"nobody else can take {task.title!r}; ask for it to be reassigned instead")
    run.emit(TaskReleased(at=run.at, by=command.by, task=task.id))


def reassign(run: Run, command: ReassignTask) -> None:
    """Somebody else is asked, whoever was asked before; also when nobody was."""
    task = open_task(run, command.task)
    for_ = _may_reassign(run, task, command.by)
    if for_ and command.to == command.by:
        raise RefusedError(f"you stand in for {run.world.directory.person(for_).name}; do it in their name")
    reason = given_reason(command.reason, "reassign")
    person = run.world.directory.person(command.to)
    if person.id == task.assignee:
        raise RefusedError(f"{task.title!r} is already with {person.name}")
    require_able(run, task, person.id)
    quorum.refuse_a_second_seat(run, task.address, person.id)
    run.emit(
        TaskReassigned(at=run.at, by=command.by, task=task.id, person=person.id, reason=reason, for_=for_)
    )


def _may_reassign(run: Run, task: Task, person: str) -> str | None:
    """Refuse unless the person has it, decides about it, or stands in for somebody who does; for whom is returned."""
    if person == task.assignee and task.delegated_by and not answers_for(run, task, person):
        owner = run.world.directory.person(task.delegated_by).name
        raise NotAllowedError(
            f"you do {task.title!r} for {owner}, so it is not yours to reassign; "
            "hand it back (`termwise tasks hand-back`)"
        )
    if answers_for(run, task, person):
        return None
    if person in {task.assignee, task.delegated_by}:
        require_in_post(run, person)
        require_still_asked(run, task_step(run, task)[0], task, person)
        return None
    if task.assignee and principals(run, task, person):
        return require_doer(run, task, person)
    head = decides_for(run, task, person)
    if head is None:
        raise NotAllowedError(
            f"{run.world.directory.person(person).name} may not reassign {task.title!r}: that is for whoever "
            f"has it, the headteacher of the school or the {run.world.program.definition.owner}"
        )
    return head


def complete(run: Run, command: CompleteTask) -> None:
    """It is answered, and the work goes on or back."""
    task = open_task(run, command.task)
    for_ = require_doer(run, task, command.by)
    node, spec = task_step(run, task)
    name, outcome = _outcome(spec, task, command.outcome)
    reason = _reason(command, name, outcome)
    back = outcome if outcome and outcome.return_to else None
    alone = not addresses.is_seat(task.address)
    if back and _may_go_back(run, task, command, name, back) and alone:
        _send_back(run, task, command, name, back, reason or name, for_)
        return
    run.emit(
        TaskCompleted(
            at=run.at,
            by=command.by,
            task=task.id,
            outcome=name,
            values=no_answers(spec)
            if back
            else validate_answer(run.world, node, command.values, run.scope(task.address)),
            reason=reason,
            late=task.due is not None and run.at > task.due.at,
            code=command.code,
            for_=for_,
            minutes=command.minutes,
        )
    )
    go_on(run, node, spec, task)


def lapse(run: Run, task: Task, outcome: str) -> None:
    """Its deadline has passed, and the definition says which outcome that is."""
    node, spec = task_step(run, task)
    run.emit(TaskLapsed(at=run.at, by=TERMWISE, task=task.id, outcome=outcome, values=no_answers(spec)))
    go_on(run, node, spec, task)


def go_on(run: Run, node: Node, spec: TaskStep, task: Task) -> None:
    """What follows when a task is closed with an answer, or without one: where several are asked, they decide."""
    if addresses.is_seat(task.address):
        quorum.seat_answered(run, node, spec, task.address)
    else:
        run.finish_step(task.address)


def no_answers(spec: TaskStep) -> dict[str, JsonValue]:
    """What the form reads as when nobody has filled it in, so that later steps may look."""
    return dict.fromkeys(spec.form)


def _reason(command: CompleteTask, name: str, outcome: Outcome | None) -> str | None:
    back = outcome is not None and outcome.return_to is not None
    if outcome and outcome.reasons:
        what = "send work back" if back else f"answer {name!r}"
        return coded_reason(outcome.reasons, command.code, command.reason, what)
    if command.code:
        raise RefusedError(f"{name!r} has no reasons to choose from; give yours in words (--reason)")
    return given_reason(command.reason, "send work back") if back else command.reason


def _may_go_back(run: Run, task: Task, command: CompleteTask, name: str, outcome: Outcome) -> bool:
    if command.values:
        raise RefusedError(
            f"{name!r} sends the work back, so the form is not filled in; leave the values out"
        )
    if outcome.at_limit == "go on":
        # Others may have sent it back meanwhile: only what this outcome did counts.
        before = rounds_before(run.state, task.step, task.address)
        return sum(each.outcome == name for each in before) < outcome.at_most
    if task.round > outcome.at_most:
        times = "once" if outcome.at_most == 1 else f"{outcome.at_most} times"
        raise RefusedError(
            f"{task.title!r} has been sent back {times}, which is the limit; choose another outcome"
        )
    return True


def _send_back(  # noqa: PLR0913, PLR0917 - what is sent back, by which outcome and why
    run: Run, task: Task, command: CompleteTask, name: str, outcome: Outcome, reason: str, for_: str | None
) -> None:
    again = task.round + 1
    target = run.world.program.steps[outcome.return_to or ""]
    to = addresses.step(addresses.block_of(task.address), target.id, again)
    run.emit(
        TaskReturned(
            at=run.at,
            by=command.by,
            task=task.id,
            outcome=name,
            reason=reason,
            to=to,
            round=again,
            code=command.code,
            for_=for_,
            minutes=command.minutes,
        )
    )
    run.begin_again(target, to, reason)


def _outcome(spec: TaskStep, task: Task, given: str | None) -> tuple[str, Outcome | None]:
    outcomes = spec.outcomes or {quorum.DONE: None}
    if given is None:
        if len(outcomes) > 1:
            raise RefusedError(f"{task.title!r} needs an outcome; choose one of {', '.join(outcomes)}")
        given = next(iter(outcomes))
    if given not in outcomes:
        raise UnknownNameError("outcome", given, outcomes)
    return given, outcomes[given]
