"""Forms: what an answer must look like, and plain sentences when it does not.

The types are checked by a pydantic model made from the definition's fields; the sentences are ours.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    ValidationError,
    create_model,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from engine.definition.model import Definition, TaskStep
from engine.definition.values import Column, FormField, Table
from engine.errors import InvalidInputError, UnknownNameError
from engine.people import Directory

MAX_TEXT = 5_000
MAX_ROWS = 5_000
#: Kept ready; more are made anew.
MAX_MODELS = 2_000


def _day(text: str) -> str:
    # Only as a calendar writes it: ISO 8601 also knows 20270331 and 2027-W13-3.
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise PydanticCustomError("date", "not a date")
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise PydanticCustomError("date", "no such day") from None


_TYPES: dict[str, object] = {
    "text": Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT)],
    "person": Annotated[str, StringConstraints(min_length=1)],
    "link": Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=2_000)],
    "integer": Annotated[int, Field(strict=True, ge=-(2**63), lt=2**63)],
    "number": Annotated[float, Field(allow_inf_nan=False)],
    "yes-no": bool,
    "date": Annotated[str, AfterValidator(_day)],
}
_SENTENCES = {
    "missing": "is missing; it must be answered",
    "extra_forbidden": "is not a question of this form",
    "int_type": "must be a whole number such as 12",
    "float_parsing": "must be a number such as 12.5",
    "float_type": "must be a number such as 12.5",
    "finite_number": "must be a number such as 12.5",
    "bool_parsing": "must be yes or no (true or false)",
    "bool_type": "must be yes or no (true or false)",
    "string_type": "must be text",
    "string_too_short": "is empty; it must be answered",
    "list_type": "must be a list of rows",
    "model_type": "must be a row with a value for each column",
    "too_long": f"has too many rows; at most {MAX_ROWS} are allowed",
}


class _Answers(BaseModel):
    model_config = ConfigDict(extra="forbid")


def validate_answer(
    definition: Definition, step: TaskStep, values: Mapping[str, JsonValue], directory: Directory
) -> dict[str, JsonValue]:
    """The answer as it will be kept. Raises InvalidInputError with every problem, one sentence each."""
    model = _form_model(definition, step)
    try:
        answers = model.model_validate(dict(values))
    except ValidationError as error:
        raise InvalidInputError(_sentence(each) for each in error.errors()) from None
    kept: dict[str, JsonValue] = answers.model_dump(mode="json", by_alias=True)
    problems = [
        problem
        for name, field in step.form.items()
        for problem in (*_table_rules(name, field, kept.get(name)), *_strangers(name, field, kept, directory))
    ]
    if problems:
        raise InvalidInputError(problems)
    return kept


_MODELS: dict[tuple[str, ...], type[BaseModel]] = {}


def _form_model(definition: Definition, step: TaskStep) -> type[BaseModel]:
    # A form depends on nothing but its own text and the scales: equal texts share one model.
    key = (repr(step.form), repr(definition.scales))
    if key not in _MODELS:
        if len(_MODELS) > MAX_MODELS:
            _MODELS.clear()
        _MODELS[key] = _fields_model("Form", step.form, definition)
    return _MODELS[key]


def _fields_model(name: str, fields: Mapping[str, FormField], definition: Definition) -> type[BaseModel]:
    # Field names such as `copy` or `json` would shadow pydantic's own: keep ours behind an alias.
    made = {
        f"f_{key}": (
            _type(field, definition) if field.required else _type(field, definition) | None,  # type: ignore[operator]
            Field(alias=key) if field.required else Field(default=None, alias=key),
        )
        for key, field in fields.items()
    }
    return create_model(name, __base__=_Answers, **made)  # type: ignore[call-overload, no-any-return]


def _type(field: FormField, definition: Definition) -> object:
    if isinstance(field, Table):
        return Annotated[list[_fields_model("Row", field.table, definition)], Field(max_length=MAX_ROWS)]  # type: ignore[misc]
    if field.type in {"choice", "scale"}:
        return Literal[choices(field, definition)]
    if field.type in {"integer", "number"}:
        return Annotated[_TYPES[field.type], Field(ge=field.at_least, le=field.at_most)]
    return _TYPES[field.type]


def choices(column: Column, definition: Definition) -> tuple[str, ...]:
    """The values a choice or a scale allows, in order."""
    of = definition.scales[column.of] if isinstance(column.of, str) else column.of
    return (*of, *column.also)


def _table_rules(name: str, field: FormField, rows: JsonValue) -> Iterator[str]:
    if not isinstance(field, Table) or not isinstance(rows, list):
        return
    if len(rows) < field.at_least:
        yield f"{name}: has {_rows(len(rows))}; at least {_rows(field.at_least)} must be given"
    if field.unique:
        seen: dict[str, int] = {}
        for number, row in enumerate(rows, 1):
            given = row.get(field.unique) if isinstance(row, dict) else None
            if given is None:
                continue
            if (value := str(given)) in seen:
                yield f"{name}, row {number}: {field.unique} {value!r} stands already in row {seen[value]}"
            seen.setdefault(value, number)


def _strangers(
    name: str, field: FormField, answers: Mapping[str, JsonValue], directory: Directory
) -> Iterator[str]:
    """People the directory does not know, in answers that name a person."""
    found = answers.get(name)
    if isinstance(field, Table):
        for number, row in enumerate(found if isinstance(found, list) else (), 1):
            for column, spec in field.table.items():
                if isinstance(row, dict):
                    yield from (
                        f"{name}, row {number}, {each}" for each in _strangers(column, spec, row, directory)
                    )
    elif field.type == "person" and isinstance(found, str):
        try:
            directory.person(found)
        except UnknownNameError as error:
            yield f"{name}: {error}"


def _rows(count: int) -> str:
    return f"{count} row{'' if count == 1 else 's'}"


def _sentence(error: ErrorDetails) -> str:
    return f"{_place(error['loc'])}: {_what(error)}"


def _place(loc: tuple[int | str, ...]) -> str:
    parts = [f"row {part + 1}" if isinstance(part, int) else str(part) for part in loc]
    return ", ".join(parts) or "the answer"


def _what(error: ErrorDetails) -> str:
    kind, found = error["type"], error.get("input")
    if kind == "literal_error":
        return f"{found!r} is not one of {error['ctx']['expected']}"
    if kind == "date":
        return f"{found!r} is not a date; write one such as 2027-03-31"
    if kind in {"greater_than_equal", "less_than_equal", "less_than"}:
        bound = next(error["ctx"][name] for name in ("ge", "le", "lt") if name in error["ctx"])
        return (
            f"{found!r} is out of range; it must be at {'least' if kind[0] == 'g' else 'most'} {bound:.15g}"
        )
    if kind == "string_too_long":
        return f"is too long; at most {error['ctx']['max_length']} characters"
    if kind == "string_pattern_mismatch":
        return f"{found!r} is not a link; it must begin with https://"
    return _SENTENCES.get(kind, error["msg"])
