"""An event from outside: which waits it ends, and why not when it ends none."""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from engine.commands import RaiseEvent
from engine.errors import NotAllowedError, RefusedError, UnknownNameError
from engine.events import Awaited, WaitEnded
from engine.reasons import given_reason
from engine.run import Run
from engine.state import State, Wait


def raise_event(run: Run, command: RaiseEvent) -> None:
    """End every wait for it that this person may end. Refused when there is none, naming what is waited for."""
    meant = list(waits_for(run.state, command.event, command.values))
    if not meant:
        raise _nothing_waits(run.state, command)
    mine = [wait for wait, awaited in meant if _may_raise(run, awaited, command.by)]
    if not mine:
        person = run.world.directory.person(command.by).name
        raise NotAllowedError(f"{person} may not raise {command.event!r} here")
    reason = given_reason(command.reason, "raise an event")
    for wait in mine:
        run.emit(
            WaitEnded(
                at=run.at,
                by=command.by,
                address=wait.address,
                happened=True,
                reason=reason,
                event=command.event,
                values=command.values,
            )
        )
        run.finish_step(wait.address)


def waits_for(state: State, event: str, values: Mapping[str, JsonValue]) -> Iterator[tuple[Wait, Awaited]]:
    """The waits that this event with these values would end, by address."""
    for address in sorted(state.waits):
        awaited = state.waits[address].awaits(event)
        if awaited and fits(awaited, values):
            yield state.waits[address], awaited


def fits(awaited: Awaited, values: Mapping[str, JsonValue]) -> bool:
    """Whether the event is about what is waited for. A number or a yes may be given as text."""
    return all(
        name in values and _told(values[name]) == _told(wanted) for name, wanted in awaited.match.items()
    )


def said(awaited: Awaited) -> str:
    """The event and what it must be about: `appeal-raised with pack=Y6-07`."""
    match = ", ".join(f"{name}={_told(value)}" for name, value in awaited.match.items())
    return f"{awaited.event} with {match}" if match else awaited.event


def _told(value: JsonValue) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _nothing_waits(state: State, command: RaiseEvent) -> RefusedError:
    everything = [each for address in sorted(state.waits) for each in state.waits[address].awaited]
    same = sorted({said(each) for each in everything if each.event == command.event})
    if not same:
        return UnknownNameError("awaited event", command.event, {each.event for each in everything})
    given = ", ".join(f"{name}={_told(value)}" for name, value in command.values.items()) or "no values"
    return RefusedError(f"nothing waits for {command.event} with {given}; awaited: {'; '.join(same)} (--set)")


def _may_raise(run: Run, awaited: Awaited, person: str) -> bool:
    if awaited.raised_by:
        return person in awaited.raised_by
    # Nobody held the role when the wait began: without the owner it might never end.
    owner = run.world.program.definition.owner
    return run.world.directory.holds(person, owner, run.world.calendar.local_date(run.at))
