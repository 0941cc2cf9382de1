"""Acting for others: a deputy does what is asked of the person they stand in for, and never more."""

from datetime import UTC, date, datetime

import pytest

from engine.acting import Standing, stand_ins, standing_for
from engine.commands import ClaimTask, DeferTask, ReassignTask, ReleaseTask, SkipTask
from engine.covering import Cover
from engine.errors import NotAllowedError, RefusedError
from engine.events import TaskClaimed, TaskDeferred, TaskReturned, TaskSkipped
from engine.people import Directory
from tests.engine.standing_in import (
    CHIEF,
    DATA,
    FROM,
    HEAD,
    HEAD_BEECH,
    LEAD,
    MARK,
    MARKER,
    OFFICER,
    OTHER_MARKER,
    PEOPLE,
    away,
    claim,
    cover,
    done,
    playing,
)
from tests.worlds import NOW


def test_a_deputy_answers_for_the_person_and_both_are_kept() -> None:
    play = playing(covers=(cover(HEAD, LEAD),))
    task = play.task("read")

    event = done(play, task, LEAD)

    assert task.asked == (HEAD,)
    assert (event.by, event.for_) == (LEAD, HEAD)
    assert (play.state.tasks[task.id].done_by, play.state.tasks[task.id].done_for) == (LEAD, HEAD)
    result = play.state.value("", "read")
    assert isinstance(result, dict)
    assert (result["by"], result["for"]) == (LEAD, HEAD)


def test_the_person_still_does_it_themselves_and_then_nobody_is_named_beside_them() -> None:
    play = playing(covers=(cover(HEAD, LEAD),))

    assert done(play, play.task("read"), HEAD).for_ is None


@pytest.mark.parametrize(
    "given",
    [
        cover(HEAD, LEAD, to=date(2027, 4, 19)),
        cover(HEAD, LEAD, **{"from": date(2027, 4, 21)}),
        cover(HEAD, LEAD, processes=("moderation",)),
        cover(HEAD_BEECH, LEAD),
        cover(None, LEAD, role="headteacher", school="beech"),
        cover(None, LEAD, role="data-manager", school="ash"),
    ],
    ids=["over", "to come", "another process", "another person", "another school", "another role"],
)
def test_where_no_cover_of_it_is_in_force_the_deputy_is_a_stranger(given: Cover) -> None:
    play = playing(covers=(given,))

    with pytest.raises(NotAllowedError, match="Lead ash is not asked to do 'Read it'; it is for Head ash"):
        play.complete("read", by=LEAD)


def test_cover_of_a_role_is_for_whoever_holds_it_there() -> None:
    play = playing(covers=(cover(None, LEAD, role="headteacher", school="ash"),))

    assert done(play, play.task("read"), LEAD).for_ == HEAD


def test_a_role_that_nobody_holds_is_asked_of_its_deputies() -> None:
    play = playing(
        "steps:\n- task: fly\n  title: Fly\n  who: astronaut\n",
        covers=(cover(None, LEAD, DATA, role="astronaut", together=True),),
    )

    assert set(play.task("fly").candidates) == {LEAD, DATA}


def test_deputies_in_order_act_one_after_the_other() -> None:
    first = playing(covers=(cover(HEAD, LEAD, DATA),))
    second = playing(covers=(cover(HEAD, LEAD, DATA),), absences=(away(LEAD),))

    with pytest.raises(NotAllowedError, match="Data ash is not asked"):
        first.complete("read", by=DATA)
    assert done(second, second.task("read"), DATA).for_ == HEAD


def test_deputies_together_may_all_act_and_one_who_claims_it_has_it() -> None:
    play = playing(covers=(cover(HEAD, LEAD, DATA, together=True),))
    task = play.task("read")

    claim(play, task, LEAD)

    assert play.task("read").deputy == LEAD
    assert play.task("read").asked == (HEAD,)
    with pytest.raises(RefusedError, match="'Read it' is already with Lead ash for Head ash"):
        play.complete("read", by=DATA)
    with pytest.raises(RefusedError, match="'Read it' is already with you"):
        claim(play, task, LEAD)
    play.do(ReleaseTask(id=play.id(), by=LEAD, task=task.id))
    assert done(play, play.task("read"), DATA).for_ == HEAD


