"""Where constructs meet: members that come back, what was withdrawn while it was open."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from definitions.yaml_source import SourceError
from engine.commands import DeferTask, SkipTask
from engine.errors import UnknownNameError
from engine.versions.standing import open_steps
from tests.engine.coming_and_going import join, leave, order, raised
from tests.worlds import Play, named, program

VISITS = """
    steps:
    - for_each: visits
      over: {{school: "['ash', 'beech', 'cedar']"}}
      run: {run}
      steps:
      - {{task: visit, title: Visit, who: headteacher at school}}
    - {{task: read, title: Read, who: ceo}}
"""


@pytest.mark.parametrize("run", ["in this instance", "as child instances"])
def test_a_member_that_comes_back_begins_anew_and_what_it_had_before_stays(run: str) -> None:
    play = Play(program(VISITS.format(run=run)))
    first = next(task for task in play.tasks("visit") if task.school == "ash")

    leave(play, "visits", "ash")
    join(play, "visits", school="ash")

    again = next(task for task in play.tasks("visit") if task.school == "ash")
    assert again.id != first.id
    assert play.states[play.where(first)].tasks[first.id].status == "withdrawn"
    for task in play.tasks("visit"):
        play.complete(task)
    assert [task.step for task in play.tasks()] == ["read"]
    assert [member["school"] for member in play.state.members("visits")] == ["beech", "cedar", "ash"]  # type: ignore[index]


def test_a_member_that_is_told_apart_by_number_gets_one_that_is_free() -> None:
    play = Play(
        program("""
        steps:
        - for_each: packs
          over: {pack: "[{'n': 1}, {'n': 2}, {'n': 3}]"}
          steps: [{task: look, title: "Look at {{ pack.n }}", who: ceo}]
        """)
    )

    leave(play, "packs", "2")
    join(play, "packs", pack={"n": 4})

    assert [task.title for task in play.tasks()] == ["Look at 1", "Look at 3", "Look at 4"]


def test_nobody_joins_what_the_work_went_on_without() -> None:
    play = Play(
        program("""
        steps:
        - parallel: ways
          join: any
          branches:
            long:
            - for_each: looks
              over: {name: "['a', 'b']"}
              steps: [{task: look, title: Look, who: ceo}]
            short: [{task: short, title: Short, who: ceo}]
        - {task: last, title: Last, who: ceo}
        """)
    )
    play.complete("short")

    with pytest.raises(UnknownNameError):
        join(play, "looks", name="c")

    assert [task.step for task in play.tasks()] == ["last"]


def test_a_school_leaves_with_all_its_members_though_the_first_lets_the_work_go_on() -> None:
    play = Play(
        program("""
        on:
          school-left: {of: school, do: leave, for_each: visits}
        steps:
        - for_each: visits
          over: {school: "['ash', 'beech']", year: "['Y2', 'Y6']"}
          join: 30%
          steps: [{task: visit, title: Visit, who: headteacher at school}]
        - {task: read, title: Read, who: ceo}
        """)
    )
    for task in play.tasks("visit"):
        if task.school == "ash":
            play.complete(task)
            break

    raised(play, "school-left", school="beech")

    assert [task.step for task in play.tasks()] == ["read"]
    left = [event for _, event in play.log[play.root] if event.kind == "member-left"]
    assert len(left) == 2


def test_what_only_some_members_came_to_is_null_where_it_was_sent_back() -> None:
    play = Play(
        program("""
        steps:
        - for_each: looks
          over: {who: "['p-0001', 'p-0002']"}
          join: any
          steps:
          - {task: plan, title: Plan, who: the person who}
          - task: look
            title: Look
            who: the person who
            form: {heard: {type: integer}}
            outcomes: {good: , bad: {return_to: plan}}
        - set: {heard: "looks.map(each, each.look == null ? 0 : each.look.heard)"}
        """)
    )
    for task in play.tasks("plan"):
        play.complete(task)
    one, other = play.tasks("look")
    play.complete(one, "bad", reason="no")

    play.complete(other, "good", heard=7)

    assert play.state.status == "ended"
    assert play.state.value("", "heard") == [0, 7]


def test_what_a_member_comes_to_at_the_very_deadline_of_all_still_counts() -> None:
    play = Play(
        program("""
        steps:
        - for_each: looks
          over: {name: "['a', 'b', 'c', 'd']"}
          until: 2 school days after opened
          steps:
          - task: look
            title: Look
            who: ceo
            due: 2 school days after opened
            outcomes: {yes: , no: }
            unanswered: no
        - {task: last, title: Last, who: ceo}
        """)
    )

    play.pass_time(play.at + timedelta(days=5))

    assert [member["finished"] for member in play.state.members("looks")] == [True] * 4


NESTED = """
    steps:
    - for_each: schools
      over: {{place: "['ash', 'beech']"}}
      run: {run}
      steps:
      - for_each: looks
        over: {{name: "['a', 'b']"}}
        steps: [{{set: {{seen: place + name}}}}]
    - set: {{all: "schools.map(s, s.looks.map(l, l.seen))"}}
