"""`docs/language.md`: every example is played by a scenario, and every key, type and function has one."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
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
from engine.definition.decision_table import MAX_WORK
from engine.definition.limits import MAX_CHARACTERS, MAX_ENTRIES, MAX_EXPRESSIONS, MAX_STEPS
from engine.definition.problems import MAX_TOLD
from engine.expressions import MAX_LENGTH
from engine.forms import MAX_ROWS
from engine.functions import FUNCTIONS
from engine.members import MAX_MEMBERS
from engine.model import Model
from engine.plain_values import MAX_TEXT
from engine.run import MAX_EVENTS
from tests.docs.pages import examples, page
from tests.docs.scenes import EXAMPLE, Scene, play_scenario, scenes, steps_never_reached

PAGE = "docs/language.md"
SCENES = list(scenes(PAGE))
EXAMPLES = [each for each in examples(PAGE) if each.kind == EXAMPLE]
#: What a key does is seen in plays only; a year is played by its schedules in tests/definitions/test_simulation.py.
PLAYED_ELSEWHERE = {"schedule", "each", "in", "on", "set"}
GRAMMAR = [
    each
    for each in (vars(model) | vars(schedule) | vars(grammar) | vars(outward)).values()
    if isinstance(each, type) and issubclass(each, Model) and each is not Model
]


@pytest.mark.parametrize("scene", SCENES, ids=lambda each: f"line-{each.example.line}")
def test_every_example_loads(scene: Scene) -> None:
    compile_definition(scene.program().definition)


@pytest.mark.parametrize(
    "scene", [each for each in SCENES if each.does_something], ids=lambda each: f"line-{each.example.line}"
)
def test_every_example_does_what_its_scenarios_say(scene: Scene, tmp_path: Path) -> None:
    gone = [play_scenario(scene, each, tmp_path) for each in scene.scenarios]

    assert gone, "an example with steps has a scenario behind it"
    assert steps_never_reached(scene, gone) == []


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
    played = {key for each in SCENES if each.scenarios for key in keys(parse(each.example.text, PAGE).data)}
    shown = {key for each in EXAMPLES for key in keys(parse(each.text, PAGE).data)}
    known = {field.alias or name for name, field in part.model_fields.items()}

    assert known - shown == set()
    assert known - played - PLAYED_ELSEWHERE == set()


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
        MAX_LENGTH, MAX_TEXT, MAX_ROWS, MAX_RESULT, MAX_ENTRIES, MAX_EXPRESSIONS, MAX_CHARACTERS, MAX_TOLD,
        MAX_WORK,
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
