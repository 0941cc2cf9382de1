"""Starting a process: the inputs as given become the values an instance begins with, or a list of what is wrong."""

from collections.abc import Callable, Mapping
from datetime import date

from pydantic import JsonValue

from engine import deadlines
from engine.definition.model import Input
from engine.definition.program import Program
from engine.errors import InvalidInputError, TermwiseError, UnknownNameError
from engine.expressions import Expression
from engine.templates import Template, slug
from engine.world import World
from engine.year_groups import YEAR_GROUPS


def resolve_inputs(world: World, given: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Every input with its value: given, or its default. Safe to repeat: resolved inputs resolve to themselves.

    Raises InvalidInputError with every problem, one sentence each.
    """
    declared = world.program.definition.inputs
    problems = [str(UnknownNameError("input", name, declared)) for name in given if name not in declared]
    values: dict[str, JsonValue] = {}
    for name, spec in declared.items():
        try:
            values[name] = _value(world, spec, given.get(name), values)
        except TermwiseError as error:
            problems.append(f"{name}: {error}")
    if problems:
        raise InvalidInputError(problems)
    return values


def instance_id(program: Program, inputs: Mapping[str, JsonValue]) -> str:
    """The id that makes the same cycle the same: `moderation:2026-27:summer-1:writing`."""
    return f"{program.definition.process}:{slug(_render(program, 'key', inputs))}"


def instance_name(program: Program, inputs: Mapping[str, JsonValue]) -> str:
    """What people call the cycle."""
    return _render(program, "name", inputs)


def instance_term(program: Program, inputs: Mapping[str, JsonValue]) -> str | None:
    """The half term the cycle belongs to, when the definition says."""
    term = program.header.get("term")
    found = term.evaluate({**inputs, "key": ""}) if isinstance(term, Expression) else None
    return str(found) if found else None


def _render(program: Program, part: str, inputs: Mapping[str, JsonValue]) -> str:
    template = program.header[part]
    if not isinstance(template, Template):
        raise TypeError(part)
    return template.render({**program.definition.values, **inputs, "key": ""})


def _value(world: World, spec: Input, given: JsonValue, known: Mapping[str, JsonValue]) -> JsonValue:
    if given is None and spec.default is None:
        raise InvalidInputError([f"is missing; give it with --set (a {spec.type})"])
    value = given if given is not None else spec.default
    if spec.type == "date":
        return _date(world, str(value), known)
    if spec.type.startswith("list of "):
        return _list(world, spec.type.removeprefix("list of "), value)
    if spec.type == "choice" and value not in spec.of:
        raise UnknownNameError("choice", str(value), spec.of)
    return _CHECKS[spec.type](world, value)


def _date(world: World, text: str, known: Mapping[str, JsonValue]) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        rule = deadlines.parse_rule(text)

    def anchor(name: str) -> date | str:
        found = known.get(name)
        if not isinstance(found, str):
            raise InvalidInputError([f"counts from {name!r}, which has no value yet"])
        return date.fromisoformat(found) if found[:4].isdigit() and len(found) == 10 else found

    return deadlines.resolve(rule, anchor, world.calendar, None).on.isoformat()


def _list(world: World, kind: str, value: JsonValue) -> list[JsonValue]:
    if kind == "school" and value == "all":
        return [school.key for school in world.directory.schools]
    members = [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
    if not isinstance(members, list) or not members:
        raise InvalidInputError([f"expected a list of {kind}, found {value!r}"])
    return [_CHECKS[kind](world, member) for member in members]


def _text(_: World, value: JsonValue) -> JsonValue:
    if not isinstance(value, str) or not value:
        raise InvalidInputError([f"expected text, found {value!r}"])
    return value


def _whole(_: World, value: JsonValue) -> JsonValue:
    try:
        return int(str(value))
    except ValueError:
        raise InvalidInputError([f"expected a whole number, found {value!r}"]) from None


def _number(_: World, value: JsonValue) -> JsonValue:
    try:
        return float(str(value))
    except ValueError:
        raise InvalidInputError([f"expected a number, found {value!r}"]) from None


def _yes_no(_: World, value: JsonValue) -> JsonValue:
    answers = {"yes": True, "true": True, "no": False, "false": False}
    found = answers.get(str(value).lower())
    if found is None:
        raise InvalidInputError([f"expected yes or no, found {value!r}"])
    return found


def _year_group(_: World, value: JsonValue) -> JsonValue:
    if value not in YEAR_GROUPS:
        raise UnknownNameError("year group", str(value), YEAR_GROUPS)
    return value


_CHECKS: dict[str, Callable[[World, JsonValue], JsonValue]] = {
    "text": _text,
    "choice": _text,
    "integer": _whole,
    "number": _number,
    "yes-no": _yes_no,
    "year-group": _year_group,
    "school": lambda world, value: world.directory.school(str(value)).key,
    "person": lambda world, value: world.directory.person(str(value)).id,
    "half-term": lambda world, value: world.calendar.half_term(str(value)).name,
}
