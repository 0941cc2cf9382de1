"""Forms and inputs as people fill them in: from the command line, and from a file."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import JsonValue

from cli.form_files import read_form
from cli.options import UsageError, pairs
from engine.definition.values import Given, Rows
from engine.typed_answers import typed_answers


def written(
    fields: Mapping[str, Given | Rows], given: Iterable[str], file: Path | None
) -> dict[str, JsonValue]:
    """What is given for each question, those of `--set` before those of the file; null for what is taken back.

    Raises UsageError and SourceError.
    """
    values: dict[str, JsonValue] = dict(read_form(file, fields) if file else {})
    for name, text in pairs(given).items():
        if isinstance(fields.get(name), Rows):
            raise UsageError(f"{name} is a table; give its rows with --form FILE.csv")
        values[name] = text
    return {**dict.fromkeys(values), **typed_answers(values)}


def answers(
    fields: Mapping[str, Given | Rows], given: Iterable[str], file: Path | None
) -> dict[str, JsonValue]:
    """The same without what was left empty."""
    return typed_answers(written(fields, given, file))
