"""Work that another does for whoever it is asked of. It stays theirs, and comes back to them."""

from engine import quorum
from engine.errors import NotAllowedError, RefusedError
from engine.events import TaskDelegated, TaskHandedBack
from engine.reasons import given_reason
from engine.run import Run
from engine.talk_commands import DelegateTask, HandBackTask
from engine.task_access import open_task, require_able, require_doer


def delegate(run: Run, command: DelegateTask) -> None:
    """Whoever has it asks another to do it for them. Who does it for another may not pass it on."""
    task, directory = open_task(run, command.task), run.world.directory
    for_ = require_doer(run, task, command.by)
    if for_ and not task.delegated_by:
        name = directory.person(for_).name
        raise NotAllowedError(f"you stand in for {name}; reassign {task.title!r} if you cannot do it either")
    if task.delegated_by:
        owner = directory.person(task.delegated_by).name
        raise NotAllowedError(
            f"you do {task.title!r} for {owner}, so it is not yours to delegate; "
            "hand it back (`termwise tasks hand-back`)"
        )
    if not task.assignee:
        raise RefusedError(f"{task.title!r} is with nobody yet; take it on first (`termwise tasks claim`)")
    reason = given_reason(command.reason, "delegate")
    person = directory.person(command.to)
    if person.id == command.by:
        raise RefusedError(f"{task.title!r} is with you; say who else is to do it for you (--to)")
    require_able(run, task, person.id)
    quorum.refuse_a_second_seat(run, task.address, person.id)
    run.emit(
        TaskDelegated(
            at=run.at, by=command.by, task=task.id, person=person.id, owner=command.by, reason=reason
        )
    )


def hand_back(run: Run, command: HandBackTask) -> None:
    """It is with its owner again, whether the delegate returns it or the owner takes it back."""
    task, directory = open_task(run, command.task), run.world.directory
    if task.delegated_by is None or task.assignee is None:
        raise RefusedError(f"{task.title!r} is not delegated; see `termwise tasks show {task.id}`")
    owner = directory.person(task.delegated_by)
    if command.by not in {owner.id, task.assignee}:
        raise NotAllowedError(
            f"{task.title!r} is handed back by {directory.person(task.assignee).name}, who does it, or taken "
            f"back by {owner.name}, whose it is"
        )
    if not directory.at_work(owner.id, run.world.calendar.local_date(run.at)):
        raise RefusedError(f"{owner.name} holds no post here today; ask for {task.title!r} to be reassigned")
    run.emit(
        TaskHandedBack(
            at=run.at,
            by=command.by,
            task=task.id,
            person=owner.id,
            delegate=task.assignee,
            reason=(command.reason or "").strip() or None,
        )
    )
