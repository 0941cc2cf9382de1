"""When lines of work come together again: members and branches."""

from datetime import UTC, datetime

import pytest

from engine.commands import JoinMember, LeaveMember
from engine.errors import InvalidInputError, NotAllowedError, RefusedError, UnknownNameError
from engine.events import Joined, MemberJoined
from engine.joins import is_join, needed
from engine.value_types import INTEGER, maybe
from tests.worlds import Play, named, program

VISITS = """
    steps:
    - for_each: visits
      over: {{school: "['ash', 'beech', 'cedar']"}}
      {how}
      steps:
      - {{task: visit, title: Visit, who: headteacher at school, due: 2 school days after opened}}
      - {{task: write, title: Write, who: headteacher at school}}
    - task: read
      title: "Read {title}"
      who: ceo
"""


DONE = "{{ visits.filter(v, v.finished).map(v, v.school) }}"


def visits(how: str) -> Play:
    title = DONE if "any" in how or "2" in how or "until" in how else "all"
    return Play(program(VISITS.format(how=how, title=title)))


def school(play: Play, step: str, name: str) -> object:
    return next(task for task in play.tasks(step) if task.school == name)


def finish(play: Play, name: str) -> None:
    for step in ("visit", "write"):
        play.complete(school(play, step, name))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("join", "of", "count"),
    [
        ("all", 3, 3),
        ("any", 3, 1),
        ("any", 0, 0),
        ("2", 3, 2),
        ("5", 3, 3),
        ("60%", 3, 2),
        ("50%", 3, 2),
        ("1%", 3, 1),
    ],
)
def test_how_many_are_needed(join: str, of: int, count: int) -> None:
    assert is_join(join)
    assert needed(join, of) == count


@pytest.mark.parametrize("text", ["", "none", "0", "0%", "101%", "-1", "1.5", "٣", "all but one"])
def test_what_does_not_say_how_many(text: str) -> None:
    assert not is_join(text)


# ---- members


def test_it_goes_on_when_enough_members_are_finished_and_names_the_missing() -> None:
    play = visits("join: 2")

    finish(play, "ash")
    assert [task.step for task in play.tasks()] == ["visit", "visit"]
    finish(play, "cedar")

    assert [task.title for task in play.tasks()] == ["Read ash, cedar"]
    [joined] = [event for _, event in play.log[play.root] if isinstance(event, Joined)]
    assert joined.missing == ("beech",)
    withdrawn = [task for task in play.state.tasks.values() if task.status == "withdrawn"]
    assert [task.school for task in withdrawn] == ["beech"]


def test_what_an_unfinished_member_has_not_come_to_is_null() -> None:
    play = Play(
        program("""
        steps:
        - for_each: visits
          over: {school: "['ash', 'beech']"}
          join: any
          steps:
          - {task: visit, title: Visit, who: headteacher at school, form: {heard: {type: integer}}}
        - set: {heard: "visits.map(v, v.visit == null ? 0 : v.visit.heard)"}
        """)
    )

    play.complete(next(task for task in play.tasks("visit") if task.school == "beech"), heard=6)

    assert play.state.value("", "heard") == [0, 6]


def test_it_goes_on_at_its_deadline() -> None:
    play = visits("until: 5 school days after start")
    finish(play, "beech")

    play.pass_time(datetime(2027, 4, 27, 16, 30, tzinfo=UTC))

    assert [task.title for task in play.tasks()] == ["Read beech"]
    assert not play.state.agenda


def test_a_deadline_that_nobody_needed_is_forgotten() -> None:
    play = visits("until: 5 school days after start")
    for each in ("ash", "beech", "cedar"):
        finish(play, each)

    assert [task.step for task in play.tasks()] == ["read"]
    assert not play.state.agenda


def test_a_member_that_set_no_value_of_its_own_has_null_and_not_the_value_around_it() -> None:
    play = Play(
        program("""
        values: {number: 7}
        steps:
        - for_each: visits
          over: {school: "['ash', 'beech']"}
          steps:
          - choose: ways
            cases:
            - {when: school == 'ash', steps: [{set: {number: number + 1}}]}
            - {steps: [{task: visit, title: "Visit {{ number }}", who: ceo}]}
        - set: {numbers: "visits.map(v, v.number)"}
        - {task: read, title: Read, who: ceo}
        """)
    )
    play.complete("visit")

    member = play.world.program.steps["read"].names["visits"].member
    assert member.field("number") == maybe(INTEGER)
    assert play.state.value("", "numbers") == [8, None]


