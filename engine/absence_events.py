"""An absence of the register reaches what a definition says of it: `on: absence-started`, and `absence-ended`.

It concerns whoever has open work in the instance, and whoever its inputs name: whose process it is.
"""

from datetime import date

from engine import raising
from engine.commands import PassEvent, command_id
from engine.definition.model import Handler
from engine.errors import TermwiseError
from engine.events import TERMWISE
from engine.matters import events_of
from engine.run import Run

STARTED, ENDED = "absence-started", "absence-ended"


def tell(run: Run) -> None:
    """Raise them for those whom the instance concerns, once for each absence. Safe to repeat."""
    if not run.world.directory.absences:
        return
    today = run.world.calendar.local_date(run.at)
    events = set(events_of(run.world))
    handled = [
        event
        for event in (ENDED, STARTED)
        if event in events and _is_of_a_person(run, event) and run.state.status == "running"
    ]
    concerned = _concerned(run) if handled else ()
    for event in handled:
        for person in concerned:
            if _is_due(run, event, person, today):
                _raise(run, event, person)


def _is_of_a_person(run: Run, event: str) -> bool:
    handlers = (node.spec for node in run.world.program.handlers.values())
    return any(
        isinstance(spec, Handler) and spec.of == "person" and event in {name, spec.until}
        for name, spec in zip(run.world.program.handlers, handlers, strict=True)
    )


def _concerned(run: Run) -> list[str]:
    """Whoever has open work in it, and whom its inputs name: whose process it is."""
    state = run.state
    asked = {person for each in state.unfinished for person in state.tasks[each].asked}
    inputs = {value for value in state.started.inputs.values() if isinstance(value, str)}
    away = {each.person for each in run.world.directory.absences}
    return sorted(away & (asked | inputs))


def _is_due(run: Run, event: str, person: str, today: date) -> bool:
    absent = run.world.directory.absent(person, today)
    said = [
        told.at
        for (name, subject, _), (told, _) in run.state.raised.items()
        if (name, subject) == (event, person)
    ]
    last = run.world.calendar.local_date(max(said)) if said else None
    if event == STARTED:
        return absent is not None and (last is None or last < absent.since)
    began = [
        told.at
        for (name, subject, _), (told, _) in run.state.raised.items()
        if (name, subject) == (STARTED, person)
    ]
    return absent is None and bool(began) and (not said or max(said) < max(began))


def _raise(run: Run, event: str, person: str) -> None:
    order = PassEvent(
        id=command_id(run.state.instance, event, person, run.at),
        by=TERMWISE,
        event=event,
        reason="as the register says",
        values={"person": person},
        raised_by=TERMWISE,
    )
    try:
        raising.pass_event(run, order)
    except TermwiseError:
        return  # A rule that fails on these values stops nothing else: the tasks are looked at anyway.
