"""Acting for others: a deputy does what is asked of the person they stand in for, and never more."""

from datetime import UTC, date, datetime

import pytest

from engine.acting import Standing, stand_ins, standing_for
from engine.commands import (
    ClaimTask,
    DeferTask,
    ReassignTask,
    RecuseFromTask,
    ReleaseTask,
    SkipTask,
)
from engine.covering import Absence, Cover
from engine.errors import NotAllowedError, RefusedError
from engine.events import (
    TaskClaimed,
    TaskCompleted,
    TaskDeferred,
    TaskOpened,
    TaskOverdue,
    TaskReassigned,
    TaskReminded,
    TaskReturned,
    TaskSkipped,
)
from engine.people import Directory
from engine.state import Task
from tests.worlds import NOW, Play, named, program

READ = """
    values: {place: ash}
    steps:
    - task: read
      title: Read it
      who: headteacher at place
      skip: {gone: It is gone}
      defer: {later: It can wait}
    - task: answer
      title: Answer it
      who: ceo
      outcomes:
        fine: null
        poor: {return_to: read}
"""
PEOPLE = Play(program(READ)).world.directory
CHIEF, OFFICER = named(PEOPLE, "Chief"), named(PEOPLE, "Officer")
HEAD, LEAD, DATA = (named(PEOPLE, f"{role} ash") for role in ("Head", "Lead", "Data"))
HEAD_BEECH, HEAD_CEDAR = named(PEOPLE, "Head beech"), named(PEOPLE, "Head cedar")
MARKER, OTHER_MARKER = named(PEOPLE, "Teacher Y2A ash"), named(PEOPLE, "Teacher Y2B ash")
FROM = date(2027, 4, 19)


def cover(
    person: str | None, *deputies: str, number: int = 1, role: str | None = None, **more: object
) -> Cover:
    return Cover.model_validate(
        {
            "id": f"c-{number}",
            "person": person,
            "role": role,
            "deputies": deputies,
            "from": FROM,
            **more,
        }
    )


def away(person: str, number: int = 1, to: date | None = None) -> Absence:
    return Absence.model_validate({"id": f"a-{number}", "person": person, "from": FROM, "to": to})


def playing(text: str = READ, **known: object) -> Play:
    """A play in whose directory these covers, absences and interests are known from the beginning."""
    return Play(program(text), people=PEOPLE.model_copy(update=known))


def claim(play: Play, task: Task, by: str) -> None:
    play.do(ClaimTask(id=play.id(), by=by, task=task.id))


def done(
    play: Play, task: Task, by: str, outcome: str | None = None, reason: str | None = None
) -> TaskCompleted:
    events = play.complete(task, outcome, by=by, reason=reason)
    assert isinstance(events[0], TaskCompleted)
    return events[0]


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


MARK = """
    values: {place: ash}
    steps:
    - {task: mark, title: Mark, who: class-teacher of year at place}
"""


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


# ---- chains


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


JUDGE = """
    values: {place: ash}
    steps:
    - task: judge
      title: Judge
      who: headteacher
      not_at: place
"""


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


# ---- what others ask


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


# ---- stepping back


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


# ---- who is told


def told_besides(play: Play) -> list[dict[str, str]]:
    events = (event for log in play.log.values() for _, event in log)
    return [event.deputies for event in events if isinstance(event, TaskOpened | TaskReminded | TaskOverdue)]


def test_whoever_stands_in_is_told_when_it_is_asked_and_again_as_it_becomes_due() -> None:
    text = READ.replace("who: headteacher at place", "who: headteacher at place\n      due: on 2027-04-27")
    play = playing(text, covers=(cover(HEAD, LEAD, DATA, to=date(2027, 4, 27)),))
    play.pass_time(datetime(2027, 4, 30, 9, tzinfo=UTC))

    reminded_or_late = told_besides(play)[1:]
    assert told_besides(play)[0] == {LEAD: HEAD}
    assert reminded_or_late
    assert all(each == {LEAD: HEAD} for each in reminded_or_late)


def test_without_cover_in_force_nobody_is_told_besides() -> None:
    over = playing(covers=(cover(HEAD, LEAD, to=date(2027, 4, 19)),))

    assert told_besides(over) == [{}]


def test_a_deputy_with_an_interest_is_not_told() -> None:
    text = """
        values: {place: ash}
        steps:
        - task: read
          title: Read it
          who: ceo
          not_at: place
    """
    play = playing(text, covers=(cover(CHIEF, LEAD, OFFICER, together=True),))

    assert told_besides(play) == [{OFFICER: CHIEF}]


def test_the_deputies_of_whoever_gets_a_task_are_told_and_nobody_of_their_own_act() -> None:
    play = playing(covers=(cover(HEAD, LEAD), cover(HEAD_BEECH, DATA, number=2)))
    task = play.task("read")

    given = play.do(ReassignTask(id=play.id(), by=HEAD, task=task.id, to=HEAD_BEECH, reason="Ill"))
    back = play.do(ReassignTask(id=play.id(), by=DATA, task=task.id, to=HEAD, reason="Well"))

    assert [event.deputies for event in (*given, *back) if isinstance(event, TaskReassigned)] == [
        {DATA: HEAD_BEECH},
        {LEAD: HEAD},
    ]
