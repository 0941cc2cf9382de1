"""Starting a process: the inputs as given become what an instance begins with, or a list of what is wrong."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from pydantic import JsonValue

from engine import deadlines
from engine.definition.declared import at_start
from engine.definition.model import WHOSE, Definition
from engine.definition.program import Program
from engine.definition.values import InputField, InputTable
from engine.errors import InvalidInputError, TermwiseError, UnknownNameError
from engine.forms import read_rows
from engine.labels import said
from engine.plain_values import as_written
from engine.readers import limits, reader
from engine.templates import slug
from engine.world import World


def resolve_inputs(
    world: World, given: Mapping[str, JsonValue], at: datetime | None = None
) -> dict[str, JsonValue]:
    """Every input with its value: given, or its default. Resolved inputs resolve to themselves.

    `at` is when it starts: `all` schools are those in the trust on that day.

    Raises InvalidInputError with every problem, one sentence each.
    """
    declared = world.program.definition.inputs
    problems = [str(UnknownNameError("input", name, declared)) for name in given if name not in declared]
    values: dict[str, JsonValue] = {}
    for name, spec in declared.items():
        try:
            values[name] = _value(world, name, spec, given.get(name), values, at)
        except TermwiseError as error:
            problems += _said(name, spec, error)
    if problems:
        raise InvalidInputError(problems)
    return values


def added_inputs(
    world: World, known: Mapping[str, JsonValue], at: datetime | None = None
) -> dict[str, JsonValue]:
    """The defaults of inputs that an instance, started `at`, does not have yet.

    Raises InvalidInputError for one that has none.
    """
    problems: list[str] = []
    added: dict[str, JsonValue] = {}
    for name, spec in world.program.definition.inputs.items():
        if name not in known:
            try:
                added[name] = _value(world, name, spec, None, {**known, **added}, at)
            except TermwiseError as error:
                problems += _said(name, spec, error)
    if problems:
        raise InvalidInputError(problems)
    return added


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


def _said(name: str, spec: InputField, error: TermwiseError) -> list[str]:
    """The sentences about one input; those about rows name the input already."""
    lines = error.problems if isinstance(error, InvalidInputError) else (str(error),)
    start = said(name, spec)
    return [line if line.startswith(f"{start}, row ") else f"{start}: {line}" for line in lines]


def _known(program: Program, inputs: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {**at_start(program.definition), **inputs}


def _value(  # noqa: PLR0913, PLR0917 - an input, what is known before it, and when
    world: World,
    name: str,
    spec: InputField,
    given: JsonValue,
    known: Mapping[str, JsonValue],
    at: datetime | None,
) -> JsonValue:
    if given is None and spec.default is None:
        raise InvalidInputError([f"is missing; give {_missing(name, spec)}"])
    if isinstance(spec, InputTable):
        rows = given if given is not None else _written(spec.default or ())
        return read_rows(world, name, spec, rows, known.get)
    value = given if given is not None else as_written(spec.default)
    if spec.type == "date":
        found = _date(world, str(value), known)
        limits(spec)(found)
        return found
    return reader(spec, world, world.calendar.local_date(at) if at else None)(value)


def _missing(name: str, spec: InputField) -> str:
    if isinstance(spec, InputTable):
        return "its rows with --form FILE"
    return f"it with --set {name}=... (a {spec.type})"


def _written(rows: Iterable[Mapping[str, JsonValue]]) -> list[JsonValue]:
    return [{name: as_written(value) for name, value in row.items()} for row in rows]


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


def whose(definition: Definition, known: Mapping[str, JsonValue]) -> tuple[str | None, str | None]:
    """Whose records an instance makes, pupils' or staff's, and which person's where it is one's own."""
    about = definition.about
    if about in {None, *WHOSE}:
        return about, None
    person = known.get(about or "")
    return "staff", person if isinstance(person, str) else None
