"""The JSON Schema of definition files, for editors. Made from the grammar; never written by hand."""

import json

from engine.definition.model import Definition


def schema_text() -> str:
    """The schema as the file `process.schema.json` has it."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Definition.model_json_schema(by_alias=True),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
