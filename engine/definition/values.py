"""The grammar of values: names, texts, inputs, questions and tables."""

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    JsonValue,
    StringConstraints,
    Tag,
    WithJsonSchema,
)

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
"""Words for people, 2,000 letters at most."""
Expr = Annotated[
    str,
    BeforeValidator(_number_as_text, json_schema_input_type=str | int | float),
    StringConstraints(min_length=1, max_length=2_000),
]
"""A CEL expression over the names visible here."""
Template = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
"""Text with `{{ expression }}` in it."""
StepName = Annotated[Name, Field(description="Its name, and that of its result in expressions.")]
"""The name of a step."""
Stage = Annotated[
    Text | None,
    Field(description="The row of the board it is counted in; that of the steps around it unless said."),
]
"""The stage of a step."""


def _join(text: str) -> str:
    if not joins.is_join(text):
        raise ValueError(f"expected {joins.EXPECTED}; found {text!r}")
    return text


def _quorum(text: str) -> str:
    if text != ALL_RESPONDED and not joins.is_join(text):
        raise ValueError(f"expected {joins.EXPECTED}, or `{ALL_RESPONDED}`; found {text!r}")
    return text


ALL_RESPONDED = "all responded"
#: For editors; what is refused here, the functions above refuse with a sentence.
_HOW_MANY = r"0*(100|[1-9][0-9]?)%|0*([1-9][0-9]{0,3}|10000)"
_NUMBER = Annotated[int, Field(ge=1, le=10_000)]
_JOINS = Annotated[str, Field(pattern=f"^(all|any|{_HOW_MANY})$")] | _NUMBER
_QUORUMS = Annotated[str, Field(pattern=f"^(all|any|{ALL_RESPONDED}|{_HOW_MANY})$")] | _NUMBER
Join = Annotated[str, BeforeValidator(_number_as_text, json_schema_input_type=_JOINS), AfterValidator(_join)]
"""How many must be finished before the work goes on: `all`, `any`, `2` or `60%`."""
Quorum = Annotated[
    str, BeforeValidator(_number_as_text, json_schema_input_type=_QUORUMS), AfterValidator(_quorum)
]
"""How many must agree: `any`, `all`, `all responded`, `2` or `60%`."""
Phrase = Annotated[str, StringConstraints(min_length=1, max_length=300)]
"""A few words with an order of their own, for whom or until when: `headteacher at school`, `3 days after start`."""

Rolling = Literal["previous school day", "next school day", "fixed"]

ValueType = Literal[
    "text", "integer", "number", "money", "yes-no", "date", "choice", "choices", "scale", "person", "school",
    "year-group", "subject", "term", "half-term", "link", "file",
    "list of text", "list of integer", "list of date", "list of school", "list of year-group", "list of person",
    "list of subject", "list of term", "list of half-term",
]  # fmt: skip
"""What a value may be: the same for inputs, for questions and for the columns of tables."""
Bound = float | Text


class Given(Model):
    """A value that somebody gives, and what it must be."""

    type: ValueType
    """What kind of value."""
    label: Text | None = None
    """What people call it; every message about it begins so."""
    of: tuple[Text, ...] | Name = ()
    """The choices, for `choice` and `choices`; for `scale` the name of a scale."""
    also: tuple[Text, ...] = ()
    """Codes allowed beside a scale that are not judgements on it, such as A for absent."""
    personal: bool = False
    """Whether it is personal data."""
    at_least: Bound | None = None
    """The least number, amount or date; the fewest characters of a text, or members of a list."""
    at_most: Bound | None = None
    """The greatest number, amount or date; the most characters of a text, or members of a list."""
    pattern: Text | None = None
    """A regular expression (RE2) that a text must fit as a whole."""
    pattern_words: Text | None = None
    """What to write, in words: `two letters and four digits, such as AB1234`."""


class Input(Given):
    """A value given when the process is started."""

    default: JsonValue = None
    """Used when none is given. For a date: a deadline phrase. For a list of schools: `all`."""
    personal: bool = False
    """Whether it is personal data."""


class Column(Given):
    """One question of a form, or one column of a table."""

    required: bool = True
    """Whether it must be answered."""
    when: Expr | None = None
    """Asked only where this holds; reads what is asked before it."""
    value: Expr | None = None
    """Never asked: computed from what is asked before it, and kept with the answer."""


class Check(Model):
    """What must hold between several answers."""

    check: Expr
    """The condition."""
    message: Text
    """What to tell the person when it does not hold."""
    at: Name | None = None
    """The question that the message is about."""


class Rows(Model):
    """A value made of rows."""

    table: Annotated[dict[Name, Column], Field(min_length=1)]
    """The questions of each row."""
    label: Text | None = None
    """What people call it; its name when left out."""
    unique: Name | Annotated[tuple[Name, ...], Field(min_length=1)] | None = None
    """The column in which no value may stand twice; or several that together tell the rows apart."""
    at_least: int = 0
    """The fewest rows."""
    at_most: int | None = None
    """The most rows."""
    rules: tuple[Check, ...] = ()
    """What must hold in every row."""


class Declared(Model):
    """A value that the steps set, with its type: what is set later must be of it."""

    type: ValueType | None = None
    """One value, or a list of them."""
    table: Annotated[dict[Name, Column], Field(min_length=1)] | None = None
    """Rows with these columns, instead of `type`."""
    label: Text | None = None
    """What it is called where people read it."""
    default: JsonValue = None
    """What it is before any step."""
    personal: bool = False
    """Whether it is personal data."""


def _value(value: object) -> str:
    given = isinstance(value, dict) and not value.keys().isdisjoint({"type", "table"})
    return "declared" if given or isinstance(value, Declared) else "literal"


#: For editors, which would else find that a declaration is also a literal.
_LITERAL = {"not": {"type": "object", "anyOf": [{"required": ["type"]}, {"required": ["table"]}]}}
StartingValue = Annotated[
    Annotated[Declared, Tag("declared")] | Annotated[JsonValue, WithJsonSchema(_LITERAL), Tag("literal")],
    Discriminator(_value),
]
"""What a value is before any step: as it stands, or with its type."""


class InputTable(Rows):
    """Rows given when the process is started."""

    default: tuple[dict[Name, JsonValue], ...] | None = None
    """Used when none is given."""


class Table(Rows):
    """A question answered with rows."""

    required: bool = True
    """Whether it must be answered."""
    when: Expr | None = None
    """Asked only where this holds; reads what is asked before it."""


def _kind_of_field(value: object) -> str:
    return "table" if isinstance(value, Rows) or (isinstance(value, dict) and "table" in value) else "column"


FormField = Annotated[
    Annotated[Table, Tag("table")] | Annotated[Column, Tag("column")], Discriminator(_kind_of_field)
]
InputField = Annotated[
    Annotated[InputTable, Tag("table")] | Annotated[Input, Tag("column")], Discriminator(_kind_of_field)
]
