"""Answers tasks in a scenario: one, several, or everything as usual."""

from collections.abc import Mapping

from definitions.scenarios.answering import Asked, Said, answered
from definitions.scenarios.checking import EVERYTHING
from definitions.scenarios.commanding import meant, who_does
from definitions.scenarios.doing import Doing
from definitions.scenarios.grammar import Answer, Complete, Return
from definitions.scenarios.loading import Script
from definitions.scenarios.selecting import Found
from definitions.scenarios.stage import Stage
from definitions.scenarios.stopping import StopError
from definitions.scenarios.tested import Step
from engine.commands import CompleteTask
from engine.definition.model import Outcome, TaskStep
from engine.scope import Scope

#: How many answers `everything` may lead to: a process that asks for more asks for ever.
MAX_ANSWERS = 20_000


def complete(entry: Complete, stage: Stage, script: Script) -> None:
    """Answer what the entry means, as it says or as usual. Raises StopError or RefusedError."""
    if entry.complete == EVERYTHING:
        _answer_everything(entry, stage, script)
        return
    for found in meant(stage, entry, "complete", entry.complete):
        own = entry.model_fields_set & Answer.model_fields.keys()
        said = Said(entry, script.file.parent) if own else script.usual.get(_step(stage, found))
        _answer(stage, found, said or Said(entry, script.file.parent), entry, usual=not own)


def give_back(entry: Return, stage: Stage) -> None:
    """Send the work back. Raises StopError or RefusedError."""
    for found in meant(stage, entry, "return", entry.return_):
        command = CompleteTask(
            id=stage.cast.fresh_id(),
            by=who_does(stage, entry, found.task.asked),
            task=found.task.id,
            outcome=entry.outcome or _way_back(stage, found),
            reason=entry.reason,
            code=entry.code,
        )
        stage.cast.do(found.instance, command, stage.now)


def _way_back(stage: Stage, found: Found) -> str:
    spec = stage.node(found.instance, found.task).spec
    outcomes: Mapping[str, Outcome | None] = spec.outcomes if isinstance(spec, TaskStep) else {}
    ways = [name for name, outcome in outcomes.items() if outcome and outcome.return_to]
    if len(ways) != 1:
        raise StopError(
            f"{found.task.step!r} has {len(ways) or 'no'} outcomes that send work back"
            + (f"; say which with `outcome`: {', '.join(ways)}" if ways else "")
        )
    return ways[0]


def _answer_everything(entry: Complete, stage: Stage, script: Script) -> None:
    count, but = 0, {step for each in entry.but for step in stage.tested.named(each)}
    while waiting := [
        Found(name, task)
        for name, task in stage.cast.open_tasks()
        if (step := stage.step(name, task.step)) in script.usual and step not in but
    ]:
        for found in waiting:
            if found.task.id in stage.cast.states[found.instance].open_tasks:
                _answer(stage, found, script.usual[_step(stage, found)], entry, usual=True)
        count += len(waiting)
        if count > MAX_ANSWERS:
            raise StopError(f"more than {MAX_ANSWERS} answers were given; does the process ever end?")


def _step(stage: Stage, found: Found) -> Step:
    return stage.step(found.instance, found.task.step)


def _answer(stage: Stage, found: Found, said: Said, entry: Doing, *, usual: bool) -> None:
    node = stage.node(found.instance, found.task)
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
        by=who_does(stage, entry, found.task.asked),
        task=found.task.id,
        outcome=answer.outcome,
        values=answer.values,
        reason=answer.reason,
        code=said.answer.code,
    )
    stage.cast.do(found.instance, command, stage.now)