"""


def test_the_members_of_a_member_can_be_read() -> None:
    play = Play(program(NESTED.format(run="in this instance")))

    assert play.state.value("", "all") == [["asha", "ashb"], ["beecha", "beechb"]]


def test_the_members_of_a_part_stay_in_the_part_and_the_file_says_so_when_it_is_loaded() -> None:
    steps = NESTED.format(run="as child instances").replace("s.looks.map(l, l.seen)", "s.looks")

    with pytest.raises(SourceError, match="no field 'looks'"):
        program(steps)


# ---- what happens outside


def test_nothing_follows_from_an_event_after_it_has_cancelled_the_cycle() -> None:
    play = Play(
        program("""
        on:
          closed: {of: school, do: cancel}
          away: {of: school, do: stop the clock, until: closed}
        values: {school: ash}
        steps:
        - {task: look, title: Look, who: ceo, due: 3 school days after opened}
        """)
    )
    raised(play, "away", school="ash")

    raised(play, "closed", school="ash")

    assert [event.kind for _, event in play.log[play.root]][-1] == "instance-cancelled"


def test_what_is_put_off_changes_hands_with_whoever_moved() -> None:
    play = Play(
        program("""
        on:
          person-moved: {of: person, do: reassign, to: ceo}
        values: {school: ash}
        steps:
        - {task: look, title: Look, who: headteacher at school, defer: {later: Not now}}
        """)
    )
    task, until = play.task("look"), play.at.date() + timedelta(days=7)
    play.do(DeferTask(**order(play), task=task.id, code="later", until=until))

    raised(play, "person-moved", person=task.assignee)
    play.pass_time(play.at + timedelta(days=8))

    assert play.task("look").assignee == named(play.world.directory, "Chief")


# ---- other versions


def test_a_process_that_is_waited_for_is_where_the_instance_stands() -> None:
    play = Play(
        program("""
        steps:
        - {run: other, process: other, wait: true}
        """),
        processes={
            "other": program("""
            process: other
            steps: [{task: sign, title: Sign, who: ceo}]
            """)
        },
    )

    assert open_steps(play.state) == ["other"]


def test_a_reply_that_is_passed_over_keeps_the_rounds_before() -> None:
    play = Play(
        program("""
        steps:
        - task: visit
          title: Visit
          who: ceo
          skip: {away: Away}
          reply: {who: school-improvement-officer, due: 5 school days after opened, at_most: 2}
        """)
    )
    play.complete("visit")
    play.complete("visit_reply", "inaccurate", reason="wrong day")

    play.do(SkipTask(**order(play), task=play.task("visit").id, code="away"))

    reply: Any = play.state.value("", "visit_reply")
    assert [each["outcome"] for each in reply["earlier"]] == ["inaccurate"]


def test_many_members_that_the_work_goes_on_without_cost_one_look_at_what_is_open() -> None:
    play = Play(
        program("""
        values: {names: []}
        steps:
        - set: {names: "[0,1,2,3,4,5,6,7,8,9]"}
        - for_each: looks
          over: {a: names, b: names, c: names}
          until: 3 school days after opened
          steps: [{task: look, title: Look, who: ceo}]
        """)
    )
    began = datetime.now(UTC)

    play.pass_time(play.at + timedelta(days=5))

    assert play.state.status == "ended"
    assert datetime.now(UTC) - began < timedelta(seconds=5)
