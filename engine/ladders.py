"""The ladder of a task: what its definition says of it, else its header, else the trust, else what is usual."""

from collections.abc import Mapping
from datetime import datetime

from engine import deadlines
from engine.deadlines import Deadline, Moment
from engine.default_ladder import ESCALATE, REMIND, Ladder
from engine.definition.model import TaskStep
from engine.world import LADDERS, World


def reminders(world: World, spec: TaskStep) -> tuple[int, ...]:
    """School days before the deadline on which whoever is asked is reminded."""
    if spec.remind is not None:
        return spec.remind
    said = (each.remind for each in _said(world) if each.remind is not None)
    return next(said, REMIND)


def escalations(world: World, engine: int, spec: TaskStep) -> Mapping[int, str]:
    """School days after the deadline, and who is told then; nobody of a task that its deadline ends."""
    if spec.escalate is not None:
        return spec.escalate
    if spec.unanswered or engine < LADDERS:
        return {}
    said = (each.escalate for each in _said(world) if each.escalate is not None)
    return next(said, ESCALATE)


def ladder(  # noqa: PLR0913, PLR0917 - what is due, where and since when, under which rules
    world: World, engine: int, spec: TaskStep, due: Deadline, school: str | None, opened: datetime
) -> tuple[Moment, ...]:
    """Every moment around the deadline of such a task."""
    return deadlines.ladder(
        due,
        world.calendar,
        school,
        remind=reminders(world, spec),
        escalate=escalations(world, engine, spec),
        opened=opened,
    )


def _said(world: World) -> tuple[Ladder, ...]:
    return tuple(each for each in (world.program.definition.ladder, world.directory.trust.ladder) if each)
