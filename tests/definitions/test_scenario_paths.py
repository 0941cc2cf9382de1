"""The paths that scenarios go, and those that none goes."""

from pathlib import Path
from textwrap import dedent

import pytest

from definitions.catalogue import Catalogue
from definitions.scenarios.running import run_scenarios
from tests.definitions.rehearsing import HEADER, START, played, trust
from tests.definitions.visits import PROCESS
from tests.worlds import DEFINITIONS

FILES = sorted(DEFINITIONS.glob("*/process.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_our_definitions_are_tested_along_every_path(file: Path) -> None:
    tested = run_scenarios(file, trust)

    assert [(each.file.name, each.failure) for each in tested.verdicts if each.failure] == []
    assert [str(each.path) for each in tested.uncovered] == []


def test_what_no_scenario_goes_is_named_with_its_place(tmp_path: Path) -> None:
    tested = played(tmp_path, "script: [{complete: everything}, {on: 6 school days after today}]")

    lines = PROCESS.splitlines()
    assert [(str(each.path), lines[each.mark.line - 1].strip()) for each in tested.uncovered] == [
        ("outcome 'again' of agree", "again: {label: Look again, return_to: look, at_most: 1}"),
        ("the event 'appeal-raised' of appeal", "event: appeal-raised"),
        ("case 1 (a large school) of large", "- when: seen > 10"),
        ("the beginning of thank", "steps: [{task: thank, title: Say thank you, who: ceo}]"),
        ("outcome 'done' of thank", "steps: [{task: thank, title: Say thank you, who: ceo}]"),
        ("the outcome 'large'", "large: {when: seen > 10, title: Large}"),
    ]
    assert tested.paths == 17


def test_escalations_are_paths_where_they_are_asked_for(tmp_path: Path) -> None:
    played(tmp_path, "script: [{on: 2027-05-20}]")

    tested = run_scenarios(tmp_path / "process.yaml", trust, escalations=True)

    assert tested.paths == 18
    assert not [each for each in tested.uncovered if "escalation" in each.path.what]


TOGETHER = """
inputs: {schools: {type: list of school, default: all}}
steps:
- task: vote
  title: Vote
  who: headteacher
  quorum: all
  outcomes: {yes: , no: }
- for_each: visits
  over: {school: schools}
  join: 2
  steps: [{task: look, title: Look, who: headteacher at school}]
- parallel: either
  join: any
  branches:
    one: [{task: first, title: First, who: ceo}]
    two: [{task: second, title: Second, who: ceo}]
- call: figures
  activity: fetch_figures
- decide: size
  given: {large: "vote.outcome == 'yes'"}
  table:
  - {large: true, gives: big}
  - {large: false, gives: small}
- wait: news
  events: {good-news: {by: ceo}, bad-news: {by: ceo}}
- task: check
  title: Check
  who: ceo
  outcomes: {well: , back: {return_to: news, reasons: {unclear: It is unclear}}}
"""


def test_quorums_joins_calls_decisions_and_several_events_are_played_and_counted(tmp_path: Path) -> None:
    file = tmp_path / "example" / "process.yaml"
    (file.parent / "scenarios").mkdir(parents=True)
    file.write_text(HEADER + TOGETHER)
    (file.parent / "scenarios" / "all.yaml").write_text(
        dedent("""
        scenario: All of it
        start: {on: 2027-04-20, as: Officer}
        calls: {fetch_figures: {fails: There are none}}
        script:
        - complete: vote
          as: Head ash
          outcome: 'yes'
        - complete: every vote
          outcome: 'yes'
        - complete: look at ash
        - complete: look at beech
          expect: {open: {look: 0, first: 1, second: 1}}
        - complete: first
          expect: {open: {second: 0, figures_failed: 1}}
        - complete: figures_failed
          outcome: go_on
        - raise: good-news
          reason: It is so
        - return: check
          code: unclear
          expect: {events: [{event: task-returned, with: {code: unclear, reason: It is unclear}}]}
        - raise: good-news
          reason: It is so
        - complete: check
          outcome: well
        expect: {state: ended, values: {size: big}}
        """)
    )

    tested = run_scenarios(file, trust)

    assert tested.verdicts[0].failure is None, tested.verdicts[0].failure
    assert [str(each.path) for each in tested.uncovered] == [
        "outcome 'no' of vote",
        "outcome 'done' of second",
        "outcome 'try_again' of figures_failed",
        "row 2 of size",
        "the event 'bad-news' of news",
    ]


ASIDE = """
steps:
- task: visit
  title: Visit
  who: headteacher at school
  due: 3 school days after opened
  skip: {closed: The school was closed}
  defer: {ill: Somebody is ill}
  reply: {who: ceo, due: 2 school days after opened}
- task: sign
  title: Sign
  who: ceo
  due: 3 school days after opened
  outcomes: {signed: , unsigned: }
  unanswered: unsigned
values: {school: ash}
on:
  inspection-notified: {of: school, do: stop the clock, until: inspection-over}
"""


def test_what_is_put_off_skipped_lapses_or_comes_from_outside_is_played_and_counted(tmp_path: Path) -> None:
    file = tmp_path / "example" / "process.yaml"
    (file.parent / "scenarios").mkdir(parents=True)
    file.write_text(HEADER + ASIDE)
    (file.parent / "scenarios" / "aside.yaml").write_text(
        dedent("""
        scenario: Put off, brought back, then skipped
        start: {on: 2027-04-20, as: Officer}
        script:
        - defer: visit
          code: ill
          until: 5 school days after today
          comment: The head
          expect: {open: nothing, tasks: [{task: visit, state: deferred}]}
        - resume: visit
          as: Officer
        - raise: inspection-notified
          as: Officer
          reason: They called
          values: {school: ash}
        - on: 2027-05-04
          expect: {events: [{event: task-overdue, times: 0}], open: {visit: 1}}
        - raise: inspection-over
          as: Officer
          reason: They have left
          values: {school: ash}
        - skip: visit
          code: closed
        - on: 10 school days after today
        expect: {state: ended, tasks: [{task: visit, state: skipped}, {task: sign, state: lapsed, outcome: unsigned}]}
        """)
    )

    tested = run_scenarios(file, trust)

    assert tested.verdicts[0].failure is None, tested.verdicts[0].failure
    lines = file.read_text().splitlines()
    assert [(str(each.path), lines[each.mark.line - 1].strip()) for each in tested.uncovered] == [
        ("outcome 'done' of visit", "- task: visit"),
        ("the beginning of visit_reply", "- task: visit"),
        ("outcome 'accurate' of visit_reply", "- task: visit"),
        ("outcome 'inaccurate' of visit_reply", "- task: visit"),
        ("outcome 'no_reply' of visit_reply", "- task: visit"),
        ("the deadline that answers of visit_reply", "- task: visit"),
        ("outcome 'signed' of sign", "outcomes: {signed: , unsigned: }"),
    ]


def test_a_process_that_is_run_is_played_too_and_its_paths_are_its_own(tmp_path: Path) -> None:
    outer, inner = tmp_path / "visit-year", tmp_path / "visit"
    for folder, steps in (
        (
            outer,
            "- {run: visited, process: visit, on_failure: go on}\n- {task: close, title: Close, who: ceo}\n",
        ),
        (inner, "- {task: visit, title: Visit a school, who: ceo}\n"),
    ):
        folder.mkdir()
        text = HEADER.replace("process: example", f"process: {folder.name}") + "steps:\n" + steps
        (folder / "process.yaml").write_text(text)
    (outer / "scenarios").mkdir()
    script = "script: [{complete: Visit a school}, {complete: close}]\nexpect: {state: ended}\n"
    (outer / "scenarios" / "one.yaml").write_text("scenario: A play\n" + START + script)

    tested = run_scenarios(outer / "process.yaml", trust, processes=Catalogue(tmp_path).run_by)

    assert [each.failure for each in tested.verdicts] == [None]
    assert [str(each.path) for each in tested.uncovered] == ["failing of visited"]
