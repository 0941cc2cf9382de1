"""What time brings to open tasks: reminders, the overdue mark, escalations; each once, and only while they are open."""

from datetime import UTC, datetime

from engine.commands import ClaimTask
from engine.events import Event
from tests.worlds import Play, named, program

LADDER = """
    values: {place: ash, year: Y2}
    steps:
    - task: mark
      title: Mark the work
      who: WHO
      due: on 2027-04-30
      remind: [3, 0]
      escalate: {1: line-manager, 2: headteacher at place, 4: astronaut}
"""
FAR = datetime(2027, 5, 20, 9, tzinfo=UTC)


def story(events: list[Event], play: Play) -> list[tuple[str, str, tuple[str, ...]]]:
    """Day, kind and names of those who are told."""
    people = play.world.directory
    told = [e for e in events if e.kind in {"task-reminded", "task-overdue", "task-escalated"}]
    return [(f"{e.at:%d %b %H:%M}", e.kind, tuple(people.person(each).name for each in e.to)) for e in told]


LATE_IN_JULY = datetime(2027, 7, 7, 9, tzinfo=UTC)


def test_reminders_come_before_the_deadline_and_escalations_after_in_school_days() -> None:
    play = Play(program(LADDER.replace("WHO", "assessment-lead at place")))

    events = play.pass_time(FAR)

    lead, head = ("Lead ash",), ("Head ash",)
    assert story(events, play) == [
        ("27 Apr 07:00", "task-reminded", lead),
        ("30 Apr 07:00", "task-reminded", lead),
        ("30 Apr 16:00", "task-overdue", lead),
        ("04 May 08:00", "task-escalated", head),  # 3 May is a bank holiday.
        ("05 May 08:00", "task-escalated", head),
        ("07 May 08:00", "task-escalated", ("Officer",)),  # Nobody holds that role: the owner is told.
    ]
    assert play.state.next_moment is None


def test_the_line_managers_of_all_who_are_asked_are_told_once() -> None:
    play = Play(program(LADDER.replace("WHO", "class-teacher of year at place")))

    told = [to for _, kind, to in story(play.pass_time(FAR), play) if kind == "task-escalated"]

    assert told[0] == ("Head ash",)


def test_an_answered_task_is_left_in_peace() -> None:
    play = Play(program(LADDER.replace("WHO", "assessment-lead at place")))
    play.pass_time(datetime(2027, 4, 28, 9, tzinfo=UTC))

    play.complete("mark")

    assert play.pass_time(FAR) == []


def test_whoever_has_it_now_is_reminded() -> None:
    play = Play(program(LADDER.replace("WHO", "class-teacher of year at place")))
    first = story(play.pass_time(datetime(2027, 4, 28, 9, tzinfo=UTC)), play)
    task = play.task("mark")

    play.do(ClaimTask(id=play.id(), by=named(play.world.directory, "Teacher Y2B ash"), task=task.id))
    second = story(play.pass_time(datetime(2027, 4, 30, 9, tzinfo=UTC)), play)

    assert first[0][2] == ("Teacher Y2A ash", "Teacher Y2B ash")
    assert second[0][2] == ("Teacher Y2B ash",)


def test_an_escalation_that_cannot_find_its_people_does_not_stop_the_clock() -> None:
    text = LADDER.replace("WHO", "ceo").replace("headteacher at place", "headteacher at nowhere.at_all")
    play = Play(program(text.replace("values: {", "values: {nowhere: {}, ")))

    events = story(play.pass_time(FAR), play)

    assert [to for _, kind, to in events if kind == "task-escalated"] == [("Officer",)] * 3


def test_a_statutory_deadline_is_not_moved_off_a_holiday() -> None:
    text = "steps: [{task: send, title: Send, who: ceo, due: on 2027-05-03, status: STATUS}]"

    days = [Play(program(text.replace("STATUS", s))).task("send").due for s in ("statutory", "custom")]

    assert [str(due.on) for due in days if due] == ["2027-05-03", "2027-04-30"]


def test_a_wait_ends_even_where_the_calendar_does_not_reach() -> None:
    play = Play(program("steps:\n- {wait: appeal, until: 10 school days after opened}\n"), at=LATE_IN_JULY)

    [wait] = play.state.waits.values()

    assert wait.until
    assert (wait.until.at - LATE_IN_JULY).days == 14
    assert "knows" in wait.until.why
    assert "estimated from the day it began" in wait.until.why
