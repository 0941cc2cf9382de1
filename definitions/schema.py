"""The JSON Schemas of definition and scenario files, for editors. Made from the grammar; never written by hand."""

import json
from typing import Any

from pydantic import BaseModel

from definitions.scenarios.grammar import Scenario
from engine.definition.model import Definition


def schema_text() -> str:
    """The schema as the file `process.schema.json` has it."""
    return _text(Definition)


def scenario_schema_text() -> str:
    """The schema as the file `scenario.schema.json` has it."""
    return _text(Scenario)


def _text(model: type[BaseModel]) -> str:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(by_alias=True),
    }
    return json.dumps(_closed(schema), indent=2, ensure_ascii=False) + "\n"


def _closed(part: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """The same as the loader judges it: names must fit their pattern, and what is one thing may be another too."""
    if isinstance(part, list):
        return [_closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    closed = {"additionalProperties": False} if "patternProperties" in part else {}
    return {**closed, **{"anyOf" if key == "oneOf" else key: _closed(value) for key, value in part.items()}}
