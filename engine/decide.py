"""What follows from a command: events, or a refusal that changes nothing. Pure, and the only place that decides.

The same function answers the workflow, its validators, simulation and tests.
"""

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from pydantic import JsonValue

from engine import addresses
from engine.advance import Run
from engine.commands import (
    CancelProcess,
    ClaimTask,
    Command,
    CompleteTask,
    EndChild,
    PassTime,
    RaiseEvent,
    ReassignTask,
    ReleaseTask,
    StartProcess,
)
from engine.definition.model import Outcome, TaskStep
from engine.definition.program import Node
from engine.errors import NotAllowedError, RefusedError, UnknownNameError
from engine.events import (
    ChildEnded,
    Event,
    InstanceCancelled,
    InstanceStarted,
    TaskClaimed,
    TaskCompleted,
    TaskReassigned,
    TaskReleased,
    TaskReturned,
    TaskWithdrawn,
    WaitEnded,
)
from engine.forms import validate_answer
from engine.starting import instance_id, instance_name, instance_term, resolve_inputs
from engine.state import State, Task
from engine.clock import pass_time
from engine.who import conflict
from engine.world import ENGINE_VERSION, World

HEAD = "headteacher"
DONE = "done"


def decide(world: World, state: State | None, command: Command, at: datetime) -> tuple[Event, ...]:
    """The events of the command at this instant; none when there is nothing to do.

    Raises RefusedError (or a kind of it) when the rules do not allow it. The state is never changed.
    """
    run = Run(world, state, _not_earlier(state, command, at), command.by)
    if isinstance(command, StartProcess):
        _start(run, state, command)
        return run.settle()
    if state is None:
        raise RefusedError("the instance has not started")
    if isinstance(command, PassTime):
        pass_time(run)
        return run.settle()
    if state.status != "running":
        raise RefusedError(f"{state.started.name} has {'ended' if state.status == 'ended' else 'been cancelled'}")
    match command:
        case ClaimTask():
            _claim(run, command)
        case ReleaseTask():
            _release(run, command)
        case CompleteTask():
            _complete(run, command)
        case ReassignTask():
            _reassign(run, command)
        case RaiseEvent():
            _raise(run, command)
        case CancelProcess():
            _cancel(run, command)
        case EndChild():
            _end_child(run, command)
        case _:
            assert_never(command)
    return run.settle()


def _not_earlier(state: State | None, command: Command, at: datetime) -> datetime:
    # A clock may be set back, and a child's may be ahead of ours; what follows is still later than what it follows.
    known = [at, *([state.now] if state else []), *([command.at] if isinstance(command, EndChild) else [])]
    return max(known)


# ---- the instance


def _start(run: Run, state: State | None, command: StartProcess) -> None:
    if state is not None:
        raise RefusedError(f"{command.instance} is already {state.status}")
    world, definition = run.world, run.world.program.definition
    part = world.program.steps[addresses.name_of(addresses.owner_of(command.part))] if command.part else None
    if part is None:
        may_start(world, command.by, run.at)
        inputs = resolve_inputs(world, command.inputs)
        expected = instance_id(world.program, inputs)
        if expected != command.instance:
            raise RefusedError(f"these inputs make the cycle {expected}, not {command.instance}")
    else:
        inputs = command.inputs
    schools = inputs.get("schools")
    given: dict[str, JsonValue] = {**definition.values, **command.data} if part is None else dict(command.data)
    run.emit(
        InstanceStarted(
            at=run.at,
            by=command.by,
            instance=command.instance,
            process=definition.process,
            title=definition.title,
            name=_name(world, inputs, command.school),
            definition=command.definition,
            calendar=command.calendar,
            directory=command.directory,
            engine=ENGINE_VERSION,
            owner_role=definition.owner,
            confidentiality=definition.confidentiality,
            inputs=inputs,
            stages=world.program.stages,
            schools=(command.school,) if command.school else _texts(schools) or tuple(school.key for school in world.directory.schools),
            term=instance_term(world.program, inputs),
            root=command.root,
            parent=command.parent,
            part=command.part,
            data=given,
        )
    )
    run.begin_block(part.blocks[0] if part else world.program.root, addresses.ROOT)


def may_start(world: World, person: str, at: datetime) -> None:
    """Refuse unless the person holds a role that may start the process on that day."""
    definition = world.program.definition
    roles = tuple(dict.fromkeys((definition.owner, *definition.start_by)))
    _require(world, roles, person, at, f"start {definition.process}")


def _require(world: World, roles: tuple[str, ...], person: str, at: datetime, what: str) -> None:
    today = world.calendar.local_date(at)
    if not any(world.directory.holds(person, role, today) for role in roles):
        raise NotAllowedError(f"{world.directory.person(person).name} may not {what}: that is for {' or '.join(roles)}")


def _name(world: World, inputs: dict[str, JsonValue], school: str | None) -> str:
    name = instance_name(world.program, inputs)
    return f"{name}, {world.directory.school(school).name}" if school else name


def _texts(value: JsonValue) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list) else ()


def _cancel(run: Run, command: CancelProcess) -> None:
    definition = run.world.program.definition
    _require(run.world, (definition.owner, *definition.start_by), command.by, run.at, "cancel it")
    _reason(command.reason, "cancel")
    for task in run.state.open_tasks:
        run.emit(TaskWithdrawn(at=run.at, by=command.by, task=task, reason="the cycle was cancelled"))
    run.emit(InstanceCancelled(at=run.at, by=command.by, reason=command.reason))


