"""More time: whoever is asked asks, somebody else decides, and the deadline moves with its reminders."""

from datetime import UTC, date, datetime

import pytest

from engine.commands import (
    AskForTime,
    Command,
    CompleteTask,
    DeferTask,
    DelegateTask,
    GrantTime,
    RaiseEvent,
    RefuseTime,
)
from engine.errors import NotAllowedError, RefusedError
from engine.events import TimeAsked, TimeGranted, TimeRefused
from engine.state import Task
from tests.worlds import Play, named, program

WORK = """
    values: {school: ash}
    on: {hall-closed: {of: school, do: stop the clock, at_most: 3 school days}}
    steps:
    - task: write
      title: Write it
      who: assessment-lead at school
      due: 5 school days after opened
      remind: [2]
      escalate: {1: ceo}
      defer: {ill: Somebody is ill}
    - {task: end, title: End, who: ceo}
"""
#: Opened on Tue 20 April, due on Tue 27 April; 3 May is a bank holiday.
MAY = date(2027, 5, 5)


@pytest.fixture
def play() -> Play:
    return Play(program(WORK))


def sent(play: Play, model: type[Command], by: str, **says: object) -> None:
    task = play.task("write")
    play.do(model(id=play.id(), by=named(play.world.directory, by), task=task.id, **says))


def ask(play: Play, by: str = "Lead ash", until: date = MAY) -> Task:
    sent(play, AskForTime, by, until=until, reason="Two are away")
    return play.task("write")


def last(play: Play) -> object:
    return play.cast.played[-1].event


def people(play: Play, *names: str) -> tuple[str, ...]:
    return tuple(named(play.world.directory, name) for name in names)


def test_the_head_is_told_and_the_deadline_stays_until_somebody_decides(play: Play) -> None:
    before = play.task("write").due
    task = ask(play)
    asked = last(play)

    assert isinstance(asked, TimeAsked)
    assert asked.to == people(play, "Head ash")
    assert asked.may_decide == people(play, "Head ash", "Officer")
    assert (task.due, task.request is not None) == (before, True)


def test_the_deadline_moves_with_its_reminders_and_both_days_are_kept(play: Play) -> None:
    ask(play)
    sent(play, GrantTime, "Head ash", reason="Of course")
    granted, task = last(play), play.task("write")

    assert isinstance(granted, TimeGranted)
    assert (granted.was.on, granted.due.on, granted.due) == (date(2027, 4, 27), MAY, task.due)
    assert granted.to == people(play, "Lead ash")
    assert "moved from Tue 27 Apr 2027, for more time was granted" in granted.due.why
    assert [(each.kind, each.at.date().isoformat()) for each in task.moments] == [
        ("reminder", "2027-04-30"),
        ("due", "2027-05-05"),
        ("escalation", "2027-05-06"),
    ]
    assert task.request is None
    assert play.pass_time(datetime(2027, 4, 29, tzinfo=UTC)) == []


def test_another_day_may_be_given_than_was_asked_for(play: Play) -> None:
    ask(play)
    sent(play, GrantTime, "Officer", until=date(2027, 4, 29))

    due = play.task("write").due
    assert due
    assert due.on == date(2027, 4, 29)


def test_what_was_late_is_not_late_any_more(play: Play) -> None:
    play.pass_time(datetime(2027, 4, 28, 8, 30, tzinfo=UTC))
    assert play.task("write").overdue
    ask(play)
    sent(play, GrantTime, "Head ash")

    assert not play.task("write").overdue
    play.complete("write")
    done = next(each.event for each in play.cast.played if each.event.kind == "task-completed")
    assert done.late is False  # type: ignore[union-attr]


def test_whoever_asks_does_not_decide(play: Play) -> None:
    sent(play, DelegateTask, "Lead ash", to=people(play, "Head ash")[0], reason="so")
    ask(play, "Head ash")
    asked = last(play)

    assert isinstance(asked, TimeAsked)
    assert asked.may_decide == people(play, "Officer")
    for by in ("Head ash", "Lead ash"):
        with pytest.raises(NotAllowedError, match="whoever asks for more time does not decide about it"):
            sent(play, GrantTime, by)
    with pytest.raises(
        NotAllowedError, match="Head beech does not decide about 'Write it'; it is for Officer"
    ):
        sent(play, GrantTime, "Head beech")