def test_the_deadline_of_a_for_each_inside_a_withdrawn_member_never_comes() -> None:
    play = Play(
        program("""
        steps:
        - for_each: outer
          over: {o: "['1', '2']"}
          join: any
          steps:
          - for_each: inner
            over: {i: "['a', 'b']"}
            until: 3 school days after opened
            steps: [{task: look, title: Look, who: ceo}]
        - task: last
          title: Last
          who: ceo
        """)
    )
    for task in play.tasks("look")[:2]:
        play.complete(task)

    assert [task.step for task in play.tasks()] == ["last"]
    assert not play.state.agenda
    assert play.pass_time(datetime(2027, 5, 20, 12, 0, tzinfo=UTC)) == []


def test_children_that_the_work_goes_on_without_are_cancelled_and_their_late_reports_change_nothing() -> None:
    play = visits("join: any\n      run: as child instances")

    finish(play, "beech")

    assert {state.status for name, state in play.states.items() if name != play.root} == {
        "ended",
        "cancelled",
    }
    assert [task.title for task in play.tasks()] == ["Read beech"]
    assert not play.state.children
    assert not play.state.leaving


def join(play: Play, by: str = "Officer", **values: str) -> JoinMember:
    person = named(play.world.directory, by)
    return JoinMember(id=play.id(), by=person, address="visits", values=dict(values), reason="Joined in May")


def test_a_member_joins_and_is_waited_for() -> None:
    play = Play(program(VISITS.format(how="join: all", title="all").replace("'beech', 'cedar'", "'beech'")))
    finish(play, "ash")

    play.do(join(play, school="cedar"))
    finish(play, "beech")
    finish(play, "cedar")

    assert [task.step for task in play.tasks()] == ["read"]
    [joined] = [event for _, event in play.log[play.root] if isinstance(event, MemberJoined)]
    assert joined.item.school == "cedar"


def test_who_may_not_join_is_told_why() -> None:
    play = visits("join: all")

    with pytest.raises(NotAllowedError, match="Head ash may not change who takes part"):
        play.do(join(play, by="Head ash", school="cedar"))
    with pytest.raises(RefusedError, match="'cedar' takes part in 'visits' already"):
        play.do(join(play, school="cedar"))
    with pytest.raises(UnknownNameError, match="there is no school 'elm'"):
        play.do(join(play, school="elm"))
    with pytest.raises(InvalidInputError, match="school: is missing; visits runs over school"):
        play.do(join(play))
    with pytest.raises(InvalidInputError, match="colour: visits does not run over it"):
        play.do(join(play, school="elm", colour="red"))
    for each in ("ash", "beech", "cedar"):
        finish(play, each)
    with pytest.raises(UnknownNameError, match="there is no running for-each 'visits'"):
        play.do(join(play, school="cedar"))


def leave(play: Play, key: str) -> LeaveMember:
    officer = named(play.world.directory, "Officer")
    return LeaveMember(id=play.id(), by=officer, address="visits", key=key, reason="Left the trust")


def test_a_member_leaves_and_is_not_waited_for() -> None:
    play = visits("join: all")
    finish(play, "ash")
    finish(play, "cedar")

    play.do(leave(play, "beech"))

    assert [task.step for task in play.tasks()] == ["read"]


def test_who_has_finished_does_not_leave() -> None:
    play = visits("join: all")
    finish(play, "ash")

    with pytest.raises(RefusedError, match="'ash' has finished 'visits' already; its results stay"):
        play.do(leave(play, "ash"))
    with pytest.raises(UnknownNameError, match="there is no member of visits 'ahs'; did you mean 'ash'"):
        play.do(leave(play, "ahs"))


# ---- branches


def test_a_parallel_goes_on_when_enough_branches_are_finished() -> None:
    play = Play(
        program("""
        steps:
        - parallel: race
          join: any
          branches:
            letter: [{task: write, title: Write, who: ceo}]
            call: [{task: ring, title: Ring, who: ceo}, {wait: answer, until: 3 school days after opened}]
        - task: last
          title: "Written {{ write != null }}"
          who: ceo
        """)
    )

    play.complete("write")

    assert [task.title for task in play.tasks()] == ["Written yes"]
    [joined] = [event for _, event in play.log[play.root] if isinstance(event, Joined)]
    assert joined.missing == ("call",)


# ---- the end


def test_an_end_withdraws_whatever_is_open() -> None:
    play = Play(
        program("""
        steps:
        - parallel: work
          branches:
            one: [{task: stop, title: Stop, who: ceo}, {end: stopped}]
            two: [{task: go, title: Go, who: ceo, due: 3 school days after opened}]
            three: [{wait: news, event: news-came, by: ceo}]
            four:
            - for_each: parts
              over: {school: "['ash']"}
              run: as child instances
              steps: [{task: part, title: Part, who: headteacher at school}]
        outcomes:
          done: {title: Done, when: "true"}
          stopped: {title: Stopped}
        """)
    )

    play.complete("stop")

    assert (play.state.status, play.state.outcome) == ("ended", "stopped")
    assert play.tasks() == []
    assert not play.state.waits
    assert [state.status for name, state in play.states.items() if name != play.root] == ["cancelled"]
