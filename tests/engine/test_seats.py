"""Several who are asked for themselves: nobody gets two seats, whatever changes hands."""

import pytest

from engine.commands import ClaimTask, ReassignTask, ReleaseTask
from engine.errors import RefusedError
from engine.state import Task
from tests.engine.coming_and_going import order, raised
from tests.worlds import Play, named, program

PANEL = """
    on:
      person-moved: {of: person, do: reassign, to: ceo}
    steps:
    - {task: agree, title: Agree, who: ceo or school-improvement-officer or headteacher, quorum: all responded}
"""


def seat(play: Play, who: str) -> Task:
    return next(task for task in play.tasks() if task.assignee == named(play.world.directory, who))


def test_whoever_has_a_seat_gets_no_second_one_from_somebody_who_moved() -> None:
    play = Play(program(PANEL))
    head = seat(play, "Head ash")

    raised(play, "person-moved", person=named(play.world.directory, "Head ash"))

    assert seat(play, "Head ash").id == head.id
    escalated = [event for _, event in play.log[play.root] if event.kind == "task-escalated"]
    assert [event.task for event in escalated] == [head.id]


def test_a_seat_that_is_given_back_goes_to_nobody_who_has_another() -> None:
    play = Play(program(PANEL))
    ash, beech = seat(play, "Head ash"), seat(play, "Head beech")
    given = {"reason": "away"}
    lead, head = (named(play.world.directory, name) for name in ("Lead ash", "Head ash"))
    play.do(ReassignTask(**order(play), task=ash.id, to=lead, **given))
    play.do(ReassignTask(**order(play), task=beech.id, to=head, **given))

    with pytest.raises(RefusedError, match="nobody else can take"):
        play.do(ReleaseTask(**order(play, "Lead ash"), task=ash.id))


def test_a_seat_that_nobody_holds_is_kept_from_those_who_got_another_meanwhile() -> None:
    play = Play(program(PANEL))
    ash, beech = seat(play, "Head ash"), seat(play, "Head beech")
    lead, head = (named(play.world.directory, name) for name in ("Lead ash", "Head ash"))
    play.do(ReassignTask(**order(play), task=ash.id, to=lead, reason="away"))
    play.do(ReleaseTask(**order(play, "Lead ash"), task=ash.id))

    with pytest.raises(RefusedError, match="may not give two"):
        play.do(ReassignTask(**order(play), task=beech.id, to=head, reason="away"))

    play.do(ClaimTask(**order(play, "Head ash"), task=ash.id))


def test_several_who_send_the_work_back_do_so_as_often_as_they_may_whatever_others_sent_back() -> None:
    play = Play(
        program("""
        steps:
        - {task: write, title: Write, who: ceo}
        - task: check
          title: Check
          who: ceo
          outcomes: {fine: , wrong: {return_to: write, at_most: 3}}
        - task: agree
          title: Agree
          who: ceo or school-improvement-officer
          quorum: all
          outcomes: {yes: , no: {return_to: write, at_most: 1, at_limit: go on}}
        """)
    )

    def go(*, wrong: int) -> None:
        for _ in range(wrong):
            play.complete("write")
            play.complete("check", "wrong", reason="so")
        play.complete("write")
        play.complete("check", "fine")
        play.complete(play.tasks("agree")[0], "no", reason="so")

    go(wrong=1)
    assert [task.step for task in play.tasks()] == ["write"]
    go(wrong=1)

    assert play.state.status == "ended"
