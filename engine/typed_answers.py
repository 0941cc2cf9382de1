"""Answers as people write them in files and on command lines, made ready to be read by their types."""

from collections.abc import Mapping

from pydantic import JsonValue

from engine.plain_values import as_written


def typed_answers(values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Without what was left empty, in rows too: an empty cell is a question that was not answered.

    Numbers become texts: the type of the question says what they mean, and 12 may be a code or twelve pounds.
    """
    return {name: _written(value) for name, value in values.items() if value is not None and value != ""}


def _written(value: JsonValue) -> JsonValue:
    if isinstance(value, list):
        return [typed_answers(each) if isinstance(each, dict) else as_written(each) for each in value]
    return as_written(value)
