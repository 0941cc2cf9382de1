"""What people do in a scenario: each kind of entry becomes the commands that people send."""

from collections.abc import Callable, Mapping
from functools import singledispatch

from pydantic import JsonValue, ValidationError

from definitions.scenarios.answering import Asked, Said, answered
from definitions.scenarios.checking import EVERYTHING
from definitions.scenarios.grammar import (
    Answer,
    Cancel,
    Claim,
    Complete,
    Defer,
    Do,
    Doing,
    Raise,
    Reassign,
    Release,
    Resume,
    Return,
    Skip,
)
from definitions.scenarios.loading import Script
from definitions.scenarios.selecting import Found, find_open, instances_at, read_selector, words, words_of
from definitions.scenarios.stage import Stage
from definitions.scenarios.stopping import StopError, at_place
from engine.commands import (
    PERSON_COMMANDS,
    CancelProcess,
    ClaimTask,
    CompleteTask,
    DeferTask,
    RaiseEvent,
    ReassignTask,
    ReleaseTask,
    ResumeTask,
    SkipTask,
)
from engine.definition.model import Outcome, TaskStep
from engine.raising import waits_for
from engine.scope import Scope

#: How many answers `everything` may lead to: a process that asks for more asks for ever.
MAX_ANSWERS = 20_000
#: Fields of commands in which a person stands.
Says = Mapping[str, JsonValue]
_PEOPLE = frozenset({"to", "person"})


@singledispatch
def act(entry: Doing, stage: Stage, script: Script) -> None:
    """Do what the entry says. Raises StopError, or RefusedError where the rules do not allow it."""
    raise NotImplementedError(type(entry).__name__)


@act.register
def _(entry: Complete, stage: Stage, script: Script) -> None:
    if entry.complete == EVERYTHING:
        _answer_everything(entry, stage, script)
        return
    for found in _meant(stage, entry, "complete", entry.complete):
        own = entry.model_fields_set & Answer.model_fields.keys()
        usual = None if own or not stage.is_own(found.instance) else script.usual.get(found.task.step)
        _answer(stage, found, usual or Said(entry, script.file.parent), entry, usual=usual is not None)


def _answer_everything(entry: Complete, stage: Stage, script: Script) -> None:
    count = 0
    while waiting := [
        Found(name, task)
        for name, task in stage.cast.open_tasks()
        if stage.is_own(name) and task.step in script.usual and task.step not in entry.but
    ]:
        for found in waiting:
            if found.task.id in stage.cast.states[found.instance].open_tasks:
                _answer(stage, found, script.usual[found.task.step], entry, usual=True)
        count += len(waiting)
        if count > MAX_ANSWERS:
            raise StopError(f"more than {MAX_ANSWERS} answers were given; does the process ever end?")


def _answer(stage: Stage, found: Found, said: Said, entry: Doing, *, usual: bool) -> None:
    node = stage.node(found.instance, found.task.step)
    scope = Scope(stage.cast.states[found.instance], found.task.address, stage.calendar)
    try:
        answer = answered(Asked(node, scope), said)
    except StopError as stop:
        if not usual:
            raise
        message = f"the usual answer to {found.task.step} at {found.task.address}: {stop.message}"
        raise StopError(message) from stop
    command = CompleteTask(
        id=stage.cast.fresh_id(),
        by=_by(stage, entry, found.task.asked),
        task=found.task.id,
        outcome=answer.outcome,
        values=answer.values,
        reason=answer.reason,
        code=said.answer.code,
    )
    stage.cast.do(found.instance, command, stage.now)


@act.register
def _(entry: Return, stage: Stage, script: Script) -> None:
    del script
    for found in _meant(stage, entry, "return", entry.return_):
        command = CompleteTask(
            id=stage.cast.fresh_id(),
            by=_by(stage, entry, found.task.asked),
            task=found.task.id,
            outcome=entry.outcome or _way_back(stage, found),
            reason=entry.reason,
            code=entry.code,
        )
        stage.cast.do(found.instance, command, stage.now)


def _way_back(stage: Stage, found: Found) -> str:
    spec = stage.node(found.instance, found.task.step).spec
    outcomes: Mapping[str, Outcome | None] = spec.outcomes if isinstance(spec, TaskStep) else {}
    ways = [name for name, outcome in outcomes.items() if outcome and outcome.return_to]
    if len(ways) != 1:
        raise StopError(
            f"{found.task.step!r} has {len(ways) or 'no'} outcomes that send work back"
            + (f"; say which with `outcome`: {', '.join(ways)}" if ways else "")
        )
    return ways[0]


@act.register
def _(entry: Claim, stage: Stage, script: Script) -> None:
    del script
    _to_each(stage, entry, "claim", entry.claim, ClaimTask, {})


