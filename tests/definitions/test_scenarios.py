"""Scenarios: everything that people do can be played."""

from pathlib import Path

from definitions.scenarios.running import run_scenarios
from tests.definitions.rehearsing import passes, played, trust


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


def test_a_cancelled_cycle_is_cancelled_and_one_that_may_not_start_is_refused(tmp_path: Path) -> None:
    passes(tmp_path, "script: [{cancel: The trust closes}]\nexpect: {state: cancelled, open: nothing}\n")
    (tmp_path / "scenarios" / "0.yaml").write_text(
        "scenario: No\nstart: {on: 2027-04-20, as: Head ash, refused: may not start visit}\n"
    )

    assert run_scenarios(tmp_path / "process.yaml", trust).verdicts[0].failure is None


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
