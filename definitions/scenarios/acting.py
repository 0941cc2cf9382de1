"""What people do in a scenario: each kind of entry becomes the commands that people send."""

from collections.abc import Callable
from functools import singledispatch

from definitions.scenarios import completing, talking
from definitions.scenarios.checking import events_of
from definitions.scenarios.commanding import Says, meaning, send, send_to_each, who_does
from definitions.scenarios.doing import Doing
from definitions.scenarios.grammar import (
    Cancel,
    Claim,
    Complete,
    Defer,
    Do,
    Join,
    Leave,
    Raise,
    Reassign,
    Release,
    Resume,
    Return,
    Skip,
)
from definitions.scenarios.loading import Script
from definitions.scenarios.selecting import (
    find_for_each,
    instances_at,
    words,
    words_of,
)
from definitions.scenarios.stage import Stage
from definitions.scenarios.stopping import StopError, at_place
from engine.commands import (
    PERSON_COMMANDS,
    CancelProcess,
    ClaimTask,
    DeferTask,
    JoinMember,
    LeaveMember,
    RaiseEvent,
    ReassignTask,
    ReleaseTask,
    ResumeTask,
    SkipTask,
)
from engine.definition.model import ForEachStep
from engine.raising import waits_for


@singledispatch
def act(entry: Doing, stage: Stage, script: Script) -> None:
    """Do what the entry says. Raises StopError, or RefusedError where the rules do not allow it."""
    raise TypeError(f"{type(entry).__name__} by {type(script).__name__} on {type(stage).__name__}")


@act.register
def _(entry: Complete, stage: Stage, script: Script) -> None:
    completing.complete(entry, stage, script)


@act.register
def _(entry: Return, stage: Stage, script: Script) -> None:
    del script
    completing.give_back(entry, stage)


@act.register
def _(entry: Claim, stage: Stage, script: Script) -> None:
    del script
    send_to_each(stage, entry, "claim", entry.claim, ClaimTask, {})


@act.register
def _(entry: Release, stage: Stage, script: Script) -> None:
    del script
    send_to_each(stage, entry, "release", entry.release, ReleaseTask, {})


@act.register
def _(entry: Reassign, stage: Stage, script: Script) -> None:
    del script
    with at_place("to"):
        to = stage.person(entry.to)
    says: Says = {"to": to, "reason": entry.reason}
    send_to_each(stage, entry, "reassign", entry.reassign, ReassignTask, says, usual=stage.state.started.by)


@act.register
def _(entry: Skip, stage: Stage, script: Script) -> None:
    del script
    says: Says = {"code": entry.code, "comment": entry.comment}
    send_to_each(stage, entry, "skip", entry.skip, SkipTask, says)


@act.register
def _(entry: Defer, stage: Stage, script: Script) -> None:
    del script
    with at_place("until"):
        until = stage.day(entry.until).isoformat()
    says: Says = {"code": entry.code, "until": until, "comment": entry.comment}
    send_to_each(stage, entry, "defer", entry.defer, DeferTask, says)


@act.register
def _(entry: Resume, stage: Stage, script: Script) -> None:
    del script
    send_to_each(stage, entry, "resume", entry.resume, ResumeTask, {})


@act.register
def _(entry: Join, stage: Stage, script: Script) -> None:
    del script
    values = {name: meaning(stage, name, value) for name, value in entry.values.items()}
    _to_members(stage, entry, ("join", entry.join), JoinMember, {"values": values})


@act.register
def _(entry: Leave, stage: Stage, script: Script) -> None:
    del script
    _to_members(stage, entry, ("leave", entry.leave), LeaveMember, {"key": entry.member})


def _to_members(
    stage: Stage, entry: Join | Leave, named: tuple[str, str], model: Callable[..., object], says: Says
) -> None:
    """Send a command about the one for-each that runs and is meant."""
    key, text = named
    with at_place(key):
        instance, address = find_for_each(stage.cast, stage.tested.named(text, ForEachStep), entry.where)
    by = who_does(stage, entry, (stage.state.started.by,))
    send(stage, model, instance, by, {"address": address, "reason": entry.reason, **says})


@act.register
def _(entry: Raise, stage: Stage, script: Script) -> None:
    del script
    wanted = words(entry.where or "")
    awaited = {
        name: awaited
        for name, state in stage.cast.states.items()
        for wait, awaited in waits_for(state, entry.raise_, entry.values)
        if wanted <= words_of(stage.cast, name, wait.address)
    }
    hears = awaited or dict.fromkeys(_handling(stage, entry.raise_, wanted))
    if len(hears) > 1:
        raise StopError(f"{entry.raise_} is awaited in {len(hears)} places; say which with `where`")
    instance = next(iter(hears), stage.root)
    may = next((each.raised_by for each in awaited.values()), ()) or (stage.state.started.by,)
    values = {name: meaning(stage, name, value) for name, value in entry.values.items()}
    says: Says = {"event": entry.raise_, "reason": entry.reason, "values": values}
    send(stage, RaiseEvent, instance, who_does(stage, entry, may), says)


def _handling(stage: Stage, event: str, wanted: frozenset[str]) -> list[str]:
    """The cycles that do something about an event; the one that was started before those it runs."""
    found = [
        name
        for name, state in stage.cast.states.items()
        if state.started.root == name
        and event in events_of(stage.tested.programs[state.started.process])
        and wanted <= words_of(stage.cast, name)
    ]
    return [stage.root] if stage.root in found else found


@act.register
def _(entry: Cancel, stage: Stage, script: Script) -> None:
    del script
    by = who_does(stage, entry, (stage.state.started.by,))
    send(stage, CancelProcess, stage.root, by, {"reason": entry.cancel})


@act.register
def _(entry: talking.Asking, stage: Stage, script: Script) -> None:
    del script
    talking.ask(entry, stage)


@act.register
def _(entry: Do, stage: Stage, script: Script) -> None:
    del script
    model = PERSON_COMMANDS[entry.do]
    says = {name: meaning(stage, name, value) for name, value in entry.says.items()}
    if entry.task:
        send_to_each(stage, entry, "task", entry.task, model, says)
        return
    places = list(instances_at(stage.cast, entry.where)) if entry.where else [stage.root]
    if len(places) != 1:
        raise StopError(f"{len(places) or 'no'} instances have the words {entry.where!r}; one is needed")
    send(stage, model, places[0], who_does(stage, entry, (stage.state.started.by,)), says)
