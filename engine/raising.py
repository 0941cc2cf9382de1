"""An event from outside: which waits it ends, and why not when it ends none."""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from engine import event_values, handling, matters
from engine.commands import PassEvent, RaiseEvent
from engine.errors import NotAllowedError, RefusedError, TermwiseError, UnknownNameError
from engine.events import Awaited, WaitEnded
from engine.kinds import on
from engine.reasons import given_reason
from engine.run import Run
from engine.state import State, Wait
from engine.stops import key_of
from engine.who import people
from engine.world import ROLES_TODAY


def raise_event(run: Run, command: RaiseEvent) -> None:
    """Do what the definition says of it, and end every wait for it that this person may end.

    Refused when nothing follows from it, naming what is waited for.
    """
    given = event_values.read(run.world, command.event, command.values)
    command = command.model_copy(update={"values": given})
    concerns = matters.concerned(run, command)
    meant = list(waits_for(run.state, command.event, command.values))
    if not meant and not concerns:
        raise _nothing_waits(run, command)
    theirs = [matter for matter in concerns if matters.may_raise(run, matter, command.by)]
    mine = [wait for wait, awaited in meant if _may_raise(run, wait, awaited, command.by)]
    if not mine and not theirs:
        person = run.world.directory.person(command.by).name
        raise NotAllowedError(f"{person} may not raise {command.event!r} here")
    reason = given_reason(command.reason, "raise an event")
    for matter in theirs:
        if run.state.status == "running":  # What came before may have cancelled it.
            handling.carry_out(run, matter, command, command.by, reason)
    if run.state.status == "running":
        _end_waits(run, mine, command, reason)


def pass_event(run: Run, command: PassEvent) -> None:
    """Do what the instance that this one is part of was told to do. Nothing is refused: it may follow here or not."""
    for matter in matters.concerned(run, command):
        known = matter.spec.do == on.STOP and key_of(command.event, matter.subject) in run.state.stops
        if matter.ends or not known:
            handling.carry_out(run, matter, command, command.raised_by, command.reason)


def _end_waits(run: Run, waits: list[Wait], command: RaiseEvent, reason: str) -> None:
    for wait in waits:
        unsaid = event_values.nothing_said(run.world, (each.event for each in wait.awaited))
        run.emit(
            WaitEnded(
                at=run.at,
                by=command.by,
                address=wait.address,
                happened=True,
                reason=reason,
                event=command.event,
                values={**unsaid, **command.values},
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


def _nothing_waits(run: Run, command: RaiseEvent) -> RefusedError:
    state, ended = run.state, set(matters.events_of(run.world)) - run.world.program.handlers.keys()
    if command.event in ended:
        return RefusedError(f"nothing stands still there that {command.event} would let go on")
    everything = [each for address in sorted(state.waits) for each in state.waits[address].awaited]
    same = sorted({said(each) for each in everything if each.event == command.event})
    if not same:
        known = {each.event for each in everything} | run.world.program.handlers.keys()
        known |= {stop.ends_on for stop in state.stops.values() if stop.ends_on}
        return UnknownNameError("awaited event", command.event, known)
    given = ", ".join(f"{name}={_told(value)}" for name, value in command.values.items()) or "no values"
    return RefusedError(f"nothing waits for {command.event} with {given}; awaited: {'; '.join(same)} (--set)")


def _may_raise(run: Run, wait: Wait, awaited: Awaited, person: str) -> bool:
    """Whether the person is asked for it. Where nobody is, the owner: else it might never end."""
    today = run.world.calendar.local_date(run.at)
    asked = awaited.raised_by
    if run.state.started.engine >= ROLES_TODAY:
        asked = tuple(
            each for each in _named_today(run, wait, awaited) if run.world.directory.at_work(each, today)
        )
    if asked:
        return person in asked
    return run.world.directory.holds(person, run.world.program.definition.owner, today)


def _named_today(run: Run, wait: Wait, awaited: Awaited) -> tuple[str, ...]:
    """Whom the definition names today, not when the wait began."""
    node, part = run.world.program.steps[wait.step], f"by.{awaited.event}"
    if part not in node.whos:
        return ()
    today = run.world.calendar.local_date(run.at)
    try:
        return people(run.world.directory, node, part, run.scope(wait.address), today)
    except TermwiseError:
        return ()  # It names somebody or something that is not there any more.
