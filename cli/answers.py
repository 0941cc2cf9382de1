"""A form as people fill it in: from the command line, and from a file."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import JsonValue

from cli.form_files import read_form
from cli.options import UsageError, pairs
from engine.definition.model import TaskStep
from engine.definition.values import Table
from engine.people import Directory
from engine.typed_answers import typed_answers


def answers(
    spec: TaskStep, directory: Directory, given: Iterable[str], file: Path | None
) -> dict[str, JsonValue]:
    """The values of a form, those of `--set` before those of the file. Raises UsageError and SourceError."""
    values: dict[str, JsonValue] = dict(read_form(file, spec) if file else {})
    for name, text in pairs(given).items():
        if isinstance(spec.form.get(name), Table):
            raise UsageError(f"{name} is a table; give its rows with --form FILE.csv")
        values[name] = text
    return typed_answers(spec, values, directory)
