"""What is said with an event from outside, where the definition declares it: each value as its type."""

from collections.abc import Iterable, Mapping

from pydantic import JsonValue

from engine.definition.model import Definition, EventValue
from engine.definition.names import declared
from engine.errors import InvalidInputError, TermwiseError, UnknownNameError
from engine.readers import reader
from engine.value_types import ANY, Type, maybe, record
from engine.world import World


def values_of(definition: Definition, event: str) -> Mapping[str, EventValue] | None:
    """What the definition declares of an event, and to whom it happens; none when it declares nothing."""
    spec = definition.events.get(event)
    return spec.values if spec else None


def type_of(definition: Definition, events: Iterable[str]) -> Type:
    """What the values read as when one of these events, or none of them, has come."""
    found = [values_of(definition, event) for event in events]
    if not found or None in found:
        return ANY
    fields = {name: maybe(declared(value.type)) for each in found for name, value in (each or {}).items()}
    return record(**fields)


def read(world: World, event: str, given: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The values as they are kept. Raises InvalidInputError with every problem, one sentence each."""
    values = values_of(world.program.definition, event)
    if values is None:
        return dict(given)
    about = {each.of for name, each in world.program.definition.on.items() if event in {name, each.until}}
    problems = [
        str(UnknownNameError(f"value of {event}", name, values))
        for name in given
        if name not in values and name not in about
    ]
    kept: dict[str, JsonValue] = {name: given[name] for name in given if name in about}
    for name, spec in values.items():
        if given.get(name) is None:
            kept.setdefault(name, None)
            problems += [f"{name}: is missing; say it with --set {name}=..."] if spec.required else []
            continue
        try:
            kept[name] = reader(spec, world)(given[name])
        except TermwiseError as error:
            problems.append(f"{name}: {error}")
    if problems:
        raise InvalidInputError(problems)
    return kept


def nothing_said(world: World, events: Iterable[str]) -> dict[str, JsonValue]:
    """What the values read as when none of these events has come: null, each."""
    found = [values_of(world.program.definition, event) for event in events]
    return {name: None for each in found for name in each or ()}
