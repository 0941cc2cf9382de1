"""A definition as a flat list of steps, each with what it says itself and where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from pydantic import BaseModel, JsonValue

from engine.definition.model import KINDS, Definition, Outcome, Step

Place = tuple[str | int, ...]
HEADER = "definition"
_STEP_TYPES: tuple[type, ...] = tuple(get_args(member)[0] for member in get_args(get_args(Step)[0]))


@dataclass(frozen=True, slots=True)
class Outlined:
    """One step, or the header, which has no name."""

    name: str
    kind: str
    says: JsonValue
    """All that it says itself, defaults included; the steps inside it are left out."""
    at: Place
    """Where it stands in the file."""
    owner: str | None = None
    """The step it is inside of."""
    block: Place = ()
    """In which part of its owner: `("cases", 1)`, `("branches", "left", 0)`."""


@dataclass(frozen=True, slots=True)
class _Inner:
    """A block of steps inside a step."""

    at: Place
    block: Place
    steps: tuple[Step, ...]


def outline(definition: Definition) -> dict[str, Outlined]:
    """The header under the empty name, then every step by name, in the order of the file."""
    found: dict[str, Outlined] = {}
    blocks = [_Inner(("steps",), (), definition.steps)]
    says = {
        name: _says(getattr(definition, name), (name,), (name,), blocks)
        for name in type(definition).model_fields
        if name != "steps"
    }
    found[""] = Outlined("", HEADER, says, ())
    for each in (step for block in blocks for step in _steps(block, None)):
        # Values may be set twice under the same names: the second time is told apart by its number.
        name, again = each.name, 1
        while name in found:
            again += 1
            name = f"{each.name} ({again})"
        found[name] = Outlined(name, each.kind, each.says, each.at, each.owner, each.block)
    return found


def name_of(spec: Step) -> str:
    """What a step is called; one without a name of its own is called by the values it sets."""
    given = getattr(spec, _kind(spec))
    return given if isinstance(given, str) else ", ".join(given)


def _kind(spec: Step) -> str:
    return next(kind for kind in KINDS if kind in type(spec).model_fields)


def _steps(inner: _Inner, owner: str | None) -> Iterator[Outlined]:
    for number, spec in enumerate(inner.steps):
        at, blocks = (*inner.at, number), list[_Inner]()
        says = _says(spec, at, (), blocks)
        name = name_of(spec)
        if isinstance(says, dict) and isinstance(getattr(spec, _kind(spec)), str):
            del says[_kind(spec)]
        yield Outlined(name, _kind(spec), says, at, owner, inner.block)
        for block in blocks:
            yield from _steps(block, name)


def _says(value: object, at: Place, block: Place, inner: list[_Inner]) -> JsonValue:
    """The value as plain data. Steps in it are put among `inner`, and leave nothing behind but their key."""
    if isinstance(value, BaseModel):
        found: dict[str, JsonValue] = {}
        for name, field in type(value).model_fields.items():
            key, part = field.alias or name, getattr(value, name)
            if isinstance(part, tuple) and (name == "steps" or _are_steps(part)):
                inner.append(_Inner((*at, key), block, part))
            else:
                found[key] = _says(part, (*at, key), (*block, key), inner)
        return found
    if isinstance(value, dict):
        return {str(key): _entry(part, number, (*at, str(key)), (*block, str(key)), inner)
                for number, (key, part) in enumerate(value.items())}  # fmt: skip
    if isinstance(value, tuple | list):
        return [_says(part, (*at, n), (*block, n), inner) for n, part in enumerate(value)]
    return value  # type: ignore[return-value]


def _entry(value: object, number: int, at: Place, block: Place, inner: list[_Inner]) -> JsonValue:
    if isinstance(value, tuple) and _are_steps(value):
        inner.append(_Inner(at, (*block, number), value))
        return True
    if value is None and "outcomes" in at:
        value = Outcome()  # An outcome that says nothing is one with every default.
    return _says(value, at, block, inner)


def _are_steps(value: tuple[object, ...]) -> bool:
    return bool(value) and isinstance(value[0], _STEP_TYPES)
