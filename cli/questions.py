"""Questions of a form in words: what each asks, when, and within which bounds."""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from engine.definition.model import Definition, TaskStep
from engine.definition.values import Bound, Column, FormField, Rows
from engine.money import pounds
from engine.readers import LIST_OF, bound, choices, is_list

_TYPES = {
    "text": "text",
    "integer": "a whole number",
    "number": "a number",
    "money": "an amount such as £1,234.50",
    "yes-no": "yes or no",
    "date": "a date such as 2027-05-26",
    "person": "a person: an id, a name or an e-mail address",
    "school": "a school",
    "year-group": "a year group such as Y2",
    "subject": "a subject such as English",
    "term": "a term such as 2026-27 autumn",
    "half-term": "a half term such as 2026-27 autumn 1",
    "link": "a link",
    "file": "where a file is: its link or its document number",
}
_PLURALS = {
    "text": "texts",
    "integer": "whole numbers",
    "date": "dates",
    "school": "schools, or all",
    "year-group": "year groups",
    "person": "people",
    "subject": "subjects",
    "term": "terms",
    "half-term": "half terms",
}


def questions(step: TaskStep, definition: Definition) -> Iterator[tuple[str, str]]:
    """Every question with what it asks; the columns of a table below it."""
    for name, field in step.form.items():
        if isinstance(field, Rows):
            yield (
                name,
                _sentence(f"{field.label or 'a table'}: rows", *_counted(field), *_asked(field), "each with"),
            )
            for column, question in field.table.items():
                yield f"  {column}", question_in_words(question, definition)
        else:
            yield name, question_in_words(field, definition)


def rules(step: TaskStep) -> Iterator[str]:
    """What is said of answers that break a rule, after the question it is said of."""
    for rule in step.rules:
        yield f"{rule.at}: {rule.message}" if rule.at else rule.message
    for name, field in step.form.items():
        for rule in field.rules if isinstance(field, Rows) else ():
            yield f"{name}: {rule.message}" if rule.at is None else f"{name}, {rule.at}: {rule.message}"


def question_in_words(column: Column, definition: Definition) -> str:
    """What one question asks."""
    label = f"{column.label}: " if column.label else ""
    if column.value is not None:
        return _sentence(f"{label}computed, not asked", *_asked(column))
    fits = column.pattern_words or (f"fits {column.pattern}" if column.pattern else "")
    return _sentence(f"{label}{_type(column, definition)}", fits, *_bounds(column), *_asked(column))


def _type(column: Column, definition: Definition) -> str:
    if column.type.startswith(LIST_OF):
        return f"{_PLURALS[column.type.removeprefix(LIST_OF)]}, joined by commas"
    of = ", ".join(choices(column, definition.scales))
    if column.type == "choices":
        return f"any of {of}, joined by commas"
    return _TYPES.get(column.type) or f"one of {of}"


def _bounds(column: Column) -> Iterator[str]:
    unit = " characters" if column.type == "text" else " of them" if is_list(column.type) else ""
    sides = ("on or after", "on or before") if column.type == "date" else ("at least", "at most")
    for side, given in zip(sides, (column.at_least, column.at_most), strict=True):
        if given is not None:
            yield f"{side} {_limit(column.type, given)}{unit}"


def _limit(kind: str, given: Bound) -> str:
    found = bound(kind, given)
    if kind == "money" and isinstance(found, int):
        return pounds(found)
    return f"{found:g}" if isinstance(found, int | float) else found


def _counted(table: Rows) -> Iterator[str]:
    yield f"at least {table.at_least}" if table.at_least else ""
    yield f"at most {table.at_most}" if table.at_most is not None else ""


def _asked(field: FormField) -> Iterator[str]:
    yield f"asked only where {field.when}" if field.when else ""
    yield "" if field.required or (isinstance(field, Column) and field.value) else "may be left out"


def _sentence(*parts: str) -> str:
    return ", ".join(filter(None, parts))


def blanks(step: TaskStep, given: Mapping[str, JsonValue]) -> Iterator[str]:
    """What is still to be typed to answer it."""
    for name, field in step.form.items():
        if isinstance(field, Rows) and name not in given:
            yield "--form ROWS.csv"
        elif (
            isinstance(field, Column) and field.required and not (field.when or field.value or name in given)
        ):
            yield f"--set {name}=..."
