"""The JSON Schema that editors read says what the loader says, and explains every key."""

import json
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from definitions.scenarios.loading import scenario_files
from definitions.schema import scenario_schema_text, schema_text
from definitions.yaml_source import read
from engine.definition.model import Definition
from tests.docs.pages import ROOT
from tests.docs.scenes import Scene, scenes
from tests.docs.test_language import PAGE

EDITOR = Draft202012Validator(json.loads(schema_text()))
MODERATION = ROOT / "definitions" / "moderation" / "process.yaml"
#: What a mistaken value may be. (Yes and no are left out: where a number belongs, the loader takes them for 1 and 0.)
WRONG = (12, 1.5, None, [], {}, "Odd Text")


def as_json(value: object) -> Any:  # noqa: ANN401
    """As an editor sees it: the keys of maps are texts."""
    return json.loads(json.dumps(value))


def loads(data: object) -> bool:
    try:
        Definition.model_validate(data)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("scene", list(scenes(PAGE)), ids=lambda each: f"line-{each.example.line}")
def test_what_the_grammar_takes_the_schema_takes_and_nothing_else(scene: Scene) -> None:
    given = scene.program().definition
    said = as_json(given.model_dump(mode="json", by_alias=True, exclude_unset=True))

    assert [error.message for error in EDITOR.iter_errors(said)] == []
    disagreed = [place for place, mistaken in mistakes(said) if loads(mistaken) != EDITOR.is_valid(mistaken)]
    assert disagreed == []


def test_definitions_and_scenarios_are_valid_where_an_editor_looks() -> None:
    script = Draft202012Validator(json.loads(scenario_schema_text()))

    assert [error.message for error in EDITOR.iter_errors(as_json(read(MODERATION).data))] == []
    for file in scenario_files(MODERATION):
        assert [error.message for error in script.iter_errors(as_json(read(file).data))] == [], file
        assert schema_of(file).read_text("utf-8") == scenario_schema_text()
    assert schema_of(MODERATION).read_text("utf-8") == schema_text()


@pytest.mark.parametrize("schema", [schema_text(), scenario_schema_text()], ids=["definitions", "scenarios"])
def test_a_schema_is_one(schema: str) -> None:
    Draft202012Validator.check_schema(json.loads(schema))


def test_every_key_is_explained_where_it_is_typed() -> None:
    whole_schema = json.loads(schema_text())
    parts = {"Definition": whole_schema, **whole_schema["$defs"]}

    silent = [
        f"{name}.{key}"
        for name, part in parts.items()
        for key, said in part.get("properties", {}).items()
        if not said.get("description")
    ]

    assert silent == [], "give the field a docstring"


def schema_of(file: Path) -> Path:
    """The file that the first line of a file names."""
    return (file.parent / file.read_text("utf-8").splitlines()[0].partition("$schema=")[2]).resolve()


def mistakes(said: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:  # noqa: ANN401
    """The document with one mistake at a time, and its place: a key left out or misspelt, a value of another kind.

    It is the same document each time, and as it was in the end.
    """
    for path in list(places(said)):
        around = said
        for part in path[:-1]:
            around = around[part]
        before, key = copy(around), path[-1]
        for change in (_left_out, _misspelt, *(_replacing(value) for value in WRONG)):
            change(around, key)
            yield path, said
            around.clear()
            around.update(before) if isinstance(around, dict) else around.extend(before)


def places(said: Any) -> Iterator[tuple[str | int, ...]]:  # noqa: ANN401
    parts = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
    for key, inner in parts:
        yield (key,)
        yield from ((key, *more) for more in places(inner))


def _left_out(around: Any, key: Any) -> None:  # noqa: ANN401
    del around[key]


def _misspelt(around: Any, key: Any) -> None:  # noqa: ANN401
    if isinstance(around, dict):
        around["Odd Key!"] = around.pop(key)


def _replacing(value: object) -> Any:  # noqa: ANN401
    def change(around: Any, key: Any) -> None:  # noqa: ANN401
        around[key] = copy(value)

    return change
