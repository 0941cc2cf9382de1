"""An event that has something in every field, made from its model alone."""

import types
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel, JsonValue

#: Values that have a form of their own, or that the others do not go with.
_FORMS: Mapping[str, object] = {
    "Person.id": "p-0001",
    "Person.trn": "1234567",
    "School.urn": "100001",
    "School.predecessor": "100002",
    "School.laestab": "999/9001",
    "School.ukprn": "10000001",
    "Trust.group_uid": "1234",
    "Trust.group_id": "TR00001",
    "Trust.ukprn": "10000002",
    "Trust.companies_house": "01234567",
    "Cover.role": None,
    "Wishes.quiet_until": "07:00",
}
_PLAIN: Mapping[Any, object] = {
    str: "text",
    int: 1,
    float: 0.5,
    bool: True,
    datetime: datetime(2027, 4, 20, 9, 0, tzinfo=UTC),
    date: date(2027, 4, 20),
    time: time(18, 30),
    UUID: UUID("0192d3c4-0000-7000-8000-000000000001"),
    JsonValue: "text",
}


def fullest(model: type[BaseModel]) -> BaseModel:
    """A value of the model with something in every field, the same every time."""
    return model.model_validate(
        {field.alias or name: _field(model, name) for name, field in model.model_fields.items()}
    )


def _field(model: type[BaseModel], name: str) -> object:
    place = f"{model.__name__}.{name}"
    return _FORMS[place] if place in _FORMS else _value(model.model_fields[name].annotation)


def _value(of: Any) -> object:  # noqa: ANN401, PLR0911 - an annotation may be anything; one line for each kind of annotation
    if of in _PLAIN:
        return _PLAIN[of]
    origin, inner = get_origin(of), get_args(of)
    if origin is Annotated:
        return _value(inner[0])
    if origin is Literal:
        return inner[0]
    if origin in {Union, types.UnionType}:
        return _value(next(each for each in inner if each is not type(None)))
    if origin in {tuple, list, set, frozenset}:
        return [_value(inner[0])]
    if origin in {dict, Mapping}:
        return {_value(inner[0]): _value(inner[1])}
    if isinstance(of, type) and issubclass(of, Enum):
        return next(iter(of))
    if isinstance(of, type) and issubclass(of, BaseModel):
        return fullest(of)
    raise TypeError(f"no example is known for {of!r}; add one to `_PLAIN`")
