"""What follows from a command: events, or a refusal that changes nothing. Pure; all decisions begin here.

The same function answers the workflow, its validators, simulation and tests.
"""

from datetime import datetime
from typing import assert_never

from pydantic import JsonValue

from engine import (
    addresses,
    delegating,
    membership,
    migration,
    more_time,
    nudging,
    raising,
    renewing,
    setting_aside,
    stepping_back,
    talking,
    tasks,
)
from engine.cancelling import cancel
from engine.clock import pass_time
from engine.commands import (
    CancelProcess,
    ClaimTask,
    Command,
    CompleteTask,
    DeferTask,
    EndCall,
    EndChild,
    EndRun,
    JoinMember,
    LeaveMember,
    MigrateInstance,
    PassEvent,
    PassTime,
    RaiseEvent,
    ReassignTask,
    RecuseFromTask,
    ReleaseTask,
    RenewInstance,
    ResumeTask,
    SkipTask,
    StartProcess,
    refuse_unstorable,
)
from engine.definition.declared import at_start
from engine.errors import RefusedError
from engine.events import (
    TERMWISE,
    ChildEnded,
    Event,
    InstanceStarted,
)
from engine.kinds import call, run_process
from engine.reasons import given_reason
from engine.run import Run
from engine.starting import instance_id, instance_name, instance_term, resolve_inputs, whose
from engine.state import State
from engine.talk_commands import (
    AskForTime,
    AttachToTask,
    CommentOnTask,
    DelegateTask,
    GrantTime,
    HandBackTask,
    NudgeTask,
    RefuseTime,
)
from engine.told_deputies import with_deputies
from engine.who import require
from engine.world import World, require_known


def decide(world: World, state: State | None, command: Command, at: datetime) -> tuple[Event, ...]:
    """The events of the command at this instant; none when there is nothing to do.

    Raises RefusedError (or a kind of it) when the rules do not allow it. The state is never changed.
    """
    return decide_and_evolve(world, state, command, at)[0]


def decide_and_evolve(
    world: World, state: State | None, command: Command, at: datetime
) -> tuple[tuple[Event, ...], State | None]:
    """The same, with the state that the events lead to: what `evolve` would make of them, without doing it twice."""
    refuse_unstorable(command)
    run = Run(world, state, _not_earlier(state, command, at), command.by)
    events = with_deputies(run, _settled(run, state, command))
    return events, run.state if events else state


def _settled(  # noqa: C901, PLR0912, PLR0915 - one line for each kind of command
    run: Run, state: State | None, command: Command
) -> tuple[Event, ...]:
    if isinstance(command, StartProcess):
        _start(run, state, command)
        return run.settle()
    if state is None:
        raise RefusedError("the instance has not started")
    if isinstance(command, PassTime):
        pass_time(run)
        return run.settle()
    if state.status != "running" and command.by == TERMWISE:
        return ()  # What is told from elsewhere may come too late.
    if state.status != "running":
        raise RefusedError(
            f"{state.started.name} has {'ended' if state.status == 'ended' else 'been cancelled'}"
        )
    match command:
        case ClaimTask():
            tasks.claim(run, command)
        case ReleaseTask():
            tasks.release(run, command)
        case CompleteTask():
            tasks.complete(run, command)
        case ReassignTask():
            tasks.reassign(run, command)
        case RecuseFromTask():
            stepping_back.recuse(run, command)
        case SkipTask():
            setting_aside.skip(run, command)
        case DeferTask():
            setting_aside.defer(run, command)
        case ResumeTask():
            setting_aside.resume(run, command)
        case DelegateTask():
            delegating.delegate(run, command)
        case HandBackTask():
            delegating.hand_back(run, command)
        case AskForTime():
            more_time.ask(run, command)
        case GrantTime():
            more_time.grant(run, command)
        case RefuseTime():
            more_time.refuse(run, command)
        case CommentOnTask():
            talking.comment(run, command)
        case AttachToTask():
            talking.attach(run, command)
        case NudgeTask():
            nudging.nudge(run, command)
        case JoinMember():
            membership.join(run, command)
        case LeaveMember():
            membership.leave(run, command)
        case RaiseEvent():
            raising.raise_event(run, command)
        case PassEvent():
            raising.pass_event(run, command)
        case CancelProcess():
            _cancel(run, command)
        case MigrateInstance():
            migration.migrate(run, command)
        case RenewInstance():
            renewing.renew(run, command)
        case EndChild():
            _end_child(run, command)
        case EndCall():
            call.end(run, command)
        case EndRun():
            run_process.end(run, command)
        case _:
            assert_never(command)
    return run.settle()


