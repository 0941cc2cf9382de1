"""An instance that takes on what the register says now: whose work goes to whom, and what stays."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from engine import library
from engine.commands import ClaimTask, DeferTask, ReassignTask, RenewInstance
from engine.covering import Absence, Cover
from engine.decide import decide
from engine.definition.compiler import digest
from engine.errors import NotAllowedError, RefusedError
from engine.events import Event, InstanceRenewed, TaskEscalated, TaskReplanned
from engine.evolve import evolve
from engine.people import Directory
from engine.register.mornings import next_morning
from engine.register.touched import beginning_or_ending, touched
from tests.people import changed, joining, until
from tests.worlds import NOW, Play, calendar, directory, named, program

YESTERDAY = NOW.date() - timedelta(days=1)
LOOK = """
steps:
- for_each: visits
  over: {school: '["ash"]'}
  steps:
  - task: look
    title: Look around
    who: headteacher at school
    due: 5 school days after start
    defer: {ill: The headteacher is ill}
"""
YEAR_SIX = """
values: {school: ash, year_group: Y6}
steps:
- {task: judge, title: Judge it, who: class-teacher of year_group at school}
"""
EACH = """
values: {school: ash, year_group: Y6}
steps:
- task: agree
  title: Agree with it
  who: class-teacher of year_group at school
  quorum: all responded
  outcomes: {yes_it_is: null, no_it_is_not: null}
"""
NOT_TWICE = """
steps:
- {task: write, title: Write it, who: ceo or school-improvement-officer}
- {task: check, title: Check it, who: ceo or school-improvement-officer, not_done_by: write}
"""


def come(people: Directory, name: str, role: str, school: str, **scope: str) -> Directory:
    """Somebody more holds this role from today on."""
    return joining(people, name, role, school, since=NOW.date(), **scope)


def kept(play: Play, people: Directory) -> RenewInstance:
    """The command that takes on this directory, whose documents are loaded."""
    days, staff = library.text(calendar()), library.text(people)
    library.put("calendar", digest(days), days)
    library.put("directory", digest(staff), staff)
    return RenewInstance(id=play.id(), by="termwise", calendar=digest(days), directory=digest(staff))


def renewed(play: Play, people: Directory) -> tuple[Event, ...]:
    return play.do(kept(play, people))


def replanned(events: Sequence[Event]) -> list[TaskReplanned]:
    return [event for event in events if isinstance(event, TaskReplanned)]


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

    command = kept(play, until(directory(), "Head ash", YESTERDAY))
    assert decide(play.world, play.state, command, play.at) == ()


# ---- absence


def away(
    people: Directory, name: str, first: date, last: date | None = None, *, back: bool = True
) -> Directory:
    """The same trust, in which somebody is away from the first day to the last."""
    absence = Absence(id="a-1", person=named(people, name), since=first, until=last, hand_back=back)
    return people.model_copy(update={"absences": (absence,)})


def covered(people: Directory, name: str, deputy: str) -> Directory:
    """Somebody stands in for this person."""
    cover = Cover(id="c-1", person=named(people, name), deputies=(named(people, deputy),), since=NOW.date())
    return people.model_copy(update={"covers": (cover,)})


def test_who_is_away_without_cover_is_not_asked_and_gets_it_again_when_they_are_back() -> None:
    play = Play(program(LOOK))
    head = play.task("look").assignee
    people = away(directory(), "Head ash", NOW.date(), NOW.date() + timedelta(days=2))

    change, told = renewed(play, people)[1:]
    assert isinstance(change, TaskReplanned)
    assert (change.candidates, change.reason, change.instead_of) == ((), "Head ash is away", (head,))
    assert isinstance(told, TaskEscalated)
    assert renewed(play, people) == ()

    play.at += timedelta(days=3)
    (change,) = renewed(play, people)
    assert isinstance(change, TaskReplanned)
    assert (change.assignee, change.to, change.reason) == (head, (head,), "Head ash is back")
    assert renewed(play, people) == ()


def test_who_is_away_with_cover_keeps_it_and_the_deputy_does_it() -> None:
    play = Play(program(LOOK))

    events = renewed(play, covered(away(directory(), "Head ash", NOW.date()), "Head ash", "Lead ash"))

    assert replanned(events) == []


def test_one_of_several_who_is_away_leaves_it_to_the_others() -> None:
    play = Play(program(YEAR_SIX))

    assert replanned(renewed(play, away(directory(), "Teacher Y6A ash", NOW.date()))) == []


def test_what_others_have_taken_on_meanwhile_stays_with_them() -> None:
    play = Play(program(YEAR_SIX))
    first, second = (named(play.world.directory, f"Teacher Y6{each} ash") for each in "AB")
    play.do(ClaimTask(id=play.id(), by=first, task=play.task("judge").id))
    people = away(directory(), "Teacher Y6A ash", NOW.date(), NOW.date())
    (change,) = replanned(renewed(play, people))
    assert change.assignee == second
    owner = named(people, "Officer")
    lead = named(people, "Lead ash")
    play.do(ReassignTask(id=play.id(), by=owner, task=play.task("judge").id, to=lead, reason="She has time"))

    play.at += timedelta(days=1)
    assert replanned(renewed(play, people)) == []


def test_those_whom_a_change_touches_are_named_also_where_it_is_about_cover_and_absence() -> None:
    people, today = directory(), NOW.date()
    head, lead = named(people, "Head ash"), named(people, "Lead ash")

    assert touched(people, people, today) == ()
    assert touched(people, until(people, "Head ash", today), today) == (head,)
    assert touched(people, away(people, "Head ash", today), today) == (head,)
    assert touched(covered(people, "Head ash", "Lead ash"), people, today) == tuple(sorted((head, lead)))
    assert beginning_or_ending(until(people, "Head ash", YESTERDAY), today) == (head,)
    assert beginning_or_ending(until(people, "Head ash", today), today) == ()
    assert beginning_or_ending(away(people, "Head ash", today), today) == (head,)


def test_a_morning_is_early_before_people_are_at_work_on_both_sides_of_the_clock_change() -> None:
    assert next_morning(datetime(2027, 3, 27, 12, tzinfo=UTC)) == datetime(2027, 3, 28, 4, tzinfo=UTC)
    assert next_morning(datetime(2027, 3, 28, 3, 59, tzinfo=UTC)) == datetime(2027, 3, 28, 4, tzinfo=UTC)
    assert next_morning(datetime(2027, 3, 28, 4, tzinfo=UTC)) == datetime(2027, 3, 29, 4, tzinfo=UTC)
    assert next_morning(datetime(2027, 10, 30, 12, tzinfo=UTC)) == datetime(2027, 10, 31, 5, tzinfo=UTC)
