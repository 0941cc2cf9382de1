"""The staff of the example trust: what each of them answers, from `examples/scholars/moderation`.

They know only what their task shows them and their own files, and act through the client everybody uses.
"""

import csv
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from engine.commands import CompleteTask, command_id
from engine.errors import TermwiseError
from storage.views import TaskRow

Row = dict[str, str]
MISSING = ("pupil-missing", "two who joined in May")
LESSONS = "What greater depth in punctuation looks like, with three of this year's packs"
#: Hollins forgets two pupils the first time, so that its head has something to send back.
FORGETFUL = ("hollins", "Y2", 1)


class UnknownTaskError(TermwiseError):
    """The demo's staff do not know this task: the definition was changed."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody answers."""

    values: Mapping[str, JsonValue]
    outcome: str | None = None
    reason: str | None = None
    code: str | None = None


class Staff:
    """Everybody at once. Deterministic: the same files give the same cycle."""

    def __init__(self, folder: Path) -> None:
        self._cohorts: dict[tuple[str | None, str | None], list[Row]] = defaultdict(list)
        for row in _rows(folder / "judgements.csv"):
            self._cohorts[row["school"], row["year_group"]].append(row)
        self._second = {row["pupil"]: row for row in _rows(folder / "second.csv")}
        self._dialogue = {(row["pupil"], row["round"]): row for row in _rows(folder / "dialogue.csv")}
        self._packs: dict[str, str] = {}  # Whose work lies on which table, once it is laid out.
        self._answers: dict[str, Callable[[TaskRow, int], Said]] = {
            "judge": lambda task, _: Said({"judgements": self._judgements(task)}),
            "confirm": lambda task, _: self._confirmed(task),
            "lay_out": lambda task, _: self._laid_out(task),
            "second_judgement": lambda task, _: self._judged_again(task),
            "dialogue": self._talked,
            "adjudicate": lambda task, _: self._decided(task),
            "amend": lambda task, _: Said({"amended": _count(task.shown["Changed"])}),
            "sign_off": lambda *_: Said({}, "signed"),
            "submit": lambda task, _: Said({"receipt": f"NCA-{task.school}-{task.due_on}".upper()}),
            "share_report": lambda *_: Said({"lessons": LESSONS}),
        }

    def answer(self, task: TaskRow, talks: int) -> CompleteTask:
        """What the person asked answers; `talks` counts how often this pack has been talked about."""
        if task.step not in self._answers:
            raise UnknownTaskError(
                f"the demo's staff have no answer for {task.step!r}; was the definition changed?"
            )
        by = task.assignee or task.candidates[task.round % len(task.candidates)]
        said = self._answers[task.step](task, talks)
        return CompleteTask(
            id=command_id(task.instance, task.task, "complete", by, task.revision),
            by=by,
            task=task.task,
            outcome=said.outcome,
            values=dict(said.values),
            reason=said.reason,
            code=said.code,
        )

    def _judgements(self, task: TaskRow) -> list[JsonValue]:
        rows = self._cohorts[task.school, task.year_group]
        forgotten = 2 if (task.school, task.year_group, task.round) == FORGETFUL else 0
        asked = ("pupil", "class", "teacher", "value", "confidence")
        return [{name: row[name] for name in asked} for row in rows[: len(rows) - forgotten]]

    def _confirmed(self, task: TaskRow) -> Said:
        complete = task.shown["Judgements entered"] == len(self._cohorts[task.school, task.year_group])
        code, words = MISSING
        return Said({}, "complete") if complete else Said({}, "incomplete", words, code)

    def _laid_out(self, task: TaskRow) -> Said:
        packs = task.shown["Packs"]
        for line in packs if isinstance(packs, list) else []:
            code, _, pupil = str(line).partition(" is ")
            self._packs[code] = pupil
        return Said({})

    def _judged_again(self, task: TaskRow) -> Said:
        seen = self._second[self._pupil(task)]
        return Said({"value": seen["value"], "note": seen["note"] or None})

    def _talked(self, task: TaskRow, talks: int) -> Said:
        said = self._dialogue[self._pupil(task), str(talks)]
        return Said({"note": said["reason"]}, said["outcome"])

    def _decided(self, task: TaskRow) -> Said:
        decided = self._dialogue[self._pupil(task), ""]
        return Said({"value": decided["final_value"], "why": decided["reason"]})

    def _pupil(self, task: TaskRow) -> str:
        return self._packs[str(task.shown["Pack"])]


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _count(value: JsonValue) -> int:
    return len(value) if isinstance(value, list) else 0