def _not_earlier(state: State | None, command: Command, at: datetime) -> datetime:
    # A clock may be set back, and a child's may be ahead of ours; what follows is later than what it follows.
    known = [
        at,
        *([state.now] if state else []),
        *([command.at] if isinstance(command, EndChild | EndRun) else []),
    ]
    return max(known)


# ---- the instance


def _start(run: Run, state: State | None, command: StartProcess) -> None:
    if state is not None:
        raise RefusedError(f"{command.instance} is already {state.status}")
    require_known(command.engine)
    world, definition = run.world, run.world.program.definition
    part = world.program.steps[addresses.name_of(addresses.owner_of(command.part))] if command.part else None
    if part is None:
        if command.run_at is None:  # What another process runs is the will of its definition.
            may_start(world, command.by, run.at)
        inputs = resolve_inputs(world, command.inputs, run.at)
        expected = instance_id(world.program, inputs)
        if expected != command.instance:
            raise RefusedError(f"these inputs make the cycle {expected}, not {command.instance}")
    else:
        inputs = command.inputs
    schools = inputs.get("schools")
    given: dict[str, JsonValue] = (
        {**at_start(definition), **command.data} if part is None else dict(command.data)
    )
    about, person = whose(definition, {**inputs, **given})
    run.emit(
        InstanceStarted(
            at=run.at,
            by=command.by,
            instance=command.instance,
            process=definition.process,
            title=definition.title,
            name=_name(world, inputs, command.school if part else None),
            definition=command.definition,
            calendar=command.calendar,
            directory=command.directory,
            engine=command.engine,
            owner_role=definition.owner,
            confidentiality=definition.confidentiality,
            inputs=inputs,
            stages=world.program.stages,
            schools=(command.school,)
            if command.school
            else _texts(schools) or world.directory.members(world.calendar.local_date(run.at)),
            term=instance_term(world.program, inputs),
            root=command.root,
            parent=command.parent,
            run_at=command.run_at,
            processes=command.processes,
            part=command.part,
            data=given,
            about=about,
            person=person,
        )
    )
    run.begin_block(part.blocks[0] if part else world.program.root, addresses.ROOT)


def may_start(world: World, person: str, at: datetime) -> None:
    """Refuse unless the person holds a role that may start the process on that day."""
    definition = world.program.definition
    roles = tuple(dict.fromkeys((definition.owner, *definition.start_by)))
    require(world, roles, person, at, f"start {definition.process}")


def _name(world: World, inputs: dict[str, JsonValue], school: str | None) -> str:
    name = instance_name(world.program, inputs)
    return f"{name}, {world.directory.school(school).name}" if school else name


def _texts(value: JsonValue) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list) else ()


def _cancel(run: Run, command: CancelProcess) -> None:
    definition = run.world.program.definition
    if command.by != TERMWISE or run.state.started.parent is None:  # A part is cancelled with the whole.
        require(run.world, (definition.owner, *definition.start_by), command.by, run.at, "cancel it")
    reason = given_reason(command.reason, "cancel")
    cancel(run, command.by, reason)


def _end_child(run: Run, command: EndChild) -> None:
    leaving = run.state.leaving.get(command.child) == command.address
    if run.state.children.get(command.child) != command.address and not leaving:
        return  # It was told before: a child's report may come twice, never count twice.
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
    if leaving:
        return  # The work went on without it.
    node = run.world.program.steps[addresses.name_of(addresses.owner_of(command.address))]
    run.finish_block(node.blocks[0], command.address)
