"""Moving a running instance to another version of its definition, or to a newer calendar or directory.

What is open stays open, with the people and the dates it was opened with; what begins afterwards follows the new.
"""

from engine import library
from engine.commands import MigrateInstance
from engine.definition.running import runs
from engine.errors import NotAllowedError, RefusedError, UnknownNameError
from engine.events import InstanceMigrated
from engine.reasons import given_reason
from engine.run import Run
from engine.state import State
from engine.versions.moving import plan
from engine.who import require
from engine.world import World, require_known


def migrate(run: Run, command: MigrateInstance) -> None:
    """Move to the documents the command names, which must be loaded. Nothing happens where it stands there already.

    Refused with every reason when what is open has no place in the new version.
    """
    target = target_of(run.state, command)
    if target == pinned(run.state):
        return
    require_known(command.engine)
    new = library.world(*target)
    _may_move(run, new, command.by)
    reason = given_reason(command.reason, "move an instance")
    found = plan(run.state, run.world, new)
    unpinned = [key for key in runs(new.program.definition) if key not in run.state.started.processes]
    reasons = [
        *found.reasons,
        *(f"it would run {key!r}, which this cycle has not pinned" for key in unpinned),
    ]
    if reasons:
        raise RefusedError("\n".join([f"{run.state.instance} cannot move:", *reasons]))
    definition, started = new.program.definition, run.state.started
    run.emit(
        InstanceMigrated(
            at=run.at,
            by=command.by,
            was=started.definition,
            definition=target[0],
            calendar=target[1],
            directory=target[2],
            engine=max(started.engine, command.engine),
            version_was=run.world.program.definition.version,
            version=definition.version,
            title=definition.title,
            owner_role=definition.owner,
            confidentiality=definition.confidentiality,
            stages=(*new.program.stages, *_old_stages(run.state, new)),
            inputs=found.inputs,
            values=found.values,
            reason=reason,
        )
    )


def pinned(state: State) -> tuple[str, str, str]:
    """The digests of the definition, the calendar and the directory that an instance has now."""
    return state.started.definition, state.started.calendar, state.started.directory


def target_of(state: State, command: MigrateInstance) -> tuple[str, str, str]:
    """Those it would have after the command: what is not named stays."""
    started = state.started
    return command.definition, command.calendar or started.calendar, command.directory or started.directory


def _old_stages(state: State, new: World) -> tuple[str, ...]:
    """Stages that have tasks here, and that the new version no longer has."""
    used = {stage for stage, _ in state.tallies}
    return tuple(stage for stage in state.started.stages if stage in used - set(new.program.stages))


def _may_move(run: Run, new: World, person: str) -> None:
    """For whom it is now, or will be: an owner who came later must be able to move what does not know them yet."""
    for world in (run.world, new):
        definition = world.program.definition
        try:
            require(world, (definition.owner, *definition.start_by), person, run.at, "move it")
        except (NotAllowedError, UnknownNameError):
            if world is new:
                raise
        else:
            return
