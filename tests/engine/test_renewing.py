"""An instance that takes on what the register says now: whose work goes to whom, and what stays."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.commands import ClaimTask, DeferTask, ReassignTask
from engine.decide import decide
from engine.errors import NotAllowedError, RefusedError
from engine.events import InstanceRenewed, TaskEscalated, TaskReplanned
from engine.evolve import evolve
from engine.register.mornings import next_morning
from tests.engine.renewed import EACH, LOOK, NOT_TWICE, YEAR_SIX, YESTERDAY, come, renewal, renewed, replanned
from tests.people import changed, until
from tests.worlds import NOW, Play, directory, named, program


def test_work_of_who_has_left_goes_to_who_came() -> None:
    play = Play(program(LOOK))
    people = come(until(directory(), "Head ash", YESTERDAY), "Rosa Quist", "headteacher", "ash")
    before = play.task("look")

    renewal, change = renewed(play, people)

    rosa = named(people, "Rosa Quist")
    assert isinstance(renewal, InstanceRenewed)
    assert isinstance(change, TaskReplanned)
    assert (change.assignee, change.candidates, change.to) == (rosa, (rosa,), (rosa,))
    assert change.reason == "Head ash has left Ash"
    after = play.task("look")
    assert after.assignee == rosa
    assert (after.due, after.moments) == (before.due, before.moments)
    play.complete("look")


def test_the_owner_is_told_where_nobody_is_left_and_only_once() -> None:
    play = Play(program(LOOK))
    people = until(directory(), "Head ash", YESTERDAY)

    _, change, told = renewed(play, people)

    assert isinstance(change, TaskReplanned)
    assert (change.assignee, change.candidates) == (None, ())
    assert isinstance(told, TaskEscalated)
    assert told.to == (named(people, "Officer"),)
    assert renewed(play, people) == ()


def test_work_that_nobody_had_goes_to_who_comes_later() -> None:
    play = Play(program(LOOK))
    alone = until(directory(), "Head ash", YESTERDAY)
    renewed(play, alone)
    people = come(alone, "Rosa Quist", "headteacher", "ash")

    (change,) = replanned(renewed(play, people))

    assert change.assignee == named(people, "Rosa Quist")
    assert change.reason == "there is somebody again: headteacher at Ash"


def test_whoever_has_a_task_and_has_not_gone_keeps_it() -> None:
    play = Play(program(LOOK))
    assignee = play.task("look").assignee

    events = renewed(play, come(directory(), "Rosa Quist", "headteacher", "ash"))

    assert [event.kind for event in events] == ["instance-renewed"]
    assert play.task("look").assignee == assignee


def test_a_task_for_several_is_asked_of_those_who_are_left_and_of_who_came() -> None:
    play = Play(program(YEAR_SIX))
    people = come(
        until(directory(), "Teacher Y6A ash", YESTERDAY),
        "Rosa Quist",
        "class-teacher",
        "ash",
        year_group="Y6",
    )

    (change,) = replanned(renewed(play, people))

    assert set(change.candidates) == {named(people, "Teacher Y6B ash"), named(people, "Rosa Quist")}
    assert change.to == (named(people, "Rosa Quist"),)
    assert change.assignee is None


def test_what_one_of_several_has_claimed_is_asked_of_the_others_when_they_leave() -> None:
    play = Play(program(YEAR_SIX))
    first, second = (named(play.world.directory, f"Teacher Y6{each} ash") for each in "AB")
    play.do(ClaimTask(id=play.id(), by=first, task=play.task("judge").id))

    (change,) = replanned(renewed(play, until(directory(), "Teacher Y6A ash", YESTERDAY)))

    assert (change.assignee, change.to) == (second, (second,))


def test_whoever_was_given_it_by_hand_keeps_it_until_they_leave() -> None:
    play = Play(program(LOOK))
    lead = named(play.world.directory, "Lead ash")
    task = play.task("look")
    play.do(ReassignTask(id=play.id(), by=task.asked[0], task=task.id, to=lead, reason="She knows it"))
    without_head = until(directory(), "Head ash", YESTERDAY)

    assert replanned(renewed(play, without_head)) == []

    people = come(until(without_head, "Lead ash", YESTERDAY), "Rosa Quist", "headteacher", "ash")
    (change,) = replanned(renewed(play, people))
    assert change.assignee == named(people, "Rosa Quist")
    assert change.reason == "Lead ash has left Ash"


def test_who_moved_to_another_school_is_no_longer_asked_at_the_first() -> None:
    play = Play(program(LOOK))
    moved = changed(
        directory(),
        "Head ash",
        lambda person: {"posts": (person.posts[0].model_copy(update={"school": "beech"}),)},
    )

    change, *_ = replanned(renewed(play, moved))

    assert change.reason == "Head ash is no longer headteacher at Ash"


def test_of_several_who_answer_each_for_themselves_nobody_gets_two_seats() -> None:
    play = Play(program(EACH))
    people = until(directory(), "Teacher Y6A ash", YESTERDAY)

    (change,) = replanned(renewed(play, people))
    assert change.candidates == ()

    people = come(people, "Rosa Quist", "class-teacher", "ash", year_group="Y6")
    (change,) = replanned(renewed(play, people))
    assert change.assignee == named(people, "Rosa Quist")


def test_nobody_comes_to_check_their_own_work_because_somebody_left() -> None:
    play = Play(program(NOT_TWICE))
    play.complete("write", by="Chief")
    assert play.task("check").assignee == named(play.world.directory, "Officer")

    (change,) = replanned(renewed(play, until(directory(), "Officer", YESTERDAY)))

    assert change.candidates == ()


def test_what_is_put_off_goes_to_who_came_too() -> None:
    play = Play(program(LOOK))
    task = play.task("look")
    later = DeferTask(id=play.id(), by=task.asked[0], task=task.id, code="ill", until=date(2027, 4, 30))
    play.do(later)
    people = come(until(directory(), "Head ash", YESTERDAY), "Rosa Quist", "headteacher", "ash")

    (change,) = replanned(renewed(play, people))

    assert change.assignee == named(people, "Rosa Quist")
    assert play.state.tasks[task.id].status == "deferred"


def test_a_post_that_ends_by_itself_is_seen_at_the_next_look() -> None:
    """Nothing changes in the register: a day has passed."""
    people = come(until(directory(), "Head ash", NOW.date()), "Rosa Quist", "headteacher", "ash")
    play = Play(program(LOOK))
    assert replanned(renewed(play, people)) == []

    play.at += timedelta(days=1)
    (change,) = renewed(play, people)

    assert isinstance(change, TaskReplanned)
    assert change.assignee == named(people, "Rosa Quist")


def test_whoever_left_is_refused_even_before_their_work_is_planned_anew() -> None:
    play = Play(program(LOOK))
    renewed(play, until(directory(), "Head ash", NOW.date()))
    play.at += timedelta(days=1)

    with pytest.raises(NotAllowedError, match="holds no post here today"):
        play.complete("look")


def test_the_register_of_another_trust_is_not_followed() -> None:
    play = Play(program(LOOK))
    people = directory()
    strangers = people.model_copy(update={"people": people.people[:2], "schools": people.schools[1:]})

    with pytest.raises(
        RefusedError, match=r"cannot follow the register:\np-0003 is asked at visits\[ash\]/look"
    ):
        renewed(play, strangers)


def test_a_renewed_instance_is_the_same_when_its_log_is_folded_again() -> None:
    play = Play(program(LOOK))
    renewed(play, come(until(directory(), "Head ash", YESTERDAY), "Rosa Quist", "headteacher", "ash"))

    state = None
    for _, event in play.log[play.root]:
        state = evolve(state, event)

    assert state is not None
    assert state.started.directory == play.state.started.directory
    assert state.tasks == play.state.tasks


def test_nothing_follows_for_a_cycle_that_is_over() -> None:
    play = Play(program(LOOK))
    play.complete("look")

    command = renewal(play, until(directory(), "Head ash", YESTERDAY))
    assert decide(play.world, play.state, command, play.at) == ()


def test_a_morning_is_early_before_people_are_at_work_on_both_sides_of_the_clock_change() -> None:
    assert next_morning(datetime(2027, 3, 27, 12, tzinfo=UTC)) == datetime(2027, 3, 28, 4, tzinfo=UTC)
    assert next_morning(datetime(2027, 3, 28, 3, 59, tzinfo=UTC)) == datetime(2027, 3, 28, 4, tzinfo=UTC)
    assert next_morning(datetime(2027, 3, 28, 4, tzinfo=UTC)) == datetime(2027, 3, 29, 4, tzinfo=UTC)
    assert next_morning(datetime(2027, 10, 30, 12, tzinfo=UTC)) == datetime(2027, 10, 31, 5, tzinfo=UTC)
