"""Scenarios: that those of our definitions pass and go every path, and that a wrong one says where and why."""

from pathlib import Path
from textwrap import dedent

import pytest

from definitions.catalogue import Catalogue
from definitions.scenarios.running import Failure, Rehearsed, run_scenarios
from definitions.trust import TrustFolder, load_trust
from tests.definitions.visits import PROCESS
from tests.worlds import DEFINITIONS, calendar, directory

FILES = sorted(DEFINITIONS.glob("*/process.yaml"))
HEADER = """
process: example
version: 1
title: An example
purpose: To be tested.
owner: school-improvement-officer
confidentiality: trust
retention: plans
key: only
name: The example
outcomes: {done: {title: Done}}
"""
START = "start: {on: 2027-04-20, as: Officer}\n"
USUAL = "usually:\n  look: {form: {rooms: 3}}\n  agree: {outcome: well}\n  thank: {}\n"


def trust(folder: Path | None) -> TrustFolder:
    return load_trust(folder) if folder else TrustFolder(directory(), calendar())


def played(folder: Path, *scripts: str) -> Rehearsed:
    """What comes of scenarios of the process above, each given after its start."""
    (folder / "scenarios").mkdir(exist_ok=True)
    (folder / "process.yaml").write_text(PROCESS)
    for number, script in enumerate(scripts):
        text = "scenario: A play\n" + START + USUAL + dedent(script)
        (folder / "scenarios" / f"{number}.yaml").write_text(text)
    return run_scenarios(folder / "process.yaml", trust)


def failure(folder: Path, script: str) -> Failure:
    (verdict,) = played(folder, script).verdicts
    assert verdict.failure
    return verdict.failure


def passes(folder: Path, script: str) -> None:
    (verdict,) = played(folder, script).verdicts
    assert verdict.failure is None, verdict.failure


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_our_definitions_are_tested_along_every_path(file: Path) -> None:
    tested = run_scenarios(file, trust)

    assert [(each.file.name, each.failure) for each in tested.verdicts if each.failure] == []
    assert [str(each.path) for each in tested.uncovered] == []


def test_everything_that_people_do_can_be_played(tmp_path: Path) -> None:
    passes(
        tmp_path,
        """
        script:
        - expect: {open: {look: 2}, tasks: [{task: look at ash, asked: Head ash, due: 2027-04-23}]}
        - on: 2 school days after today
          at: "09:00"
          expect: {told: [{who: Head ash, of: look around ash, how: reminder, times: 1}]}
        - reassign: look at ash
          to: Lead ash
          reason: She is away
          expect: {tasks: [{task: look at ash, asked: [Lead ash]}]}
        - complete: Look around ash
          as: Lead ash
          form: {rooms: 12}
        - claim: agree
          as: Chief
          expect: {tasks: [{task: agree at ash, asked: Chief}]}
        - release: agree
          as: Chief
        - do: claim
          task: agree
          as: Officer
        - return: agree
          as: Officer
          reason: The cellar
          expect:
            tasks: [{task: look at ash, round: 2, state: open}, {task: agree at beech, state: none}]
            events: [{event: task-returned, where: ash, with: {by: Officer, reason: The cellar}, times: 1}]
        - complete: every look
          form: {rooms: "= round == 2 ? 12 : 2"}
        - return: agree at ash
          reason: The attic
          as: Officer
          refused: "sent back once, which is the limit"
        - complete: every agree
          expect: {waiting: {appeal: 1}, told: [{who: Chief, of: all is seen, how: message}]}
        - raise: appeal-raised
          reason: Not all was seen
          expect: {values: {appeal.happened: true, appeal.reason: Not all was seen}}
        - complete: everything
        expect:
          state: ended
          outcome: large
          open: nothing
          waiting: nothing
          tasks: [{task: every look, done_by: Head ash}]
        """.replace(
            "[{task: every look, done_by: Head ash}]", "[{task: every agree, state: completed, times: 2}]"
        ),
    )


def test_members_join_and_leave(tmp_path: Path) -> None:
    passes(
        tmp_path,
        """
        script:
        - join: visits
          values: {school: cedar}
          reason: They asked for it
          expect: {open: {look: 3}, tasks: [{task: look at cedar, asked: Head cedar}]}
        - leave: visits
          member: ash
          reason: It closes
          expect:
            open: {look: 2}
            tasks: [{task: look at ash, state: withdrawn}]
            events: [{event: member-left, with: {by: Officer, key: ash, reason: It closes}, times: 1}]
        - leave: visits
          member: ahs
          reason: It closes
          refused: there is no member of visits 'ahs'
        - join: visits
          as: Head ash
          values: {school: ash}
          reason: We are open
          refused: change who takes part
        - complete: everything
        """,
    )


def test_nobody_joins_what_does_not_run(tmp_path: Path) -> None:
    told = failure(
        tmp_path,
        """
        script:
        - complete: everything
        - join: visits
          values: {school: ash}
          reason: Too late
        """,
    )

    assert told.message == "it does not run now, or not there"
    assert (told.mark.line, told.mark.column) == (10, 9)


def test_a_cancelled_cycle_is_cancelled_and_one_that_may_not_start_is_refused(tmp_path: Path) -> None:
    passes(tmp_path, "script: [{cancel: The trust closes}]\nexpect: {state: cancelled, open: nothing}\n")
    (tmp_path / "scenarios" / "0.yaml").write_text(
        "scenario: No\nstart: {on: 2027-04-20, as: Head ash, refused: may not start visit}\n"
    )

    assert run_scenarios(tmp_path / "process.yaml", trust).verdicts[0].failure is None


