"""Starting a process: the inputs as given become what an instance begins with, or a list of what is wrong."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date

from pydantic import JsonValue

from engine import deadlines
from engine.definition.declared import at_start
from engine.definition.program import Program
from engine.definition.values import Input
from engine.errors import InvalidInputError, TermwiseError, UnknownNameError
from engine.templates import slug
from engine.world import World
from engine.year_groups import YEAR_GROUPS

MAX_TEXT = 2_000
#: Numbers that expressions can hold; neither infinity nor 1_000.
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,18}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,2})?")


def resolve_inputs(world: World, given: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Every input with its value: given, or its default. Resolved inputs resolve to themselves.

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
    """The id that makes the same cycle the same: `moderation:2026-27:summer-1:writing`.

    Raises InvalidInputError when these inputs leave nothing to tell it by.
    """
    key = slug(program.key.render(_known(program, inputs)))
    if not key:
        raise InvalidInputError(
            ["these inputs give the cycle no key: letters and digits from a to z are needed"]
        )
    return f"{program.definition.process}:{key}"


def instance_name(program: Program, inputs: Mapping[str, JsonValue]) -> str:
    """What people call the cycle."""
    return program.name.render(_known(program, inputs))


def instance_term(program: Program, inputs: Mapping[str, JsonValue]) -> str | None:
    """The half term the cycle belongs to, when the definition says."""
    found = program.term.evaluate(_known(program, inputs)) if program.term else None
    return str(found) if found else None


def _known(program: Program, inputs: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {**at_start(program.definition), **inputs}


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
        return found

    return deadlines.resolve(rule, anchor, world.calendar, None).on.isoformat()


def _list(world: World, kind: str, value: JsonValue) -> list[JsonValue]:
    if kind == "school" and value == "all":
        return [school.key for school in world.directory.schools]
    members = [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
    if not isinstance(members, list) or not members:
        raise InvalidInputError([f"expected a list of {kind}, found {value!r}"])
    found = [_CHECKS[kind](world, member) for member in members]
    if twice := [member for member, times in Counter(map(str, found)).items() if times > 1]:
        raise InvalidInputError([f"{twice[0]!r} stands twice"])
    return found


def _text(_: World, value: JsonValue) -> JsonValue:
    if not isinstance(value, str) or not value.strip():
        raise InvalidInputError([f"expected text, found {value!r}"])
    if len(value) > MAX_TEXT:
        raise InvalidInputError([f"is too long; at most {MAX_TEXT} characters"])
    return value


def _whole(_: World, value: JsonValue) -> JsonValue:
    if not _WHOLE.fullmatch(str(value)):
        raise InvalidInputError([f"expected a whole number, found {value!r}"])
    return int(str(value))


def _number(_: World, value: JsonValue) -> JsonValue:
    if not _NUMBER.fullmatch(str(value)):
        raise InvalidInputError([f"expected a number, found {value!r}"])
    return float(str(value))


def _yes_no(_: World, value: JsonValue) -> JsonValue:
    answers = {"yes": True, "true": True, "no": False, "false": False}
    found = answers.get(str(value).lower())
    if found is None:
        raise InvalidInputError([f"expected yes or no, found {value!r}"])
    return found


def _year_group(_: World, value: JsonValue) -> JsonValue:
    if str(value) not in YEAR_GROUPS:
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
