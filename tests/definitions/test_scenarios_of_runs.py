"""Scenarios of a definition that runs others: their tasks are answered, their ends expected, its own paths counted."""

from pathlib import Path
from textwrap import dedent

import pytest

from definitions.catalogue import Catalogue
from definitions.scenarios.running import Rehearsed, run_scenarios
from definitions.trust import TrustFolder
from engine.errors import UnknownNameError
from tests.worlds import calendar, directory

HEADER = """
version: 1
title: An example
purpose: To be tested.
owner: school-improvement-officer
confidentiality: trust
retention: plans
"""
VISIT = """
process: visit
key: "{{ school }}"
name: "A visit to {{ school }}"
inputs: {school: {type: school}}
on:
  fire-drill: {of: school, do: stop the clock, until: drill-over}
steps:
- {task: look, title: Look around, who: headteacher at school, form: {rooms: {type: integer}}}
- {task: sign, title: Sign, who: ceo, outcomes: {good: , bad: }}
outcomes:
  again: {title: Visit again, when: sign.outcome == 'bad'}
  done: {title: All is well}
"""
ROUND = """
process: round
key: only
name: The round
inputs: {schools: {type: list of school, default: [ash, beech]}}
steps:
- for_each: visits
  over: {school: schools}
  steps:
  - {run: visited, process: visit, set: {school: school}, on_failure: go on}
- {run: once_more, process: visit, set: {school: "'ash'"}, on_failure: go on}
- {run: beside, process: visit, set: {school: "'cedar'"}, wait: false, on_failure: go on}
- {task: look, title: Look at it all, who: ceo}
outcomes: {done: {title: Done}}
"""
START = "scenario: A play\nstart: {on: 2027-04-20, as: Officer}\n"
USUAL = "usually:\n  look of visit: {form: {rooms: 3}}\n  sign: {outcome: good}\n  look: {}\n"


def rehearsed(folder: Path, script: str, usual: str = USUAL, main: str = ROUND) -> Rehearsed:
    """What comes of a scenario of the round."""
    for key, text in (("visit", VISIT), ("round", main)):
        (folder / key).mkdir(exist_ok=True)
        (folder / key / "process.yaml").write_text(HEADER + text)
    (folder / "round" / "scenarios").mkdir(exist_ok=True)
    (folder / "round" / "scenarios" / "play.yaml").write_text(START + usual + dedent(script))
    return run_scenarios(
        folder / "round" / "process.yaml",
        lambda _: TrustFolder(directory(), calendar()),
        processes=Catalogue(folder).run_by,
    )


def passes(folder: Path, script: str) -> Rehearsed:
    told = rehearsed(folder, script)
    (verdict,) = told.verdicts
    assert not verdict.failed, verdict
    return told


def stops(folder: Path, script: str, usual: str = USUAL) -> str:
    """Why the play stops."""
    (verdict,) = rehearsed(folder, script, usual).verdicts
    assert verdict.failed
    return verdict.failure.message if verdict.failure else str(verdict.unreadable)


def test_everybody_answers_also_in_the_processes_that_are_run(tmp_path: Path) -> None:
    told = passes(
        tmp_path,
        """
        script: [{complete: everything}]
        expect:
          state: ended
          open: nothing
          processes: [{process: visit, times: 3, state: ended, outcome: done}]
          values: {once_more.failed: true, beside.outcome: started}
        """,
    )

    assert [str(each.path) for each in told.uncovered] == [
        "failing of visited",
        "the end of the process of once_more",
        "failing of beside",
    ]


