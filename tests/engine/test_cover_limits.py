"""Cover takes nobody further than they may go themselves: no chains, no own work, no second voice."""

import pytest

from engine.commands import ReassignTask
from engine.errors import NotAllowedError, RefusedError
from tests.engine.standing_in import (
    CHIEF,
    DATA,
    HEAD,
    HEAD_BEECH,
    HEAD_CEDAR,
    JUDGE,
    LEAD,
    OFFICER,
    claim,
    cover,
    done,
    playing,
)


def test_cover_of_cover_is_no_cover() -> None:
    play = playing(covers=(cover(HEAD, LEAD), cover(LEAD, DATA, number=2)))
    with pytest.raises(NotAllowedError, match="Data ash is not asked"):
        play.complete("read", by=DATA)

    claim(play, play.task("read"), LEAD)

    with pytest.raises(NotAllowedError, match="Data ash is not asked"):
        play.complete("read", by=DATA)
    with pytest.raises(RefusedError, match="already with Head ash"):
        claim(play, play.task("read"), DATA)


def test_nobody_stands_in_for_whoever_stands_in_for_a_vacant_role() -> None:
    play = playing(
        "steps:\n- task: fly\n  title: Fly\n  who: astronaut\n",
        covers=(cover(None, LEAD, role="astronaut"), cover(LEAD, DATA, number=2)),
    )

    with pytest.raises(NotAllowedError, match="Data ash is not asked"):
        play.complete("fly", by=DATA)
    assert done(play, play.task("fly"), LEAD).for_ is None


def test_no_chain_of_cover_lets_anybody_judge_their_own_school() -> None:
    chain = (cover(HEAD_BEECH, HEAD), cover(HEAD_CEDAR, HEAD, number=2), cover(HEAD, LEAD, number=3))
    play = playing(JUDGE, covers=chain)
    task = play.task("judge")
    own = "works at Ash, whose own work this is"

    with pytest.raises(NotAllowedError, match=f"Head ash {own}"):
        claim(play, task, HEAD)
    with pytest.raises(NotAllowedError, match=f"Head ash {own}"):
        play.complete(task, by=HEAD)
    with pytest.raises(NotAllowedError, match="Lead ash is not asked"):
        play.complete(task, by=LEAD)
    for to in (HEAD, LEAD):
        order = ReassignTask(id=play.id(), by=OFFICER, task=task.id, to=to, reason="Busy")
        with pytest.raises(NotAllowedError, match=own):
            play.do(order)


def test_the_head_of_the_school_that_is_judged_does_not_choose_who_judges_it() -> None:
    text = JUDGE.replace("place: ash", "school: ash").replace("not_at: place", "not_at: school")
    play = playing(text, covers=(cover(HEAD, HEAD_CEDAR),))
    order = {"id": play.id(), "task": play.task("judge").id, "reason": "A friend", "to": HEAD_BEECH}

    with pytest.raises(NotAllowedError, match="Head ash may not reassign 'Judge'"):
        play.do(ReassignTask.model_validate({**order, "by": HEAD}))
    with pytest.raises(NotAllowedError, match="Head cedar may not reassign 'Judge'"):
        play.do(ReassignTask.model_validate({**order, "by": HEAD_CEDAR}))


def test_a_deputy_of_the_head_decides_as_the_head_would() -> None:
    text = "values: {school: ash}\nsteps:\n- {task: count, title: Count, who: data-manager at school}\n"
    play = playing(text, covers=(cover(HEAD, LEAD),))
    order = ReassignTask(id=play.id(), by=LEAD, task=play.task("count").id, to=HEAD, reason="Ill")

    [given] = play.do(order)

    assert given.for_ == HEAD  # type: ignore[union-attr]


FOUR_EYES = """
    values: {place: ash}
    steps:
    - {task: write, title: Write, who: headteacher at place}
    - {task: check, title: Check, who: ceo or school-improvement-officer, not_done_by: write}
"""


def test_four_eyes_are_those_of_the_deputy_and_of_the_person() -> None:
    done_for_head = playing(FOUR_EYES, covers=(cover(HEAD, CHIEF), cover(OFFICER, HEAD, CHIEF, number=2)))
    done(done_for_head, done_for_head.task("write"), CHIEF)
    # The chief did it for the head: neither may check it, in their own name or in the officer's.
    assert done_for_head.task("check").asked == (OFFICER,)
    with pytest.raises(NotAllowedError, match="Head ash did 'write', and this needs a second pair of eyes"):
        done_for_head.complete("check", by=HEAD)

    done_by_chief = playing(FOUR_EYES, covers=(cover(HEAD, CHIEF), cover(CHIEF, LEAD, number=2)))
    done(done_by_chief, done_by_chief.task("write"), CHIEF)
    # Whoever stands in for the chief may no more than the chief.
    with pytest.raises(NotAllowedError, match="Lead ash is not asked to do 'Check'; it is for Officer"):
        done_by_chief.complete("check", by=LEAD)


QUORUM = """
    values: {place: ash}
    steps:
    - {task: vote, title: Vote, who: headteacher, quorum: all responded, outcomes: {"yes": null, "no": null}}
"""


def test_nobody_answers_twice_among_several_by_standing_in() -> None:
    play = playing(
        QUORUM, covers=(cover(HEAD, LEAD), cover(HEAD_BEECH, LEAD, HEAD_CEDAR, number=2, together=True))
    )
    seats = {task.assignee: task for task in play.tasks("vote")}

    with pytest.raises(RefusedError, match="Head cedar is asked for an answer of their own"):
        play.complete(seats[HEAD_BEECH], "yes", by=HEAD_CEDAR)
    done(play, seats[HEAD], LEAD, "yes")
    with pytest.raises(RefusedError, match="Lead ash is asked for an answer of their own"):
        play.complete(seats[HEAD_BEECH], "yes", by=LEAD)
    # The head has answered, if through another: not again on somebody else's seat.
    order = ReassignTask(id=play.id(), by=OFFICER, task=seats[HEAD_BEECH].id, to=HEAD, reason="Ill")
    with pytest.raises(RefusedError, match="Head ash is asked for an answer of their own"):
        play.do(order)
