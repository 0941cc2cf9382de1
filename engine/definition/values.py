"""The grammar of values: names, texts, inputs, questions and tables."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, JsonValue, StringConstraints, Tag

from engine import joins
from engine.model import Model


def _number_as_text(value: object) -> object:
    # `at_least: 2` is as good an expression as `at_least: "2"`.
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,62}$")]
"""Lower-case words joined by hyphens: `moderation`, `data-manager`."""
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
"""Lower-case words joined by underscores, as expressions read it: `second_judgement`."""
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
"""A reason in short, as reports count it: `absent`, `not-taught`."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Expr = Annotated[
    str,
    BeforeValidator(_number_as_text, json_schema_input_type=str | int | float),
    StringConstraints(min_length=1, max_length=2_000),
]
"""A CEL expression over the names visible here."""
Template = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
"""Text with `{{ expression }}` in it."""


def _join(text: str) -> str:
    if not joins.is_join(text):
        raise ValueError(f"expected {joins.EXPECTED}; found {text!r}")
    return text


def _quorum(text: str) -> str:
    if text != ALL_RESPONDED and not joins.is_join(text):
        raise ValueError(f"expected {joins.EXPECTED}, or `{ALL_RESPONDED}`; found {text!r}")
    return text


ALL_RESPONDED = "all responded"
Join = Annotated[
    str, BeforeValidator(_number_as_text, json_schema_input_type=str | int), AfterValidator(_join)
]
"""How many must be finished before the work goes on: `all`, `any`, `2` or `60%`."""
Quorum = Annotated[
    str, BeforeValidator(_number_as_text, json_schema_input_type=str | int), AfterValidator(_quorum)
]
"""How many must agree: `any`, `all`, `all responded`, `2` or `60%`."""
Phrase = Annotated[str, StringConstraints(min_length=1, max_length=300)]

InputType = Literal[
    "text", "integer", "number", "yes-no", "date", "choice", "school", "year-group", "half-term", "person",
    "list of school", "list of year-group", "list of text",
]  # fmt: skip
FieldType = Literal["text", "integer", "number", "yes-no", "date", "choice", "scale", "person", "link"]

ValueType = Literal[InputType, FieldType]


class Input(Model):
    """A value given when the process is started."""

    type: InputType
    label: Text | None = None
    of: tuple[Text, ...] = ()
    """The choices, for `choice`."""
    default: JsonValue = None
    """Used when none is given. For a date: a deadline phrase. For a list of schools: `all`."""


class Column(Model):
    """One question of a form, or one column of its table."""

    type: FieldType
    label: Text | None = None
    of: tuple[Text, ...] | Name = ()
    """The choices; for `scale` the name of a scale."""
    also: tuple[Text, ...] = ()
    """Codes allowed beside a scale that are not judgements on it, such as A for absent."""
    required: bool = True
    personal: bool = False
    """Whether the answer is personal data."""
    at_least: float | None = None
    at_most: float | None = None


class Table(Model):
    """A question answered with rows."""

    table: Annotated[dict[Name, Column], Field(min_length=1)]
    label: Text | None = None
    required: bool = True
    unique: Name | None = None
    """The column in which no value may stand twice."""
    at_least: int = 0
    """The fewest rows."""


class Declared(Model):
    """A value that the steps set, with its type: what is set later must be of it."""

    type: ValueType | None = None
    """One value, or a list of them."""
    table: Annotated[dict[Name, Column], Field(min_length=1)] | None = None
    """Rows with these columns, instead of `type`."""
    label: Text | None = None
    default: JsonValue = None
    """What it is before any step."""
    personal: bool = False
    """Whether it is personal data."""


def _value(value: object) -> str:
    given = isinstance(value, dict) and not value.keys().isdisjoint({"type", "table"})
    return "declared" if given or isinstance(value, Declared) else "literal"


StartingValue = Annotated[
    Annotated[Declared, Tag("declared")] | Annotated[JsonValue, Tag("literal")], Discriminator(_value)
]
"""What a value is before any step: as it stands, or with its type."""


def _form_field(value: object) -> str:
    return "table" if isinstance(value, Table) or (isinstance(value, dict) and "table" in value) else "column"


FormField = Annotated[
    Annotated[Table, Tag("table")] | Annotated[Column, Tag("column")], Discriminator(_form_field)
]