def test_a_task_of_a_process_that_is_run_is_named_by_its_key(tmp_path: Path) -> None:
    passes(
        tmp_path,
        """
        script:
        - expect:
            open: {look of visit: 2, look: 0, sign: 0}
            tasks: [{task: look of visit ash, asked: Head ash}, {task: look, state: none}]
        - complete: look of visit ash
          form: {rooms: 12}
          expect: {events: [{event: task-completed, where: visit ash, with: {values: {rooms: 12}}, times: 1}]}
        - complete: sign
          outcome: bad
          expect:
            processes:
            - {process: visit, where: ash, outcome: again}
            - {process: visit, where: beech, state: running}
            - {process: visit, where: cedar, times: 0}
        - complete: every look of visit
        - complete: sign of visit beech
        - complete: look
        expect: {state: ended, processes: [{process: visit, where: cedar, state: running}]}
        """,
    )


def test_a_process_that_is_run_is_cancelled_and_hears_of_its_own_events(tmp_path: Path) -> None:
    passes(
        tmp_path,
        """
        script:
        - raise: fire-drill
          where: visit beech
          as: Officer
          reason: A drill
          values: {school: beech}
          expect: {events: [{event: event-raised, where: visit beech, times: 1}]}
        - do: cancel
          where: visit ash
          as: Officer
          with: {reason: It burns}
        - complete: everything
          but: [look]
        expect:
          processes: [{process: visit, where: ash, state: cancelled}, {process: visit, where: beech, state: ended}]
          open: {look: 1, look of visit: 0}
        """,
    )


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("script: [{complete: look of visit}]", "say which, or 'every look of visit': of visit ash, of visit beech"),
        ("script: [{complete: look of vist}]", "no open task is meant by 'look of vist'; open: look of visit ash"),
        ("script: [{complete: look of visit, form: {room: 3}}]", "there is no question 'room'; did you mean 'rooms'?"),
        ("script: [{complete: everything, but: [look of vist]}]", "there is no process that is run 'vist'"),
        ("expect: {open: {lok of visit: 1}}", "there is no step 'lok'; did you mean 'look'?"),
        ("expect: {processes: [{process: vist}]}", "there is no process that is run 'vist'; did you mean 'visit'?"),
        ("expect: {processes: [{process: visit, outcome: don}]}", "of visit 'don'; did you mean 'done'?"),
        ("script: [{raise: fire-dril, reason: R}]", "did you mean 'fire-drill'?"),
        ("script: [{raise: fire-drill, reason: R}]", "awaited in 2 places; say which with `where`"),
    ],
)  # fmt: skip
def test_what_does_not_say_enough_is_told(tmp_path: Path, script: str, said: str) -> None:
    assert said in stops(tmp_path, script)


def test_what_is_not_as_expected_of_a_process_that_is_run_is_told(tmp_path: Path) -> None:
    (verdict,) = rehearsed(
        tmp_path,
        """
        script: [{complete: every look of visit}]
        expect:
          open: nothing
          processes:
          - {process: visit, where: ash, state: ended, outcome: done}
          - {process: visit, times: 3}
          - {process: visit, where: cedar}
        """,
    ).verdicts

    assert verdict.failure
    assert [(each.what, each.expected, each.found) for each in verdict.failure.differences] == [
        ("open tasks", "nothing", "sign of visit 2"),
        ("visit:ash", "ended", "running"),
        ("the outcome of visit:ash", "done", "none yet; it is running"),
        ("cycles of visit that were started", "3", "2"),
        ("visit", "a cycle", "none was started"),
    ]


def test_how_a_run_went_is_a_path_and_those_of_the_other_process_are_not(tmp_path: Path) -> None:
    told = rehearsed(tmp_path, "script: [{complete: every look of visit, form: {rooms: 3}}]")

    assert [str(each.path) for each in told.uncovered] == [
        "the end of the process of visited",
        "failing of visited",
        "the beginning of once_more",
        "the end of the process of once_more",
        "failing of once_more",
        "the beginning of beside",
        "going on without its end of beside",
        "failing of beside",
        "the beginning of look",
        "outcome 'done' of look",
        "the outcome 'done'",
    ]


def test_a_definition_that_runs_what_there_is_not_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"there is no process 'vist'; did you mean 'visit'\?"):
        rehearsed(tmp_path, "", main=ROUND.replace("process: visit", "process: vist"))
