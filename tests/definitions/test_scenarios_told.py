"""A scenario that is wrong, or not kept to, says where and why."""

from pathlib import Path

import pytest

from tests.definitions.rehearsing import failure, played


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
