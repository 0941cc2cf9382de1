"""An instance takes on the calendar and the directory that the register has now, and plans its open work anew.

What is done, and what the definition says, stays.
"""

from dataclasses import replace
from datetime import datetime

from engine import absence_events, library, own_process, replanning_people
from engine.commands import RenewInstance
from engine.errors import RefusedError
from engine.events import TERMWISE, Event, InstanceRenewed
from engine.replanning_dates import moved_deadlines
from engine.run import Run
from engine.state import State
from engine.versions.moving import unknown_in
from engine.world import World


def renew(run: Run, command: RenewInstance) -> None:
    """Take them on; the documents must be loaded. Nothing happens where nothing is new and nobody has gone.

    Refused where they do not know whom or what the instance speaks of: then they are another trust's.
    """
    new = replace(
        run.world,
        calendar=library.calendar(command.calendar),
        directory=library.directory(command.directory),
    )
    started = run.state.started
    if (command.calendar, command.directory) != (started.calendar, started.directory):
        unknown = list(unknown_in(new, run.state))
        if unknown:
            raise RefusedError("\n".join([f"{run.state.instance} cannot follow the register:", *unknown]))
        run.emit(
            InstanceRenewed(at=run.at, by=command.by, calendar=command.calendar, directory=command.directory)
        )
    plan_anew(run, new)


def rehearse(state: State, world: World, new: World, at: datetime) -> tuple[Event, ...]:
    """What an instance with this world would do in the new one. Nothing is changed."""
    run = Run(world, state, max(at, state.now), TERMWISE)
    plan_anew(run, new)
    return tuple(run.events)


def plan_anew(run: Run, new: World) -> None:
    """What follows for open work from deciding with the new world."""
    moved = moved_deadlines(run.state, run.world, new, run.at)
    run.world = new
    for fact in moved:
        run.emit(fact)
    absence_events.tell(run)
    if run.state.status == "running":
        own_process.follow_absence(run)
    if run.state.status == "running":  # What the definition says of an absence may be the end of it.
        replanning_people.replan(run)
