"""How waits move the state."""

from pydantic import JsonValue

from engine import addresses
from engine.agenda import enter, leave
from engine.copying import replace
from engine.events import Awaited, WaitEnded, WaitOpened
from engine.state import State, Wait, with_values


def wait_opened(state: State, event: WaitOpened) -> State:
    """It is waited for."""
    single = (Awaited(event=event.event, raised_by=event.raised_by),) if event.event else ()
    wait = Wait(
        event.address, event.step, event.awaited or single, event.until, event.school,
        stopped=event.stopped, stopped_at=event.at if event.stopped else None,
        opened_at=event.at,
    )  # fmt: skip
    runs = event.until and not event.stopped
    agenda = enter(state.agenda, event.until.at, (event.address, 0)) if event.until and runs else state.agenda
    return replace(state, waits=state.waits.set(event.address, wait), agenda=agenda)


def wait_closed(state: State, wait: Wait) -> State:
    """It is not waited for any more."""
    agenda = leave(state.agenda, wait.until.at, (wait.address, 0)) if wait.until else state.agenda
    return replace(state, waits=state.waits.delete(wait.address), agenda=agenda)


def wait_ended(state: State, event: WaitEnded) -> State:
    """What was waited for came; its name reads as what came."""
    wait = state.waits[event.address]
    state = wait_closed(state, wait)
    result: JsonValue = {
        "happened": event.happened,
        "event": event.event,
        "values": event.values,
        "reason": event.reason,
        "by": event.by,
        "done": event.at.isoformat(),
    }
    return with_values(state, addresses.scope_of(wait.address), {wait.step: result})
