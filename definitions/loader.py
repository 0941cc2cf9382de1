"""Reads files into the engine's models, with every problem at its place: `file:line:column: problem`."""

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from definitions.grammar import keys_at
from definitions.positions import Mark
from definitions.yaml_source import Source, SourceError, read
from engine.definition.around import NOTHING_KNOWN, Around
from engine.definition.compiler import compile_definition
from engine.definition.model import KINDS, Definition
from engine.definition.problems import MAX_TOLD, DefinitionError, Problem
from engine.definition.program import Program
from engine.errors import UnknownNameError

MAX_SHOWN = 60
_NO_MAP = ("model_type", "model_attributes_type", "dict_type")
_NO_LIST = ("tuple_type", "list_type")
M = TypeVar("M", bound=BaseModel)


def load_program(path: Path, name: str | None = None, around: Around = NOTHING_KNOWN) -> Program:
    """Read and check a definition. Raises SourceError with every problem, in the order of the file."""
    return program_from(read(path, name), around)


def program_from(source: Source, around: Around = NOTHING_KNOWN) -> Program:
    """The program a source says. Raises SourceError."""
    definition = validate(source, Definition)
    try:
        return compile_definition(definition, around=around)
    except DefinitionError as error:
        problems = [(mark_of(source, each), each.message) for each in error.problems]
        raise SourceError(source.file, problems) from None


def load_document(path: Path, model: type[M]) -> M:
    """Read a file into a model. Raises SourceError with every problem."""
    return validate(read(path), model)


def validate(source: Source, model: type[M]) -> M:
    """The model a source says. Raises SourceError with every problem."""
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        causes = islice(_causes(error.errors(include_url=False)), MAX_TOLD)
        raise SourceError(source.file, [_located(source, each, model) for each in causes]) from None


def _causes(errors: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Without the lists that are too short only because what stands in them is wrong."""
    around = {each["loc"][:length] for each in errors for length in range(len(each["loc"]))}
    for each in errors:
        if not (each["type"] == "too_short" and each["loc"] in around):
            yield each


def mark_of(source: Source, problem: Problem) -> Mark:
    """Where in its file a problem of a definition stands."""
    if problem.at_key:
        return source.key_mark(problem.path)
    return source.text_mark(problem.path, problem.offset)


def _located(source: Source, error: ErrorDetails, model: type[BaseModel]) -> tuple[Mark, str]:
    path = error["loc"]
    if path[-1:] == ("[key]",):
        return source.key_mark(path[:-1]), _sentence(error, str(path[-2]))
    name = str(path[-1]) if path else "the file"
    if error["type"] == "extra_forbidden":
        return source.key_mark(path), str(UnknownNameError("key", name, keys_at(model, path[:-1])))
    return source.mark(path), _sentence(error, name)


def _sentence(error: ErrorDetails, name: str) -> str:
    found, context = _short(error["input"]), error.get("ctx", {})
    sentences = {
        "missing": f"{name!r} is missing; add it",
        "literal_error": f"{found} is not allowed here; expected {context.get('expected')}",
        "step_kind": _no_step(error["input"]),
        "string_type": f"{name}: expected a text; found {found}",
        "value_error": error["msg"].removeprefix("Value error, "),
        "too_short": f"{name}: at least {context.get('min_length')} must stand here",
        "string_pattern_mismatch": f"{found} is not a name; use lower-case letters, digits and {_joiner(context)}",
        **dict.fromkeys(_NO_MAP, f"{name}: expected keys with values; found {found}"),
        **dict.fromkeys(_NO_LIST, f"{name}: expected a list; found {found}"),
    }
    usual = f"{name}: {error['msg'][:1].lower()}{error['msg'][1:]}; found {found}"
    return sentences.get(error["type"], usual)


def _no_step(found: object) -> str:
    kinds = f"a step is one of {', '.join(KINDS)}"
    if not isinstance(found, dict) or not found:
        return f"{kinds}; found {_short(found)}"
    first = next(iter(found))
    return f"{kinds}; {UnknownNameError('kind of step', str(first), KINDS)}"


def _joiner(context: Mapping[str, object]) -> str:
    underscored = "_" in str(context.get("pattern"))
    return "underscores (as in second_judgement)" if underscored else "hyphens (as in data-manager)"


def _short(value: object) -> str:
    text = ""
    for piece in _pieces(value):
        text += piece
        if len(text) > MAX_SHOWN:
            return f"{text[: MAX_SHOWN - 3]}..."
    return text


def _pieces(value: object) -> Iterator[str]:
    """The value as Python writes it, piece by piece, for it may be as large as the file."""
    match value:
        case str():
            yield repr(value[: MAX_SHOWN + 1])
        case dict():
            yield "{"
            for number, (key, inner) in enumerate(value.items()):
                yield f"{', ' if number else ''}{str(key)[:MAX_SHOWN]!r}: "
                yield from _pieces(inner)
            yield "}"
        case list():
            yield "["
            for number, inner in enumerate(value):
                yield ", " if number else ""
                yield from _pieces(inner)
            yield "]"
        case _:
            yield repr(value)
