"""Reads files into the engine's models, with every problem at its place: `file:line:column: what is wrong`."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from definitions.yaml_source import Mark, Source, SourceError, read
from engine.definition.compiler import compile_definition
from engine.definition.model import Definition
from engine.definition.problems import DefinitionError
from engine.definition.program import Program
from engine.errors import UnknownNameError

M = TypeVar("M", bound=BaseModel)


def load_program(path: Path, name: str | None = None) -> Program:
    """Read and check a definition. Raises SourceError with every problem, in the order of the file."""
    return program_from(read(path, name))


def program_from(source: Source) -> Program:
    """The program a source says. Raises SourceError."""
    definition = validate(source, Definition)
    try:
        return compile_definition(definition)
    except DefinitionError as error:
        problems = []
        for each in error.problems:
            mark = source.mark(each.path)
            problems.append((Mark(mark.line, mark.column + each.offset), each.message))
        raise SourceError(source.file, problems) from None


def load_document(path: Path, model: type[M]) -> M:
    """Read a file into a model. Raises SourceError with every problem."""
    return validate(read(path), model)


def validate(source: Source, model: type[M]) -> M:
    """The model a source says. Raises SourceError with every problem."""
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        raise SourceError(source.file, [_located(source, each, model) for each in error.errors()]) from None


def _located(source: Source, error: ErrorDetails, model: type[BaseModel]) -> tuple[Mark, str]:
    place = tuple(part for part in error["loc"] if part != "[key]")
    return source.mark(place), _sentence(error, model)


def _sentence(error: ErrorDetails, model: type[BaseModel]) -> str:
    name = str(error["loc"][-1]) if error["loc"] else "the file"
    match error["type"]:
        case "missing":
            return f"{name!r} is missing; add it"
        case "extra_forbidden":
            return str(UnknownNameError("key", name, _known_keys(error, model)))
        case "literal_error":
            return f"{error['input']!r} is not allowed here; expected {error['ctx']['expected']}"
        case "string_pattern_mismatch":
            return f"{error['input']!r} is not a name; use lower-case letters, digits and {_joiner(error)}"
        case _:
            return f"{name}: {error['msg'][:1].lower()}{error['msg'][1:]}; found {_short(error['input'])}"


def _joiner(error: ErrorDetails) -> str:
    return "underscores (as in second_judgement)" if "_" in error["ctx"]["pattern"] else "hyphens (as in data-manager)"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _known_keys(error: ErrorDetails, model: type[BaseModel]) -> list[str]:
    """The keys that the model at this place knows, found by walking its schema."""
    schema = model.model_json_schema(by_alias=True)
    candidates = [schema, *schema.get("$defs", {}).values()]
    siblings = set(error["ctx"]["siblings"]) if "siblings" in error.get("ctx", {}) else set()
    keys: set[str] = set()
    tags = {str(part) for part in error["loc"]}
    for each in candidates:
        properties = set(each.get("properties", {}))
        # A step's place names its kind; the header's is short; otherwise any model's keys may be meant.
        if properties & tags or len(error["loc"]) == 1 and each is schema:
            keys |= properties
    return sorted(keys - siblings) or sorted({key for each in candidates for key in each.get("properties", {})})