def test_what_is_not_as_expected_is_told_with_its_place_and_the_story(tmp_path: Path) -> None:
    found = failure(
        tmp_path,
        """
        script:
        - complete: look at ash
          expect:
            open: {look: 2}
            tasks:
            - {task: agree, asked: Chief}
        """,
    )

    assert (found.mark.line, found.mark.column) == (11, 18)
    assert [(each.what, each.expected, each.found) for each in found.differences] == [
        ("open tasks of look", "2", "1"),
        ("asked of agree at ash", "Chief", "Officer, Chief"),
    ]
    assert [each.event.kind for each in found.log][-2:] == ["task-completed", "task-opened"]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("complete: look", "'look' means 2 open tasks; say which, or 'every look': at ash, at beech"),
        ("complete: agree", "no open task is meant by 'agree'; open: look at ash, look at beech"),
        (
            "complete: look at ash\n  form: {rooms: many}",
            "rooms: 'many' is not a whole number; write one such as 12",
        ),
        (
            "complete: look at ash\n  form: {rooms: = scool}",
            "there is no name 'scool'; did you mean 'school'?",
        ),
        ("complete: look at ash\n  row: {csv: none.csv}", "cannot be read: No such file"),
        ("on: 2027-04-19", "time runs forward only"),
        ("on: 3 scool days after today", "did you mean 'school days'?"),
        ("complete: look at ash\n  as: Nobody", "there is no person 'Nobody'"),
        ("complete: look at ash\n  refused: because", "it was to be refused"),
        ("cancel: It is enough\n  as: Head ash", "Head ash may not cancel it"),
        ("return: look at ash\n  reason: No", "'look' has no outcomes that send work back"),
        ("do: reassign\n  task: look at ash\n  as: Officer\n  with: {to: Chief}", "reason: field required"),
    ],
)
def test_an_entry_that_cannot_be_played_says_why(tmp_path: Path, entry: str, said: str) -> None:
    found = failure(tmp_path, f"script:\n- {entry}\n")

    assert said in found.message
    assert found.mark.line >= 8


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("script: [{complete: loock}]", "7:21: there is no step 'loock'; did you mean 'look'?"),
        ("script: [{complete: agree, outcome: wel}]", "there is no outcome 'wel'; did you mean 'well'?"),
        ("script: [{complete: look at ash, form: {room: 1}}]", "there is no question 'room'; did you mean 'rooms'?"),
        ("script: [{raise: apeal-raised, reason: R}]", "did you mean 'appeal-raised'?"),
        ("script: [{do: clam, task: agree}]", "there is no command 'clam'; did you mean 'claim'?"),
        ("script: [{compleet: look}]", "an entry of a script has one of complete, return,"),
        ("script: [{complete: look, form_: {}}]", "there is no key 'form_'; did you mean 'form'?"),
        ("script: [{join: visit, reason: R}]", "there is no for-each 'visit'; did you mean 'visits'?"),
        ("script: [{join: visits, values: {schol: ash}, reason: R}]", "there is no name 'schol'; did you"),
        ("expect: {outcome: larg}", "there is no outcome 'larg'; did you mean 'large'?"),
        ("expect: {open: {loook: 1}}", "7:17: there is no step 'loook'; did you mean 'look'?"),
        ("expect: {events: [{event: task-don}]}", "there is no kind of event 'task-don'"),
        ("expect: {events: [{event: task-opened, with: {rounds: 1}}]}", "did you mean 'round'?"),
        ("like: other.yaml", "there is no other.yaml beside this file"),
        ("like: 0.yaml", "0.yaml is like this one"),
        ("trust: nowhere", "there is no folder"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_place(tmp_path: Path, script: str, said: str) -> None:
    (verdict,) = played(tmp_path, script).verdicts

    assert verdict.failed
    assert said in str(verdict.unreadable)
    assert "0.yaml:7:" in str(verdict.unreadable)


def test_a_scenario_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    tested = played(
        tmp_path, "script: [{complete: loock}, {claim: agre}]", "script: [{complete: everything}]"
    )

    broken, sound = tested.verdicts
    assert [line.split(": ")[0].rpartition("/")[2] for line in str(broken.unreadable).splitlines()] == [
        "0.yaml:7:21",
        "0.yaml:7:37",
    ]
    assert not broken.gone
    assert not sound.failed
    assert ("look", "outcome 'done'") in sound.gone


def test_a_scenario_may_be_like_another(tmp_path: Path) -> None:
    played(tmp_path, "script: []")
    (tmp_path / "scenarios" / "1.yaml").write_text(
        "scenario: One school\nlike: 0.yaml\nstart: {set: {schools: [cedar]}}\nusually: {look: {form: {rooms: 4}}}\n"
        "script: [{complete: everything}]\nexpect: {values: {seen: 4}}\n"
    )

    assert [each.failure for each in run_scenarios(tmp_path / "process.yaml", trust).verdicts] == [None, None]


def test_rows_of_a_file_answer_tables_and_questions(tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "seen.csv").write_text("school,count,note\nash,11,large\nbeech,2,\n")

    tested = played(
        tmp_path,
        """
        script:
        - complete: every look
          row: {csv: seen.csv, where: {school: school}, columns: {rooms: count}}
          expect:
            events:
            - {event: task-completed, where: ash, with: {values: {rooms: 11, note: large}}}
            - {event: task-completed, where: beech, with: {values: {rooms: 2, note: null}}}
        """,
    )

    assert tested.verdicts[0].failure is None, tested.verdicts[0].failure


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
