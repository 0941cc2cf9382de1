"""Values that a definition declares with a type: what they begin as, and what may be kept under their names."""

from collections.abc import Mapping

from pydantic import JsonValue

from engine.definition.model import Definition
from engine.definition.names import of_start
from engine.definition.problems import Path, Problems
from engine.definition.values import Declared
from engine.errors import UnknownNameError
from engine.expressions import ExpressionError
from engine.value_types import Type, as_declared

_BOTH = "say either `type` or `table`"


def declared_types(definition: Definition) -> dict[str, Type]:
    """The values that have a type, by name."""
    return {name: of_start(value) for name, value in definition.values.items() if isinstance(value, Declared)}


def at_start(definition: Definition) -> dict[str, JsonValue]:
    """What every value is before any step."""
    return {
        name: as_declared(value.default, of_start(value)) if isinstance(value, Declared) else value
        for name, value in definition.values.items()
    }


def kept(types: Mapping[str, Type], name: str, value: JsonValue) -> JsonValue:
    """The value as it is kept under this name. Raises ExpressionError when it is not what was declared."""
    try:
        return as_declared(value, types[name]) if name in types else value
    except ValueError as error:
        raise ExpressionError(f"{name!r} cannot be set: {error}") from error


def check(definition: Definition, problems: Problems) -> None:
    """Add a problem for each declared value that could not begin."""
    for name, value in definition.values.items():
        path: Path = ("values", name)
        if not isinstance(value, Declared):
            continue
        if (value.type is None) == (value.table is None):
            problems.add(path, _BOTH)
            continue
        try:
            as_declared(value.default, of_start(value))
        except ValueError as error:
            problems.add((*path, "default"), str(error))


def misfit(given: Type, wanted: Type, name: str) -> str | None:
    """Why a value of this type can never be kept under a declared name; none when it may."""
    if "any" in {given.kind, wanted.kind}:
        return None
    if given.kind != wanted.kind and (given.kind, wanted.kind) != ("integer", "number"):
        return f"{name!r} is declared as {wanted}, but this gives {given}"
    if wanted.kind == "list":
        return misfit(given.member, wanted.member, f"a member of {name}")
    for field, kind in given.fields:
        expected = wanted.field(field)
        if expected is None:
            return str(UnknownNameError("field", field, dict(wanted.fields), name))
        if found := misfit(kind, expected, f"{name}.{field}"):
            return found
    return None
