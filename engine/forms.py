"""Forms: what an answer must look like, and plain sentences when it does not.

The types are checked by a pydantic model made from the definition's fields; the sentences are ours.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, create_model
from pydantic_core import ErrorDetails

from engine.definition.model import Column, Definition, FormField, Table, TaskStep
from engine.errors import InvalidInputError

MAX_TEXT = 5_000
_TYPES: dict[str, object] = {
    "text": Annotated[str, Field(min_length=1, max_length=MAX_TEXT)],
    "person": Annotated[str, Field(min_length=1, max_length=64)],
    "link": Annotated[str, Field(pattern=r"^https?://\S+$", max_length=2_000)],
    "integer": Annotated[int, Field(strict=True)],
    "number": float,
    "yes-no": bool,
    "date": date,
}
_SENTENCES = {
    "missing": "is missing; it must be answered",
    "extra_forbidden": "is not a question of this form",
    "int_type": "must be a whole number such as 12",
    "float_parsing": "must be a number such as 12.5",
    "float_type": "must be a number such as 12.5",
    "bool_parsing": "must be yes or no (true or false)",
    "bool_type": "must be yes or no (true or false)",
    "string_type": "must be text",
    "string_too_short": "is empty; it must be answered",
    "list_type": "must be a list of rows",
    "model_type": "must be a row with a value for each column",
}


class _Answers(BaseModel):
    model_config = ConfigDict(extra="forbid")


def validate_answer(definition: Definition, step: TaskStep, values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The answer as it will be kept. Raises InvalidInputError with every problem, one sentence each."""
    model = _form_model(definition, step)
    try:
        answers = model.model_validate(dict(values))
    except ValidationError as error:
        raise InvalidInputError(_sentence(each) for each in error.errors()) from None
    kept: dict[str, JsonValue] = answers.model_dump(mode="json", by_alias=True)
    problems = [p for name, field in step.form.items() for p in _table_rules(name, field, kept.get(name))]
    if problems:
        raise InvalidInputError(problems)
    return kept


_MODELS: dict[tuple[str, ...], type[BaseModel]] = {}


def _form_model(definition: Definition, step: TaskStep) -> type[BaseModel]:
    # A form depends on nothing but its own text and the scales: equal texts share one model.
    key = (repr(step.form), repr(definition.scales))
    if key not in _MODELS:
        if len(_MODELS) > 2_000:
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
        return list[_fields_model("Row", field.table, definition)]  # type: ignore[misc]
    if field.type in {"choice", "scale"}:
        return Literal[choices(field, definition)]
    if field.type in {"integer", "number"}:
        return Annotated[_TYPES[field.type], Field(ge=field.at_least, le=field.at_most)]  # type: ignore[valid-type]
    return _TYPES[field.type]


def choices(column: Column, definition: Definition) -> tuple[str, ...]:
    """The values a choice or a scale allows, in order."""
    of = definition.scales[column.of] if isinstance(column.of, str) else column.of
    return (*of, *column.also)


def _table_rules(name: str, field: FormField, rows: JsonValue) -> Iterator[str]:
    if not isinstance(field, Table) or not isinstance(rows, list):
        return
    if len(rows) < field.at_least:
        yield f"{name}: has {len(rows)} rows; at least {field.at_least} are needed"
    if field.unique:
        seen: dict[str, int] = {}
        for number, row in enumerate(rows, 1):
            value = str(row.get(field.unique)) if isinstance(row, dict) else ""
            if value in seen:
                yield f"{name}, row {number}: {field.unique} {value!r} stands already in row {seen[value]}"
            seen.setdefault(value, number)


def _sentence(error: ErrorDetails) -> str:
    return f"{_place(error['loc'])}: {_what(error)}"


def _place(loc: tuple[int | str, ...]) -> str:
    parts = [f"row {part + 1}" if isinstance(part, int) else str(part) for part in loc]
    return ", ".join(parts) or "the answer"


def _what(error: ErrorDetails) -> str:
    kind, found = error["type"], error.get("input")
    if kind == "literal_error":
        return f"{found!r} is not one of {error['ctx']['expected']}"
    if kind.startswith("date"):
        return f"{found!r} is not a date; write one such as 2027-03-31"
    if kind in {"greater_than_equal", "less_than_equal"}:
        bound = error["ctx"].get("ge", error["ctx"].get("le"))
        return f"{found!r} is out of range; it must be at {'least' if kind[0] == 'g' else 'most'} {bound:g}"
    if kind == "string_too_long":
        return f"is too long; at most {error['ctx']['max_length']} characters"
    if kind == "string_pattern_mismatch":
        return f"{found!r} is not a link; it must begin with https://"
    return _SENTENCES.get(kind, error["msg"])
