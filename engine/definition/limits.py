"""How large a definition may be, found out before it is compiled: a hostile file is an error, never a hang."""

from collections.abc import Iterator
from typing import get_args

from engine.definition.model import Definition, Step
from engine.definition.problems import Path, Problems
from engine.model import Model

MAX_STEPS = 500
#: Of one list or map: inputs, questions, cases, choices.
MAX_ENTRIES = 1_000
#: Expressions and holes of texts, and characters of them all: about two seconds of work.
MAX_EXPRESSIONS = 1_500
MAX_CHARACTERS = 100_000

#: Plain classes, not their abstractions: they are asked about hundreds of thousands of times.
_HOLDING = (tuple, Model, dict)
_STEPS = tuple(get_args(each)[0] for each in get_args(get_args(Step)[0]))


def check(definition: Definition, problems: Problems) -> None:
    """Add a problem for the first step too many, and for every list or map that is too long."""
    steps = 0
    for path, part in _parts(definition, ()):
        steps += isinstance(part, _STEPS)
        if isinstance(part, _STEPS) and steps == MAX_STEPS + 1:
            problems.add(path, f"a definition may have at most {MAX_STEPS} steps")
        if isinstance(part, (tuple, dict)) and len(part) > MAX_ENTRIES:
            problems.add_name(path, f"{len(part):,} stand here; at most {MAX_ENTRIES:,} may")


def _parts(part: object, path: Path) -> Iterator[tuple[Path, object]]:
    """The models within a model, and their lists and maps; not what stands in plain values."""
    yield path, part
    if isinstance(part, Model):
        for name, field in type(part).model_fields.items():
            value = getattr(part, name)
            if isinstance(value, _HOLDING):
                yield from _parts(value, (*path, field.alias or name))
    elif isinstance(part, (tuple, dict)):
        for key, value in part.items() if isinstance(part, dict) else enumerate(part):
            if isinstance(value, (tuple, Model)):
                yield from _parts(value, (*path, key))
