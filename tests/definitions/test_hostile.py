"""Whatever stands in a file, reading it ends soon, in little memory, with an error in it or something usable."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from definitions.examining import examine_file
from definitions.loader import load_document, load_program
from definitions.positions import Mark
from definitions.scenarios import tested
from definitions.scenarios.loading import load_script
from definitions.trust import load_trust
from definitions.yaml_source import SourceError
from engine.calendar import Calendar
from engine.definition.program import Program
from engine.versions.differences import differences
from reports.diagram.bpmn import model
from reports.diagram.mermaid import flowchart
from reports.diagram.svg import picture
from tests.definitions import hostile_definitions, hostile_expressions, hostile_texts
from tests.definitions.hostile_trusts import CALENDARS, PEOPLE, SCENARIOS
from tests.definitions.watching import watched
from tests.worlds import moderation

SECONDS, MEGABYTES = 2, 200
DEFINITIONS = hostile_definitions.DEFINITIONS | hostile_expressions.DEFINITIONS


def inside(text: str, mark: Mark) -> bool:
    """Whether the place is one of the file, or just behind it."""
    lines = [*text.splitlines(), ""]
    return 1 <= mark.line <= len(lines) and 1 <= mark.column <= len(lines[mark.line - 1]) + 1


def refused(text: str, error: SourceError) -> str:
    marks = [mark for mark, _ in error.problems]
    return "refused" if marks and all(inside(text, mark) for mark in marks) else f"at no place: {marks[:3]}"


class Attempt:
    """What is done with a definition's file, one after the other."""

    def __init__(self, file: Path, text: str) -> None:
        self.file, self.text = file, text
        self.program: Program | None = None

    def load(self) -> str:
        try:
            self.program = load_program(self.file)
        except SourceError as error:
            return refused(self.text, error)
        return "usable"

    def examine(self) -> str:
        found = examine_file(self.file)
        wrong = [each for each in found if not inside(self.text, each.mark)]
        return f"at no place: {wrong[:3]}" if wrong else "refused" if found else "usable"

    def use(self) -> str:
        """Compare it with another, and draw it."""
        if self.program is None:
            return "refused"
        differences(moderation().definition, self.program.definition)
        return "usable" if all(draw(self.program) for draw in (flowchart, picture, model)) else "not drawn"


@pytest.mark.parametrize("name", hostile_texts.TEXTS)
def test_no_text_is_too_much(name: str, tmp_path: Path) -> None:
    attempt = written(tmp_path / "process.yaml", hostile_texts.TEXTS[name])

    within_limits(attempt.load)


@pytest.mark.parametrize("name", DEFINITIONS)
def test_no_definition_is_too_much(name: str, tmp_path: Path) -> None:
    attempt = written(tmp_path / "process.yaml", DEFINITIONS[name])

    within_limits(attempt.load, attempt.examine, attempt.use)


def written(file: Path, text: str) -> Attempt:
    file.write_text(text, "utf-8", newline="")
    return Attempt(file, text)


def within_limits(*calls: Callable[[], str]) -> None:
    for taken in watched(*calls):
        assert taken.result in {"refused", "usable"}
        assert taken.seconds < SECONDS
        assert taken.megabytes < MEGABYTES


def scripted(file: Path, text: str) -> str:
    try:
        load_script(file, tested.Tested(moderation(), {}))
    except SourceError as error:
        return refused(text, error)
    return "usable"


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_scenario_is_too_much(name: str, tmp_path: Path) -> None:
    file, text = tmp_path / "play.yaml", SCENARIOS[name]
    file.write_text(text, "utf-8")

    within_limits(partial(scripted, file, text))


def trusted(folder: Path, text: str) -> str:
    try:
        load_trust(folder)
    except SourceError as error:
        return refused(text, error)
    return "usable"


@pytest.mark.parametrize("name", PEOPLE)
def test_no_people_are_too_many(name: str, tmp_path: Path) -> None:
    text = PEOPLE[name]
    (tmp_path / "trust.yaml").write_text("trust: {key: oak, name: Oak}\nschools: [{key: ash, name: Ash}]\n")
    (tmp_path / "people.yaml").write_text(text, "utf-8")
    (tmp_path / "calendar.yaml").write_text("x")

    within_limits(partial(trusted, tmp_path, text))


def dated(file: Path, text: str) -> str:
    try:
        calendar = load_document(file, Calendar)
    except SourceError as error:
        return refused(text, error)
    calendar.is_school_day("ash", calendar.known.first)
    return "usable"


@pytest.mark.parametrize("name", CALENDARS)
def test_no_calendar_is_too_long(name: str, tmp_path: Path) -> None:
    file, text = tmp_path / "calendar.yaml", CALENDARS[name]
    file.write_text(text, "utf-8")

    within_limits(partial(dated, file, text))
