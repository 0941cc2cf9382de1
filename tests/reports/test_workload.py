"""Workload: each task counts once, in the week and for the person that did it."""

from datetime import UTC, date, datetime, timedelta

from engine.commands import CancelProcess, ReassignTask
from reports.jobs import NAMED, CycleLog
from reports.workload import Workload, workload
from tests.worlds import NOW, Play, calendar, directory, named, program

TIDY = """
inputs: {schools: {type: list of school, default: [ash, beech]}}
steps:
- for_each: rooms
  over: {school: schools}
  steps:
  - {task: look, title: Look around, who: headteacher at school, minutes: 60, due: on 2027-05-08,
     escalate: {2: ceo}, outcomes: {seen: , shut: }}
  - {task: say, title: Say it, who: the person look.by or the person look.by, minutes: 30}
"""


def figures(*plays: Play) -> Workload:
    logs = [CycleLog("tidy", "Tidying", play.root, play.cast.log()) for play in plays]
    return workload(logs, calendar(), directory())


def test_work_lies_in_the_week_in_which_it_was_done_and_with_whoever_did_it() -> None:
    play = Play(program(TIDY))
    play.complete(play.tasks("look")[0], "seen")
    play.pass_time(NOW + timedelta(days=7))
    play.complete(play.tasks("look")[0], "seen")
    found = figures(play)

    assert [(each.monday, each.tasks, each.minutes) for each in found.weeks] == [
        (date(2027, 4, 19), 2, 90),
        (date(2027, 4, 26), 2, 90),
    ]
    shares = {each.name: (each.tasks, each.minutes) for each in found.people}
    assert shares == {"Head ash": (2, 90), "Head beech": (2, 90)}


def test_roles_have_their_busiest_week() -> None:
    play = Play(program(TIDY))
    found = {each.who: each for each in figures(play).roles}

    assert (found["headteacher"].busiest, found["headteacher"].most) == (date(2027, 5, 3), 120)


def test_people_that_a_value_names_are_not_told_apart() -> None:
    play = Play(program(TIDY))
    play.complete(play.tasks("look")[0], "seen")

    assert [each.who for each in figures(play).roles] == ["headteacher", NAMED]


def test_what_was_handed_over_counts_for_the_new_person_and_what_was_withdrawn_for_nobody() -> None:
    play = Play(program(TIDY))
    officer, lead = (named(directory(), name) for name in ("Officer", "Lead ash"))
    first = play.tasks("look")[0]
    play.do(ReassignTask(id=play.id(), by=officer, task=first.id, to=lead, reason="She is away"))
    handed = {each.name for each in figures(play).people}
    play.do(CancelProcess(id=play.id(), by=officer, reason="No more"))
    found = figures(play)

    assert handed == {"Lead ash", "Head beech"}
    assert (found.people, found.weeks, found.processes[0].minutes) == ((), (), 0)


def test_what_is_late_and_still_open_is_counted_and_stands() -> None:
    play = Play(program(TIDY))
    play.pass_time(datetime(2027, 5, 20, tzinfo=UTC))
    found = figures(play)
    (process,) = found.processes

    assert (process.tasks, process.done, process.overdue, process.escalated, process.open) == (2, 0, 2, 2, 2)
    assert [(each.step, each.tasks, each.since) for each in found.standing] == [
        ("look", 2, date(2027, 4, 20))
    ]


def test_deadlines_that_fall_on_days_without_school_are_counted() -> None:
    play = Play(program(TIDY))  # 8 May 2027 is a Saturday.
    statutory = Play(program(TIDY.replace("minutes: 60", "status: statutory")))

    assert (figures(play).holidays.moved, figures(play).holidays.statutory) == (2, 0)
    assert (figures(statutory).holidays.moved, figures(statutory).holidays.statutory) == (0, 2)


def test_work_over_a_holiday_is_counted() -> None:
    play = Play(program(TIDY.replace("on 2027-05-08", "on 2027-06-10")))

    assert figures(play).holidays.open_over == 2


def test_cycles_of_one_process_are_told_together_by_their_ends() -> None:
    done, running = Play(program(TIDY), {"schools": ["ash"]}), Play(program(TIDY))
    done.complete("look", "seen")
    done.complete("say")
    (process,) = figures(done, running).processes

    assert (process.cycles, process.ended) == (2, {"done": 1})
