"""`docs/language.md`: every example loads, and every key, type and function has one."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import get_args

import pytest
from pydantic import BaseModel

from definitions import yaml_source
from definitions.loader import program_from
from definitions.yaml_source import SourceError, parse
from engine.calls import MAX_RESULT
from engine.definition import model, outward, schedule
from engine.definition import values as grammar
from engine.definition.checks.all import RULES
from engine.definition.compiler import compile_definition
from engine.definition.compiling import MAX_STEPS
from engine.expressions import MAX_LENGTH
from engine.forms import MAX_ROWS
from engine.functions import FUNCTIONS
from engine.members import MAX_MEMBERS
from engine.model import Model
from engine.plain_values import MAX_TEXT
from engine.run import MAX_EVENTS
from tests.docs.pages import Example, examples, page
from tests.worlds import program

PAGE = "docs/language.md"
EXAMPLES = [each for each in examples(PAGE) if each.kind == "yaml"]
ONE_STEP = "\nsteps:\n- {task: nothing, title: Nothing, who: ceo}\n"
GRAMMAR = [
    each
    for each in (vars(model) | vars(schedule) | vars(grammar) | vars(outward)).values()
    if isinstance(each, type) and issubclass(each, Model) and each is not Model
]


def whole(example: Example) -> str:
    """The example with a step, if it is only about values."""
    return example.text if "\nsteps:" in f"\n{example.text}" else example.text + ONE_STEP


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"line-{each.line}")
def test_every_example_loads(example: Example) -> None:
    compile_definition(program(whole(example)).definition)


def test_every_mistake_is_told_as_shown() -> None:
    blocks = list(examples(PAGE))
    pairs = [(each, after) for each, after in pairwise(blocks) if each.kind == "yaml wrong"]

    for mistaken, told in pairs:
        with pytest.raises(SourceError) as wrong:
            program_from(parse(mistaken.text, "process.yaml"))
        assert str(wrong.value) == told.text.strip()
    assert pairs


@pytest.mark.parametrize("part", GRAMMAR, ids=lambda each: each.__name__)
def test_every_key_has_an_example(part: type[BaseModel]) -> None:
    used = {key for example in EXAMPLES for key in keys(parse(example.text, PAGE).data)}

    assert {field.alias or name for name, field in part.model_fields.items()} - used == set()


def test_every_type_has_an_example() -> None:
    used = {str(value) for example in EXAMPLES for value in values(parse(example.text, PAGE).data)}

    assert set(get_args(grammar.ValueType)) - used == set()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_argument_of_a_function_has_an_example(name: str) -> None:
    calls = [
        call
        for example in EXAMPLES
        for call in maps(parse(example.text, PAGE).data)
        if call.get("function") == name
    ]

    assert {argument for call in calls for argument in call["with"]} == FUNCTIONS[name].takes


def test_the_limits_are_those_of_the_code() -> None:
    limits = [
        yaml_source.MAX_BYTES, yaml_source.MAX_DEPTH, yaml_source.MAX_NODES, MAX_STEPS, MAX_MEMBERS, MAX_EVENTS,
        MAX_LENGTH, MAX_TEXT, MAX_ROWS, MAX_RESULT,
    ]  # fmt: skip
    section = page(PAGE).partition("## Limits")[2].partition("## Mistakes")[0]

    assert [limit for limit in limits if not re.search(rf"\b{limit:,}\b", section)] == []


def maps(value: object) -> Iterator[dict]:  # type: ignore[type-arg]
    """Every map in a document."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from maps(inner)


def keys(value: object) -> Iterator[str]:
    """Every key in a document."""
    return (str(key) for each in maps(value) for key in each)


def values(value: object) -> Iterator[object]:
    """Every plain value in a document that has a key."""
    return (inner for each in maps(value) for inner in each.values())


def test_every_rule_of_the_checks_is_explained() -> None:
    section = page(PAGE).partition("## Mistakes")[2]

    assert [rule for rule in RULES if f"| `{rule}` |" not in section] == []
