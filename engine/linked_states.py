"""How calls and other processes move the state."""

from pydantic import JsonValue

from engine import addresses
from engine.copying import replace
from engine.events import (
    CallFailed,
    CallFinished,
    CallRequested,
    RunFailed,
    RunFinished,
    RunRequested,
    RunWithdrawn,
)
from engine.state import OpenCall, OpenRun, State, with_values


def call_requested(state: State, event: CallRequested) -> State:
    """An activity is to be called."""
    call = OpenCall(
        event.address, event.step, event.activity, event.arguments, event.attempt,
        event.at_most, event.first_seconds, event.timeout_seconds,
    )  # fmt: skip
    return replace(state, calls=state.calls.set(event.address, call))


def call_ended(state: State, event: CallFinished | CallFailed) -> State:
    """It has answered, or failed for good; its name reads as what came of it."""
    call = state.calls[event.address]
    result: dict[str, JsonValue] = {"failed": True, "why": event.why} if isinstance(event, CallFailed) else {}
    if isinstance(event, CallFinished):
        given = event.result if isinstance(event.result, dict) else {"value": event.result}
        result = {**given, "failed": False}
    state = replace(state, calls=state.calls.delete(event.address))
    return with_values(state, addresses.scope_of(call.address), {call.step: result})


def run_requested(state: State, event: RunRequested) -> State:
    """Another process is to be run."""
    run = OpenRun(
        event.address, event.step, event.process, event.child, event.definition, event.inputs,
        event.school, event.wait, event.cancel, event.attempt,
    )  # fmt: skip
    return replace(state, runs=state.runs.set(event.child, run))


def run_finished(state: State, event: RunFinished) -> State:
    """It has begun, or ended; its name reads as what came of it."""
    if event.child in state.leaving:
        return replace(state, leaving=state.leaving.delete(event.child))
    run = state.runs[event.child]
    result: JsonValue = {
        "outcome": event.outcome,
        "instance": event.child,
        "reports": event.reports,
        "failed": False,
        "why": None,
    }
    kept = state.runs.delete(event.child)
    if not run.wait and run.cancel == "with parent":
        kept = kept.set(event.child, replace(run, began=True))
    return with_values(replace(state, runs=kept), addresses.scope_of(run.address), {run.step: result})


def run_failed(state: State, event: RunFailed) -> State:
    """It could not begin."""
    run = state.runs.get(event.child)
    if run and run.address == event.address:
        state = replace(state, runs=state.runs.delete(event.child))
    result: JsonValue = {
        "outcome": "not-started",
        "instance": event.child,
        "reports": {},
        "failed": True,
        "why": event.why,
    }
    return with_values(state, addresses.scope_of(event.address), {event.step: result})


def run_withdrawn(state: State, event: RunWithdrawn) -> State:
    """It is not wanted any more."""
    run = state.runs[event.child]
    state = replace(state, runs=state.runs.delete(event.child))
    if run.cancel == "never":
        return state
    return replace(state, leaving=state.leaving.set(event.child, event.address))