@act.register
def _(entry: Release, stage: Stage, script: Script) -> None:
    del script
    _to_each(stage, entry, "release", entry.release, ReleaseTask, {})


@act.register
def _(entry: Reassign, stage: Stage, script: Script) -> None:
    del script
    with at_place("to"):
        to = stage.person(entry.to)
    says: Says = {"to": to, "reason": entry.reason}
    _to_each(stage, entry, "reassign", entry.reassign, ReassignTask, says, usual=stage.state.started.by)


@act.register
def _(entry: Skip, stage: Stage, script: Script) -> None:
    del script
    says: Says = {"code": entry.code, "comment": entry.comment}
    _to_each(stage, entry, "skip", entry.skip, SkipTask, says)


@act.register
def _(entry: Defer, stage: Stage, script: Script) -> None:
    del script
    with at_place("until"):
        until = stage.day(entry.until).isoformat()
    says: Says = {"code": entry.code, "until": until, "comment": entry.comment}
    _to_each(stage, entry, "defer", entry.defer, DeferTask, says)


@act.register
def _(entry: Resume, stage: Stage, script: Script) -> None:
    del script
    _to_each(stage, entry, "resume", entry.resume, ResumeTask, {})


@act.register
def _(entry: Raise, stage: Stage, script: Script) -> None:
    del script
    wanted = words(entry.where or "")
    awaited = {
        name: awaited
        for name, state in stage.cast.states.items()
        for wait, awaited in waits_for(state, entry.raise_, entry.values)
        if wanted <= words_of(state, wait.address)
    }
    if len(awaited) > 1:
        raise StopError(f"{entry.raise_} is awaited in {len(awaited)} places; say which with `where`")
    instance = next(iter(awaited), stage.root)
    may = next((each.raised_by for each in awaited.values()), ()) or (stage.state.started.by,)
    values = {name: _meaning(stage, name, value) for name, value in entry.values.items()}
    says: Says = {"event": entry.raise_, "reason": entry.reason, "values": values}
    _send(stage, RaiseEvent, instance, _by(stage, entry, may), says)


@act.register
def _(entry: Cancel, stage: Stage, script: Script) -> None:
    del script
    by = _by(stage, entry, (stage.state.started.by,))
    _send(stage, CancelProcess, stage.root, by, {"reason": entry.cancel})


@act.register
def _(entry: Do, stage: Stage, script: Script) -> None:
    del script
    model = PERSON_COMMANDS[entry.do]
    says = {name: _meaning(stage, name, value) for name, value in entry.says.items()}
    if entry.task:
        _to_each(stage, entry, "task", entry.task, model, says)
        return
    places = list(instances_at(stage.cast, entry.where)) if entry.where else [stage.root]
    if len(places) != 1:
        raise StopError(f"{len(places) or 'no'} instances have the words {entry.where!r}; one is needed")
    _send(stage, model, places[0], _by(stage, entry, (stage.state.started.by,)), says)


def _meaning(stage: Stage, name: str, value: JsonValue) -> JsonValue:
    """People are named by their names, and meant by their ids."""
    return stage.person(value) if name in _PEOPLE and isinstance(value, str) else value


def _to_each(  # noqa: PLR0913, PLR0917 - an entry, and the command that it becomes
    stage: Stage,
    entry: Doing,
    key: str,
    text: str,
    model: Callable[..., object],
    says: Says,
    usual: str | None = None,
) -> None:
    """Send a command about every task that is meant; by `usual`, or whoever is asked, unless the entry says."""
    for found in _meant(stage, entry, key, text):
        by = _by(stage, entry, (usual,) if usual else found.task.asked)
        _send(stage, model, found.instance, by, {"task": found.task.id, **says})


def _send(stage: Stage, model: Callable[..., object], instance: str, by: str, says: Says) -> None:
    try:
        command = model(id=stage.cast.fresh_id(), by=by, **says)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        raise StopError(f"{name}: {first['msg'][:1].lower()}{first['msg'][1:]}") from None
    stage.cast.do(instance, command, stage.now)  # type: ignore[arg-type]


def _meant(stage: Stage, entry: Doing, key: str, text: str) -> list[Found]:
    by = None
    if entry.by:
        with at_place("as"):
            by = stage.person(entry.by)
    with at_place(key):
        return find_open(stage.cast, read_selector(text, stage.program), by, deferred=key == "resume")


def _by(stage: Stage, entry: Doing, asked: tuple[str, ...]) -> str:
    if entry.by:
        with at_place("as"):
            return stage.person(entry.by)
    if not asked:
        raise StopError("nobody is asked to do this; say who does it with `as`")
    return asked[0]
