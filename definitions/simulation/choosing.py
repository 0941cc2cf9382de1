"""What a simulated person answers: an outcome by weights, and a form that is filled in."""

from datetime import timedelta
from random import Random

from definitions.simulation.inventing import Inventor
from definitions.simulation.temper import Temper
from engine.commands import CompleteTask, DeferTask, SkipTask
from engine.definition.model import Outcome, TaskStep
from engine.playing import Cast
from engine.scope import Scope
from engine.state import Task

#: How likely the first of several outcomes is; the others share the rest.
_FIRST = 2 / 3
_EVEN = 1 / 2
#: For how many days something is put off.
_PUT_OFF = 14
WHY = "Something is missing"


def answer(cast: Cast, task: Task, spec: TaskStep, inventor: Inventor, temper: Temper) -> CompleteTask:
    """A command that answers the task, made anew each time."""
    name, outcome = _outcome(task, spec, temper, inventor.chance)
    back = outcome is not None and outcome.return_to is not None
    instance = cast.where(task.id)
    world = cast.world_of(instance)
    scope = Scope(cast.states[instance], task.address, world.calendar)
    return CompleteTask(
        id=cast.fresh_id(),
        by=inventor.who,
        task=task.id,
        outcome=name,
        values={} if back else inventor.form(world, world.program.steps[task.step], scope),
        reason=WHY if back else None,
        code=next(iter(outcome.reasons), None) if outcome else None,
    )


def set_aside(
    cast: Cast, task: Task, spec: TaskStep, inventor: Inventor, temper: Temper
) -> SkipTask | DeferTask | None:
    """A command that skips the task or puts it off, where that may be and the person likes to."""
    if not (spec.skip or spec.defer) or inventor.chance.random() >= temper.sets_aside:
        return None
    if spec.skip and (not spec.defer or task.deferrals or inventor.chance.random() < _EVEN):
        code = next(iter(spec.skip))
        return SkipTask(id=cast.fresh_id(), by=inventor.who, task=task.id, code=code)
    until = inventor.today + timedelta(days=_PUT_OFF)
    code = next(iter(spec.defer))
    return DeferTask(id=cast.fresh_id(), by=inventor.who, task=task.id, code=code, until=until)


def _outcome(task: Task, spec: TaskStep, temper: Temper, chance: Random) -> tuple[str | None, Outcome | None]:
    """A way back as often as the temper says; otherwise the first outcome most of the time."""
    ways = list(spec.outcomes.items())
    back = [(name, way) for name, way in ways if way and way.return_to and task.round <= way.at_most]
    on = [(name, way) for name, way in ways if not (way and way.return_to)]
    if back and chance.random() < temper.sends_back:
        return chance.choice(back)
    if not on:
        return None, None
    return on[0] if len(on) == 1 or chance.random() < _FIRST else chance.choice(on[1:])
