"""The staff of the example trust: what each of them answers, from the files of `examples/scholars/moderation`.

They know only what their task shows them and their own files; they act through the same client as the command line.
"""

import csv
from collections import defaultdict
from pathlib import Path

from pydantic import JsonValue

from engine.commands import CompleteTask, PersonCommand, command_id
from engine.errors import TermwiseError
from storage.views import TaskRow

Row = dict[str, str]
MISSING = "Two pupils who joined in May have no judgement yet"


class UnknownTaskError(TermwiseError):
    """The demo's staff do not know this task: the definition was changed."""


class Staff:
    """Everybody at once. Deterministic: the same files give the same cycle."""

    def __init__(self, folder: Path) -> None:
        self._cohorts: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in _rows(folder / "judgements.csv"):
            self._cohorts[row["school"], row["year_group"]].append(row)
        self._second = {row["pupil"]: row for row in _rows(folder / "second.csv")}
        self._dialogue = {(row["pupil"], row["round"]): row for row in _rows(folder / "dialogue.csv")}
        self._packs: dict[str, str] = {}

    def learn(self, packs: dict[str, str]) -> None:
        """Whose work is in which pack: what the people see on the table before them."""
        self._packs = packs

    def answer(self, task: TaskRow, round_of_talk: int) -> PersonCommand:
        """What the person asked answers."""
        by = task.assignee or task.candidates[task.round % len(task.candidates)]
        outcome, values, reason = self._answer(task, round_of_talk)
        return CompleteTask(
            id=command_id(task.instance, task.task, "complete", by, task.revision),
            by=by,
            task=task.task,
            outcome=outcome,
            values=values,
            reason=reason,
        )

    def _answer(self, task: TaskRow, round_of_talk: int) -> tuple[str | None, dict[str, JsonValue], str | None]:
        pupil = self._packs.get(str(task.shown.get("Pack")), "")
        match task.step:
            case "judge":
                return None, {"judgements": self._judgements(task)}, None
            case "confirm":
                complete = int(str(task.shown["Judgements entered"])) == len(self._cohort(task))
                return ("complete", {}, None) if complete else ("incomplete", {}, MISSING)
            case "second_judgement":
                seen = self._second[pupil]
                return None, {"value": seen["value"], "note": seen["note"] or None}, None
            case "dialogue":
                said = self._dialogue[pupil, str(round_of_talk)]
                return said["outcome"], {"note": said["reason"]}, None
            case "adjudicate":
                decided = self._dialogue[pupil, ""]
                return None, {"value": decided["final_value"], "why": decided["reason"]}, None
            case "amend":
                changed = task.shown["Changed"]
                return None, {"amended": len(changed) if isinstance(changed, list) else 0}, None
            case "sign_off":
                return "signed", {}, None
            case "submit":
                return None, {"receipt": f"NCA-{task.school}-{task.due_on or ''}".upper()}, None
            case "share_report":
                return None, {"lessons": "What greater depth in punctuation looks like, with three of this year's packs"}, None
        raise UnknownTaskError(f"the demo's staff have no answer for {task.step!r}; was the definition changed?")

    def _judgements(self, task: TaskRow) -> list[JsonValue]:
        rows = self._cohort(task)
        # One submission is sent back: Hollins forgets two pupils the first time.
        forgotten = 2 if (task.school, task.year_group, task.round) == ("hollins", "Y2", 1) else 0
        kept = rows[: len(rows) - forgotten]
        return [{name: row[name] for name in ("pupil", "class", "teacher", "value", "confidence")} for row in kept]

    def _cohort(self, task: TaskRow) -> list[Row]:
        return self._cohorts[task.school or "", task.year_group or ""]


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
