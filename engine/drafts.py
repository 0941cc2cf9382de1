"""Drafts: half an answer, kept until somebody goes on with it. Each value has its type; nothing else is asked of it."""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from engine.definition.values import Column, FormField, Table
from engine.errors import InvalidInputError, TermwiseError
from engine.forms import MAX_ROWS
from engine.labels import said
from engine.plain_values import wrong
from engine.readers import reader
from engine.world import World


def draft_of(
    world: World, form: Mapping[str, FormField], given: Mapping[str, JsonValue]
) -> dict[str, JsonValue]:
    """Half an answer, each value as its type; nothing is required, and no rule is checked.

    Raises InvalidInputError with every problem, one sentence each.
    """
    problems: list[str] = []
    kept = dict(_read_some("", form, given, world, problems))
    if problems:
        raise InvalidInputError(problems)
    return kept


def _read_some(
    place: str,
    fields: Mapping[str, FormField] | Mapping[str, Column],
    given: Mapping[str, JsonValue],
    world: World,
    problems: list[str],
) -> Iterator[tuple[str, JsonValue]]:
    for name, value in given.items():
        question = fields.get(name)
        try:
            if question is None:
                raise wrong("is not a question of this form")
            if isinstance(question, Column) and question.value is not None:
                raise wrong("is computed from the other answers; leave it empty")
            if isinstance(question, Column):
                yield name, None if value is None else reader(question, world)(value)
            else:
                yield name, _some_rows(f"{place}{said(name, question)}", question, value, world, problems)
        except TermwiseError as error:
            problems += [f"{place}{said(name, question)}: {line}" for line in str(error).splitlines()]


def _some_rows(place: str, table: Table, given: JsonValue, world: World, problems: list[str]) -> JsonValue:
    if not isinstance(given, list) or len(given) > MAX_ROWS:
        raise wrong(f"is not a list of rows, at most {MAX_ROWS:,}; give a row for each")
    return [
        dict(
            _read_some(
                f"{place}, row {number}, ", table.table, row if isinstance(row, dict) else {}, world, problems
            )
        )
        for number, row in enumerate(given, 1)
    ]
