"""Where each step of a definition stands in its file."""

from collections.abc import Iterator

from pydantic import JsonValue

from definitions.positions import Place
from engine.definition.program import Program
from engine.definition.replies import replied_to
from engine.kinds.registry import KINDS


def places_of(program: Program, data: JsonValue) -> dict[str, Place]:
    """The place of every step, by its name; of one that is in no file, that of the step it is made of."""
    found = dict(_places(data, ()))
    for node in program.walk():
        origin = replied_to(node) or node.block.owner
        if node.id not in found and origin is not None:
            found[node.id] = found.get(origin.id, ())
    return found


def _places(data: JsonValue, place: Place) -> Iterator[tuple[str, Place]]:
    if isinstance(data, dict):
        name = next((data[kind] for kind in KINDS if kind in data), None)
        if isinstance(name, str):
            yield name, place
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for part, value in inner:
        yield from _places(value, (*place, part))
