"""A person's own process stands still while they are away, and goes on when they are back.

Whose process it is stands in its first event: `about` names the person in the definition. Statutory deadlines never
stand still. A definition that says itself what follows from `absence-started` is left to say it.
"""

from engine.absence_events import ENDED, STARTED
from engine.matters import events_of
from engine.rescheduling import start_clock, stop_clock
from engine.run import Run
from engine.state import Stop, Task
from engine.stops import key_of
from engine.world import ROLES_TODAY

_STATUTORY = ("statutory",)


def follow_absence(run: Run) -> None:
    """Stop its clock, or let it go on, as the register says today. Safe to repeat: then nothing follows."""
    started = run.state.started
    person = started.person
    if person is None or started.engine < ROLES_TODAY or STARTED in events_of(run.world):
        return
    away = run.world.directory.absent(person, run.world.calendar.local_date(run.at)) is not None
    stop = run.state.stops.get(key_of(STARTED, person))
    if away and stop is None:
        stop_clock(run, _stop(run, person))
    elif stop and not away:
        start_clock(run, stop, ENDED)


def stands_still(run: Run, task: Task) -> bool:
    """Whether the task waits until the person whose process it is part of is back."""
    person = run.state.started.person
    return person is not None and key_of(STARTED, person) in task.stopped


def _stop(run: Run, person: str) -> Stop:
    return Stop(
        key=key_of(STARTED, person),
        event=STARTED,
        school="",
        since=run.at,
        reason="whose process it is, is away",
        ends_on=ENDED,
        until=None,
        exempt=_STATUTORY,
        only=(),
        person=person,
    )
