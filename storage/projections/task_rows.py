"""Rows of the inbox as the functions of migration 0029 take them: texts that PostgreSQL reads as one value each.

Much quicker to read than JSON, and than a parameter for every column. The order of the values is that of the types
`termwise.opened_task` and `termwise.changed_task`.
"""

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import JsonValue
from pydantic_core import to_json

from storage.projections.task_changes import Due, Opened, TaskChange

Value = str | int | bool | datetime | date | Sequence[str] | None


def opened_row(task: str, change: TaskChange, opened: Opened) -> str:
    """The row of a new task, with whatever else happened to it in the run of events that opened it."""
    due = change.due or Due(at=opened.due_at, on=opened.due_on, why=opened.due_why)
    return _row(
        task,
        opened.step,
        opened.address,
        opened.round,
        opened.title,
        opened.stage,
        opened.school,
        opened.year_group,
        opened.role,
        change.status or "open",
        change.assignee,
        opened.candidates if change.candidates is None else change.candidates,
        due.at,
        due.on,
        due.why,
        change.overdue,
        opened.minutes,
        _json(opened.shown),
        change.outcome,
        opened.opened_at,
        change.closed_at,
        change.events,
        change.deferred_until if change.status == "deferred" else None,
        change.delegated_by,
        change.request.model_dump_json() if change.request else None,
        change.took,
        change.comments,
        change.attachments,
        change.deputy,
    )


def changed_row(task: str, change: TaskChange) -> str:
    """What becomes of the row of a task that there is."""
    due = change.due or Due()
    return _row(
        task,
        change.status,
        change.assigned,
        change.assignee,
        change.candidates,
        change.due is not None,
        due.at,
        due.on,
        due.why,
        change.overdue,
        change.outcome,
        change.closed_at,
        change.events,
        change.deferred_until,
        change.delegated_by,
        change.asks,
        change.request.model_dump_json() if change.request else None,
        change.took,
        change.comments,
        change.attachments,
        change.deputy,
    )


def _row(*values: Value) -> str:
    return f"({','.join(map(_text, values))})"


def _text(value: Value) -> str:
    """A value as part of a row: nothing is null, and every text is in quotes."""
    match value:
        case None:
            return ""
        case str():
            return _quoted(value)
        case bool():
            return "t" if value else "f"
        case int():
            return str(value)
        case datetime() | date():
            return f'"{value.isoformat()}"'
        case _:
            return _quoted(f"{{{','.join(map(_quoted, value))}}}")


def _quoted(text: str) -> str:
    """Between quotation marks, as rows and arrays both read it."""
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _json(value: dict[str, JsonValue]) -> str:
    return to_json(value).decode() if value else "{}"
