"""What is personal in the log and in directories, and whose: marks beside the fields themselves.

Marked fields are closed before they are stored (`storage/privacy/`), under a key of the person they are of; of the
instance, where no single person is meant. The key shredded, they read as `erased`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from pydantic import BaseModel, JsonValue

#: How a text reads whose key was shredded.
ERASED = "erased"
_MANY = "*"
_EACH_CHANGE = ("was", "now")


@dataclass(frozen=True)
class Personal:
    """Marks a field of which nothing may be stored in the open."""

    of: str | None = None
    """The field beside it that names the person; none, or nobody there: it is the instance's."""
    erased: JsonValue = ERASED
    """How it reads without its key; `{}` in it stands for the person."""
    both: bool = False
    """Closed twice: with the key of the person, and with that of the instance. It goes with whichever goes first."""


@dataclass(frozen=True)
class PersonalChanges:
    """Marks changes of a person: what each field was, and is now."""

    of: str
    erased: Mapping[str, JsonValue]
    """How fields read without their key that cannot read as `erased`."""


@dataclass(frozen=True)
class Answered:
    """Marks values by name. Those that the definition declares as not personal, and that are no text, stay open."""

    of: str | None = None
    """The field beside it that names whose answers they are: they are closed twice, as with `Personal.both`."""


@dataclass(frozen=True)
class Titled:
    """Marks a title. One that is the same in every cycle stays open."""


Mark = Personal | PersonalChanges | Answered | Titled
WORDS = Personal()
"""Words that somebody wrote: of the instance, for nobody knows whom they are about."""

THEIRS = Personal(of="by", both=True)
"""Words of whoever did it: they go when that person is erased, and when the time of the instance is over."""
THEIR_ANSWERS = Answered(of="by")
"""The same of answers."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something personal stands: the names on the way to it, `*` for every member of a list."""

    path: tuple[str, ...]
    kind: Literal["text", "values", "title"]
    of: str | None = None
    """The field that names the person, beside the first name of the path that `above` does not cover."""
    erased: JsonValue = ERASED
    above: int = 0
    """How many names of the path lead to the object in which `of` stands."""
    both: bool = False
    """Closed with the key of the instance, too."""
    by_field: Mapping[str, JsonValue] | None = None
    """How it reads without its key, by what stands in `field` beside it."""


@lru_cache(maxsize=512)
def places_of(model: type[BaseModel]) -> tuple[Place, ...]:
    """Every place of the model in which something personal may stand."""
    return tuple(_places(model, ()))


def instance_subject(stream: str) -> str:
    """Whose the words of an instance are: its own, with all its parts. Of the register, the trust's."""
    return f"instance:{_root(stream)}"


def workflow_subject(workflow: str) -> str:
    """Whose what Temporal keeps of an instance is: that of the instance with all its parts."""
    return f"workflow:{_root(workflow)}"


def _root(name: str) -> str:
    return name.partition("/")[0]


def _places(model: type[BaseModel], before: tuple[str, ...]) -> Iterator[Place]:
    for name, field in model.model_fields.items():
        path = (*before, name)
        mark = next((each for each in field.metadata if isinstance(each, Mark)), None)
        if mark is None:
            yield from _inside(field.annotation, path)
        else:
            yield from _marked(mark, path, len(before))


def _marked(mark: Mark, path: tuple[str, ...], above: int) -> Iterator[Place]:
    match mark:
        case Personal():
            yield Place(path, "text", mark.of, mark.erased, above, both=mark.both)
        case PersonalChanges():
            for side in _EACH_CHANGE:
                yield Place((*path, _MANY, side), "text", mark.of, ERASED, above, by_field=mark.erased)
        case Answered():
            yield Place(path, "values", mark.of, above=above, both=mark.of is not None)
        case Titled():
            yield Place(path, "title")


def _inside(annotation: object, path: tuple[str, ...]) -> Iterator[Place]:
    """What is marked in the models that a field holds, alone or many of them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from _places(annotation, path)
        return
    many = getattr(annotation, "__origin__", None) in {tuple, list, dict}
    for argument in get_args(annotation):
        yield from _inside(argument, (*path, _MANY) if many else path)
