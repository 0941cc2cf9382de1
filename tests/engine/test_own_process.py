"""A person's own process, while they are away."""

from datetime import timedelta

import pytest

from engine.covering import Absence
from engine.events import ClockStarted, ClockStopped, TaskOverdue, TaskReminded
from engine.people import Directory
from tests.engine.renewed import renewed, replanned
from tests.worlds import NOW, Play, directory, named, program

OWN = """
about: whose
inputs: {whose: {type: person}}
values: {ash: ash, six: Y6}
steps:
- parallel: work
  branches:
    theirs:
    - {task: plan, title: Plan the year, who: class-teacher of six at ash, due: 5 school days after start}
    heads:
    - {task: agree, title: Agree with it, who: headteacher at ash, due: 5 school days after start}
    law:
    - {task: report, title: Report it, who: ceo, due: on 2027-04-27, status: statutory}
"""
ITSELF = """
on:
  absence-started: {of: person, do: reassign}
"""
TEACHER = "Teacher Y6A ash"


def away(days: int = 7) -> Directory:
    """The trust in which the teacher is away from today, for so many days."""
    people = directory()
    last = NOW.date() + timedelta(days=days - 1)
    absence = Absence(id="a-1", person=named(people, TEACHER), since=NOW.date(), until=last)
    return people.model_copy(update={"absences": (absence,)})


def own(text: str = OWN) -> Play:
    """A process of the teacher's own."""
    return Play(program(text), {"whose": named(directory(), TEACHER)})


def test_their_process_stands_still_and_goes_on_when_they_are_back() -> None:
    play, people = own(), away()
    before = {each: play.task(each).due for each in ("plan", "agree", "report")}

    (_, stopped) = renewed(play, people)

    assert isinstance(stopped, ClockStopped)
    assert (stopped.person, stopped.school) == (named(people, TEACHER), "")
    assert {play.state.tasks[each].step for each in stopped.tasks} == {"plan", "agree"}
    assert renewed(play, people) == ()
    told = [e for e in play.pass_time(NOW + timedelta(days=8)) if isinstance(e, TaskReminded | TaskOverdue)]
    assert {play.state.tasks[each.task].step for each in told} == {"report"}

    (going,) = renewed(play, people)

    assert isinstance(going, ClockStarted)
    for each in ("plan", "agree"):
        due, first = play.task(each).due, before[each]
        assert due
        assert first
        assert play.world.calendar.school_days_between(first.on, due.on, "ash") == 6
    assert play.task("report").due == before["report"]
    assert renewed(play, people) == ()


def test_what_is_asked_of_them_waits_and_may_still_be_done() -> None:
    play, people = own(), away()

    assert replanned(renewed(play, people)) == []

    play.complete("agree")
    assert play.tasks("agree") == []


@pytest.mark.parametrize("text", [OWN.replace("about: whose\n", "about: staff\n"), OWN + ITSELF])
def test_another_process_or_one_that_says_itself_what_follows_does_not_stand_still(text: str) -> None:
    assert not [each for each in renewed(own(text), away()) if isinstance(each, ClockStopped)]
