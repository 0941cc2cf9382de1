"""Which keys may stand at a place of a file: found by walking the model's annotations, for "did you mean"."""

from collections.abc import Iterator, Mapping
from types import NoneType, UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic import BaseModel, Tag

Part = str | int


def keys_at(model: type[BaseModel], path: tuple[Part, ...]) -> list[str]:
    """The keys that the model knows at this path of an error; empty where any key may stand."""
    places: list[object] = [model]
    for part in path:
        places = [inner for place in places for inner in _inside(place, part)]
    return sorted({key for place in places for each in _models(place) for key in _fields(each)})


def _inside(annotation: object, part: Part) -> Iterator[object]:
    """What stands at a part of a value so annotated. A union's tag stands for its member."""
    for option, tag in _options(annotation):
        if tag == part:
            yield option
        elif isinstance(option, type) and issubclass(option, BaseModel):
            yield from (found for found in [_fields(option).get(str(part))] if found is not None)
        elif get_origin(option) in {dict, tuple, list}:
            # The values of a mapping; the members of a list, however long.
            yield get_args(option)[1 if get_origin(option) is dict else 0]


def _options(annotation: object, tag: str | None = None) -> Iterator[tuple[object, str | None]]:
    if get_origin(annotation) is Annotated:
        inner, *notes = get_args(annotation)
        tags = [note.tag for note in notes if isinstance(note, Tag)]
        yield from _options(inner, tags[0] if tags else tag)
    elif get_origin(annotation) in {Union, UnionType}:
        for each in get_args(annotation):
            if each is not NoneType:
                yield from _options(each)
    else:
        yield annotation, tag


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    for option, _ in _options(annotation):
        if isinstance(option, type) and issubclass(option, BaseModel):
            yield option


def _fields(model: type[BaseModel]) -> Mapping[str, object]:
    # Pydantic keeps a field's notes apart from its annotation.
    return {
        field.alias or name: Annotated[field.annotation, *field.metadata]
        if field.metadata
        else field.annotation
        for name, field in model.model_fields.items()
    }
