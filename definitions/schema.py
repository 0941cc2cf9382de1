"""The JSON Schemas of definition and scenario files, for editors. Made from the grammar; never written by hand."""

import json

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
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
