"""Whoever steps back for an interest is not asked again."""

import pytest

from engine.commands import ReassignTask, RecuseFromTask
from engine.errors import NotAllowedError, RefusedError
from tests.engine.standing_in import DATA, HEAD, LEAD, MARK, MARKER, OFFICER, OTHER_MARKER, cover, playing
from tests.worlds import Play


def recuse(play: Play, step: str, by: str) -> None:
    play.do(RecuseFromTask(id=play.id(), by=by, task=play.task(step).id))


def test_whoever_steps_back_is_not_asked_again_in_any_round() -> None:
    play = playing(
        MARK.replace("place: ash", "place: ash, year: Y2")
        + "    - {task: answer, title: Answer, who: ceo, outcomes: {ok: null, no: {return_to: mark}}}\n"
    )

    recuse(play, "mark", MARKER)

    assert play.task("mark").asked == (OTHER_MARKER,)
    order = ReassignTask(id=play.id(), by=OFFICER, task=play.task("mark").id, to=MARKER, reason="Free")
    with pytest.raises(NotAllowedError, match="Teacher Y2A ash has declared an interest"):
        play.do(order)
    play.complete("mark")
    play.complete("answer", "no", reason="Again")
    assert play.task("mark").round == 2
    assert play.task("mark").asked == (OTHER_MARKER,)


def test_where_nobody_else_can_do_it_the_owner_is_told() -> None:
    play = playing()

    recuse(play, "read", HEAD)

    assert play.task("read").asked == ()
    told = [event.to for _, event in play.log[play.root] if event.kind == "task-escalated"]
    assert told == [(OFFICER,)]


def test_a_deputy_who_steps_back_leaves_it_with_the_person() -> None:
    play = playing(covers=(cover(HEAD, LEAD),))

    recuse(play, "read", LEAD)

    assert play.task("read").asked == (HEAD,)
    with pytest.raises(NotAllowedError, match="Lead ash has declared an interest"):
        play.complete("read", by=LEAD)


def test_only_who_is_asked_steps_back_and_only_once() -> None:
    play = playing(covers=(cover(HEAD, LEAD),))
    with pytest.raises(NotAllowedError, match="Data ash is not asked to do 'Read it'"):
        recuse(play, "read", DATA)
    recuse(play, "read", LEAD)
    with pytest.raises(RefusedError, match="you have stepped back from 'Read it' already"):
        recuse(play, "read", LEAD)