def test_a_deputy_claims_a_task_of_several_for_the_one_they_stand_in_for() -> None:
    play = playing(MARK.replace("place: ash", "place: ash, year: Y2"), covers=(cover(MARKER, DATA),))
    task = play.task("mark")

    [claimed] = play.do(ClaimTask(id=play.id(), by=DATA, task=task.id))

    assert isinstance(claimed, TaskClaimed)
    assert (claimed.by, claimed.person, claimed.for_) == (DATA, MARKER, MARKER)
    with pytest.raises(NotAllowedError, match="it is for Teacher Y2A ash"):
        play.complete("mark", by=OTHER_MARKER)
    play.do(ReleaseTask(id=play.id(), by=DATA, task=task.id))
    assert set(play.task("mark").asked) == {MARKER, OTHER_MARKER}


def test_what_a_deputy_took_on_is_the_persons_when_the_cover_is_over() -> None:
    play = playing(covers=(cover(HEAD, LEAD, to=date(2027, 4, 20)),))
    claim(play, play.task("read"), LEAD)

    play.at = datetime(2027, 4, 21, 9, tzinfo=UTC)

    with pytest.raises(NotAllowedError, match="Lead ash is not asked to do 'Read it'; it is for Head ash"):
        play.complete("read", by=LEAD)
    assert done(play, play.task("read"), HEAD).for_ is None


def test_a_deputy_skips_puts_off_hands_on_and_sends_back_for_the_person() -> None:
    known = (cover(HEAD, LEAD), cover(CHIEF, OFFICER, number=2))
    play = playing(covers=known)
    task = play.task("read").id
    [put_off] = play.do(DeferTask(id=play.id(), by=LEAD, task=task, code="later", until=date(2027, 4, 22)))
    assert isinstance(put_off, TaskDeferred)
    assert put_off.for_ == HEAD

    play = playing(covers=known)
    skipped, *_ = play.do(SkipTask(id=play.id(), by=LEAD, task=play.task("read").id, code="gone"))
    assert isinstance(skipped, TaskSkipped)
    assert skipped.for_ == HEAD

    back, *_ = play.complete("answer", "poor", by=OFFICER, reason="Too short")
    assert isinstance(back, TaskReturned)
    assert back.for_ == CHIEF

    order = {"id": play.id(), "task": play.task("read").id, "reason": "Full day"}
    with pytest.raises(RefusedError, match="you stand in for Head ash; do it in their name"):
        play.do(ReassignTask.model_validate({**order, "by": LEAD, "to": LEAD}))
    [given] = play.do(ReassignTask.model_validate({**order, "by": LEAD, "to": DATA}))
    assert given.for_ == HEAD  # type: ignore[union-attr]


def test_nobody_stands_in_for_somebody_who_has_left() -> None:
    play = playing(covers=(cover(HEAD, LEAD),))
    people = play.world.directory
    gone = tuple(
        person
        if person.id != HEAD
        else person.model_copy(
            update={"posts": tuple(p.model_copy(update={"until": FROM}) for p in person.posts)}
        )
        for person in people.people
    )
    object.__setattr__(play.world, "directory", people.model_copy(update={"people": gone}))

    with pytest.raises(NotAllowedError, match="Lead ash is not asked"):
        play.complete("read", by=LEAD)


def test_who_stands_in_is_asked_of_a_day() -> None:
    known = (
        cover(HEAD, LEAD, DATA, to=date(2027, 4, 30)),
        cover(None, CHIEF, number=2, role="headteacher", school="ash"),
    )
    people: Directory = PEOPLE.model_copy(update={"covers": known, "absences": (away(LEAD, to=NOW.date()),)})

    assert stand_ins(people, HEAD, NOW.date()) == (DATA, CHIEF)
    assert stand_ins(people, HEAD, date(2027, 4, 21)) == (LEAD, CHIEF)
    assert stand_ins(people, HEAD, date(2027, 5, 1)) == (CHIEF,)
    assert stand_ins(people, DATA, NOW.date()) == ()
    assert standing_for(people, CHIEF, NOW.date()) == (Standing(person=HEAD, role="headteacher"),)
    assert standing_for(people, LEAD, date(2027, 4, 21)) == (Standing(person=HEAD),)