def test_a_refusal_says_why_and_the_deadline_stays(play: Play) -> None:
    before = ask(play).due
    with pytest.raises(RefusedError, match="give the reason"):
        sent(play, RefuseTime, "Head ash", reason=" ")
    sent(play, RefuseTime, "Head ash", reason="The session is on Monday")
    refused, task = last(play), play.task("write")

    assert isinstance(refused, TimeRefused)
    assert (refused.until, refused.to) == (MAY, people(play, "Lead ash"))
    assert (task.due, task.request) == (before, None)
    with pytest.raises(RefusedError, match="nobody has asked for more time"):
        sent(play, GrantTime, "Head ash")


@pytest.mark.parametrize(
    ("until", "why"),
    [
        (date(2027, 4, 27), "a day after Tue 27 Apr 2027: it is due then"),
        (date(2027, 5, 1), "no school day there; choose Fri 30 Apr 2027 or Tue 4 May 2027"),
        (date(2031, 5, 1), "cannot say whether"),
    ],
)
def test_only_a_later_school_day_may_be_asked_for(play: Play, until: date, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        ask(play, until=until)


def test_a_statutory_deadline_does_not_move() -> None:
    play = Play(program(WORK.replace("remind: [2]", "status: statutory")))

    with pytest.raises(RefusedError, match="Tue 27 Apr 2027, is statutory and does not move"):
        ask(play)


def test_a_clock_that_stands_still_needs_no_more_time(play: Play) -> None:
    officer = people(play, "Officer")[0]
    happened = {"event": "hall-closed", "reason": "so", "values": {"school": "ash"}}
    play.do(RaiseEvent(id=play.id(), by=officer, **happened))

    with pytest.raises(RefusedError, match="stands still; its deadline moves by itself"):
        ask(play)


def test_a_deadline_granted_while_the_clock_stands_still_moves_on_with_it(play: Play) -> None:
    ask(play)
    officer = people(play, "Officer")[0]
    happened = {"event": "hall-closed", "reason": "so", "values": {"school": "ash"}}
    play.do(RaiseEvent(id=play.id(), by=officer, **happened))
    sent(play, GrantTime, "Head ash")
    assert play.task("write").id not in {key for entry in play.state.agenda.values() for key, _ in entry}
    play.pass_time(datetime(2027, 4, 27, 12, tzinfo=UTC))

    due = play.task("write").due
    assert due
    assert due.on == date(2027, 5, 10)


def test_a_request_lapses_with_the_task_and_when_it_is_put_off(play: Play) -> None:
    task = ask(play)
    sent(play, DeferTask, "Lead ash", until=date(2027, 4, 22), code="ill")
    assert play.state.tasks[task.id].request is None
    play.pass_time(datetime(2027, 4, 22, 12, tzinfo=UTC))
    ask(play)
    play.complete("write")

    assert play.state.tasks[task.id].request is None
    with pytest.raises(RefusedError, match="was already completed"):
        play.do(GrantTime(id=play.id(), by=people(play, "Head ash")[0], task=task.id))


def test_the_same_wish_again_is_nothing_new_and_another_takes_its_place(play: Play) -> None:
    ask(play)
    count = len(play.cast.played)
    ask(play)
    assert len(play.cast.played) == count
    ask(play, until=date(2027, 5, 6))

    request = play.task("write").request
    assert request
    assert request.until == date(2027, 5, 6)


def test_nobody_can_decide_who_is_not_there() -> None:
    text = "steps: [{task: write, title: Write it, who: school-improvement-officer, due: 5 school days after opened}]"
    play = Play(program(text))
    ask(play, "Officer")

    # The owner asks themselves, so their line manager decides.
    assert play.task("write").request
    sent(play, GrantTime, "Chief")
    assert play.task("write").request is None


def test_minutes_of_work_are_kept() -> None:
    play = Play(program(WORK))
    task = play.task("write")
    play.do(CompleteTask(id=play.id(), by=task.asked[0], task=task.id, minutes=45))

    done = next(each.event for each in play.cast.played if each.event.kind == "task-completed")
    assert done.minutes == 45  # type: ignore[union-attr]
    for wrong in (-1, 10_001):
        with pytest.raises(ValueError, match="minutes"):
            CompleteTask(id=play.id(), by=task.asked[0], task=task.id, minutes=wrong)
