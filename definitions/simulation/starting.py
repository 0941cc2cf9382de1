"""When the cycles of a year start: by the schedule, or by what is assumed where a definition has none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from pydantic import JsonValue

from definitions.simulation.inventing import Inventor
from engine.definition.values import Column, Input, InputTable
from engine.errors import InvalidInputError
from engine.schedules import PlannedStart, planned_starts
from engine.terms import AcademicYear
from engine.world import World

HALF_TERM = "half-term"


@dataclass(frozen=True, slots=True)
class Starts:
    """The starts of one process, and what was assumed about them."""

    starts: tuple[PlannedStart, ...]
    assumptions: tuple[str, ...]


def starts_of(
    world: World, year: AcademicYear, days: Sequence[date], given: Mapping[str, JsonValue]
) -> Starts:
    """The starts of a process in a year, on these days if any are given, with these inputs before all others."""
    definition = world.program.definition
    known = {name: value for name, value in given.items() if name in definition.inputs}
    if days:
        planned = [PlannedStart(day, {}, _half_term(world, day), "as asked for") for day in days]
        said = [f"{definition.process} starts on {', '.join(map(str, days))}, as asked for"]
    elif world.program.schedules:
        planned = planned_starts(world.program, world.calendar, year)
        said = []
    else:
        planned = list(_assumed(world, year))
        how = "at the beginning of each half term" if len(planned) > 1 else "at the beginning of the year"
        said = [f"{definition.process} has no schedule: it is assumed to start {how}"]
    filled = [_filled(world, each, known) for each in planned]
    assumed = dict.fromkeys(name for each in filled for name in each[1])
    if assumed:
        said.append(f"{definition.process}: values were invented for {', '.join(assumed)}")
    return Starts(tuple(start for start, _ in filled), tuple(said))


def _assumed(world: World, year: AcademicYear) -> Iterator[PlannedStart]:
    takes_half_terms = any(
        isinstance(each, Input) and each.type == HALF_TERM
        for each in world.program.definition.inputs.values()
    )
    names = [f"{year.name} {name}" for name in year.half_terms]
    for name in names if takes_half_terms else names[:1]:
        yield PlannedStart(world.calendar.first_day(name), {}, name, "assumed")


def _half_term(world: World, day: date) -> str:
    begun = [each.name for each in world.calendar.half_terms() if each.first <= day]
    if not begun:
        raise InvalidInputError([f"{day} is before the first half term of the calendar"])
    return begun[-1]


def _filled(
    world: World, start: PlannedStart, known: Mapping[str, JsonValue]
) -> tuple[PlannedStart, list[str]]:
    """The start with a value for every input that has no default; the names of those invented."""
    inputs = {**start.inputs, **known}
    invented: list[str] = []
    for name, spec in world.program.definition.inputs.items():
        if name in inputs or spec.default is not None:
            continue
        if isinstance(spec, InputTable):
            continue
        if spec.type == HALF_TERM:
            inputs[name] = start.period
            continue
        column = Column(**spec.model_dump(exclude={"default"}))
        inputs[name] = _inventor(world, start.on).value(spec.type, column)
        invented.append(name)
    return PlannedStart(start.on, inputs, start.period, start.why), invented


def _inventor(world: World, on: date) -> Inventor:
    owners = world.directory.holders(world.program.definition.owner, on)
    who = owners[0] if owners else world.directory.people[0].id
    chance = Random("inputs")  # noqa: S311 - a play, not a secret
    return Inventor(world.program.definition, world.directory, world.calendar, on, who, chance, "input", 0.0)
