"""New definitions: what is written for them loads, and passes its first scenario."""

from datetime import date
from pathlib import Path

import pytest

from definitions.examining import examine_file
from definitions.loader import load_program
from definitions.scenarios.running import run_scenarios
from definitions.skeleton import Skeleton, Trial, process_text, scenario_text, step_names
from definitions.trust import load_trust
from tests.docs.pages import ROOT

TRIAL = Trial(on=date(2027, 4, 12), starter="Daniel Okafor", half_term="2026-27 summer 1", school="glenfield")


def skeleton(**said: object) -> Skeleton:
    usual = {
        "key": "reading-visit",
        "title": "Reading visits",
        "purpose": "To hear readers.",
        "owner": "school-improvement-officer",
        "scope": "school",
        "who": "headteacher at school",
        "steps": ("Hear readers", "Talk about it"),
    }
    return Skeleton.model_validate({**usual, **said})


@pytest.mark.parametrize(
    "begun",
    [
        skeleton(),
        skeleton(scope="trust", who="ceo", steps=("Write the plan",)),
        skeleton(title='A "title": with #marks, {braces} and a \\', purpose="- no: list", steps=("List", "3 # x")),
    ],
    ids=["every school", "the trust once", "odd words"],
)  # fmt: skip
def test_what_is_written_loads_and_passes_its_first_scenario(begun: Skeleton, tmp_path: Path) -> None:
    file = tmp_path / begun.key / "process.yaml"
    (file.parent / "scenarios").mkdir(parents=True)
    file.write_text(process_text(begun), "utf-8")
    (file.parent / "scenarios" / "first.yaml").write_text(scenario_text(begun, TRIAL), "utf-8")

    tested = run_scenarios(file, lambda _folder: load_trust(ROOT / "examples" / "scholars"))

    assert load_program(file).definition.title == begun.title
    assert [verdict.failure for verdict in tested.verdicts] == [None]
    assert list(examine_file(file)) == []


def test_tasks_are_named_by_their_titles_unless_that_is_no_name() -> None:
    assert step_names(("Read the plans!", "Read the plans", "2 talks", "List", "école")) == [
        "read_the_plans", "step_2", "step_3", "step_4", "ecole",
    ]  # fmt: skip
