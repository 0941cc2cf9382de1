"""A cycle through a whole year in virtual time: half terms, INSET days that differ, and both clock changes."""

from datetime import UTC, date, datetime, timedelta

from engine.calendar import Calendar
from engine.commands import CompleteTask
from engine.events import TaskEscalated, TaskReminded
from engine.playing import Cast
from engine.timezone import LONDON
from engine.world import World
from tests.worlds import calendar, directory, named, program

YEAR = """
    steps:
    - for_each: schools_work
      over: {school: "['ash', 'beech']"}
      steps:
      - {task: a, title: October, who: headteacher at school, due: 1 school day before the last day of autumn 1}
      - {wait: half_term, until: the first day of autumn 2}
      - {task: b, title: November, who: headteacher at school, due: 3 working days after 31 October}
      - {wait: spring, until: the first day of spring term}
      - {task: c, title: March, who: headteacher at school, due: 2 school days after the first day of spring 2}
      - {wait: clocks, until: 26 March, roll: next school day}
      - {task: d, title: May, who: headteacher at school, due: 31 May}
      - {wait: summer, until: the first day of summer 2}
      - {task: e, title: July, who: headteacher at school, due: the last day of summer term}
"""
WITH_INSET = Calendar.model_validate(
    calendar().model_dump(mode="json")
    | {
        "inset": ["2026-08-26"],
        "schools": {
            "ash": {"inset": ["2026-10-26", "2027-02-22", "2027-06-07"]},
            "beech": {"inset": ["2026-10-16", "2027-01-04", "2027-05-28"]},
        },
    }
)


def test_two_schools_with_different_inset_days_get_different_dates_all_year() -> None:
    world = World(program(YEAR), WITH_INSET, directory())
    cast = Cast(world)
    cast.start({}, named(world.directory, "Officer"), datetime(2026, 8, 27, 9, tzinfo=UTC))
    now, last = datetime(2026, 8, 27, 9, tzinfo=UTC), datetime(2027, 7, 12, 9, tzinfo=UTC)
    due: dict[tuple[str, str], date] = {}
    rung: list[datetime] = []

    while now < last:
        now += timedelta(hours=6)
        happened = [*cast.pass_time(now)]
        rung += [each.at for each in happened if isinstance(each, TaskReminded | TaskEscalated)]
        for _, task in cast.open_tasks():
            assert task.due
            due[task.school or "", task.title] = task.due.on
            local = task.due.at.astimezone(LONDON)
            assert (local.hour, local.minute) == (17, 0)
            if now >= task.due.at - timedelta(hours=1):
                cast.do(cast.where(task.id), completing(cast, task.id, task.asked[0]), now)

    assert {title: (due["ash", title], due["beech", title]) for _, title in due} == {
        "October": (date(2026, 10, 15), date(2026, 10, 14)),
        "November": (date(2026, 11, 4), date(2026, 11, 4)),
        "March": (date(2027, 2, 25), date(2027, 2, 24)),
        "May": (date(2027, 5, 28), date(2027, 5, 27)),
        "July": (date(2027, 7, 9), date(2027, 7, 9)),
    }
    assert rung
    for at in rung:
        local = at.astimezone(LONDON)
        assert 7 <= local.hour < 18
        assert any(WITH_INSET.is_school_day(school, local.date()) for school in ("ash", "beech"))
    assert not list(cast.open_tasks())


def completing(cast: Cast, task: str, by: str) -> CompleteTask:
    return CompleteTask(id=cast.fresh_id(), by=by, task=task, values={})