def _end_child(run: Run, command: EndChild) -> None:
    if run.state.children.get(command.child) != command.address:
        raise RefusedError(f"{command.child} is not an open part of {run.state.instance}")
    run.emit(
        ChildEnded(
            at=run.at,
            by=command.by,
            address=command.address,
            child=command.child,
            outcome=command.outcome,
            values=command.values,
        )
    )
    node = run.world.program.steps[addresses.name_of(addresses.owner_of(command.address))]
    run.finish_block(node.blocks[0], command.address)


def _raise(run: Run, command: RaiseEvent) -> None:
    waiting = [wait for wait in run.state.waits.values() if wait.event == command.event]
    if not waiting:
        known = [wait.event for wait in run.state.waits.values() if wait.event]
        raise UnknownNameError("awaited event", command.event, known)
    mine = [wait for wait in waiting if command.by in wait.raised_by]
    if not mine:
        person = run.world.directory.person(command.by).name
        raise NotAllowedError(f"{person} may not raise {command.event!r} here")
    _reason(command.reason, "raise an event")
    for wait in sorted(mine, key=lambda each: each.address):
        run.emit(WaitEnded(at=run.at, by=command.by, address=wait.address, happened=True, reason=command.reason))
        run.finish_step(wait.address)


# ---- tasks


def _claim(run: Run, command: ClaimTask) -> None:
    task = _open(run, command.task)
    if task.assignee:
        held = run.world.directory.person(task.assignee).name
        mine = task.assignee == command.by
        raise RefusedError(f"{task.title!r} is already with {'you' if mine else held}")
    _may_do(run, task, command.by)
    run.emit(TaskClaimed(at=run.at, by=command.by, task=task.id, person=command.by))


def _release(run: Run, command: ReleaseTask) -> None:
    task = _open(run, command.task)
    if task.assignee != command.by:
        raise NotAllowedError(f"{task.title!r} is not with you, so you cannot release it")
    if len(task.candidates) < 2:
        raise RefusedError(f"nobody else can take {task.title!r}; ask for it to be reassigned instead")
    run.emit(TaskReleased(at=run.at, by=command.by, task=task.id))


def _reassign(run: Run, command: ReassignTask) -> None:
    task = _open(run, command.task)
    _may_reassign(run, task, command.by)
    _reason(command.reason, "reassign")
    person = run.world.directory.person(command.to)
    if person.id == task.assignee:
        raise RefusedError(f"{task.title!r} is already with {person.name}")
    _no_conflict(run, task, person.id)
    run.emit(TaskReassigned(at=run.at, by=command.by, task=task.id, person=person.id, reason=command.reason))


def _may_reassign(run: Run, task: Task, person: str) -> None:
    world, today = run.world, run.world.calendar.local_date(run.at)
    definition = world.program.definition
    allowed = (
        person == task.assignee
        or any(world.directory.holds(person, role, today) for role in (definition.owner, *definition.start_by))
        or (task.school is not None and world.directory.holds(person, HEAD, today, school=task.school))
    )
    if not allowed:
        name = world.directory.person(person).name
        raise NotAllowedError(
            f"{name} may not reassign {task.title!r}: that is for whoever has it, "
            f"the headteacher of the school or the {definition.owner}"
        )


def _complete(run: Run, command: CompleteTask) -> None:
    task = _open(run, command.task)
    _may_do(run, task, command.by)
    node, spec = _task_step(run, task)
    name, outcome = _outcome(spec, task, command.outcome)
    if outcome and outcome.return_to:
        _send_back(run, task, command, name, outcome)
        return
    values = validate_answer(run.world.program.definition, spec, command.values)
    late = task.due is not None and run.at > task.due.at
    run.emit(
        TaskCompleted(
            at=run.at,
            by=command.by,
            task=task.id,
            outcome=name,
            values=values,
            reason=command.reason,
            late=late,
        )
    )
    run.finish_step(task.address)


def _send_back(run: Run, task: Task, command: CompleteTask, name: str, outcome: Outcome) -> None:
    reason = _reason(command.reason, "send work back")
    if command.values:
        raise RefusedError(f"{name!r} sends the work back, so the form is not filled in; leave the values out")
    if task.round > outcome.at_most:
        raise RefusedError(
            f"{task.title!r} has been sent back {outcome.at_most} times, which is the limit; choose another outcome"
        )
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
        )
    )
    run.begin_again(target, to)


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


def _may_do(run: Run, task: Task, person: str) -> None:
    if not task.may_be_done_by(person):
        name = run.world.directory.person(person).name
        asked = [run.world.directory.person(each).name for each in ([task.assignee] if task.assignee else task.candidates)]
        raise NotAllowedError(f"{name} is not asked to do {task.title!r}; it is for {' or '.join(asked) or 'nobody yet'}")
    _no_conflict(run, task, person)


def _no_conflict(run: Run, task: Task, person: str) -> None:
    node, _ = _task_step(run, task)
    today = run.world.calendar.local_date(run.at)
    why = conflict(run.world.directory, node, run.scope(task.address), person, today)
    if why:
        raise NotAllowedError(f"{run.world.directory.person(person).name} {why}")


def _task_step(run: Run, task: Task) -> tuple[Node, TaskStep]:
    node = run.world.program.steps[task.step]
    if not isinstance(node.spec, TaskStep):
        raise TypeError(node.kind)
    return node, node.spec


def _reason(given: str | None, what: str) -> str:
    if not given or not given.strip():
        raise RefusedError(f"to {what}, give the reason (--reason)")
    return given.strip()


