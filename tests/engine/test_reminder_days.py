"""On which days and at what time people are reminded of a deadline, and others told."""

from datetime import UTC, date, datetime, time

import pytest

from engine.deadlines import Roll, ladder, parse_rule, resolve
from engine.errors import InvalidInputError
from tests.engine.due import CALENDAR, OPENED, due


def test_reminders_and_escalations_keep_the_days_of_the_school() -> None:
    deadline = due("on 2027-05-21", "hollins")

    def days(school: str) -> list[int]:
        rungs = ladder(deadline, CALENDAR, school, remind=[1, 0], escalate={1: "ceo"}, opened=OPENED)
        return [each.at.day for each in rungs if each.kind == "reminder"]

    assert days("hollins") == [19, 21]
    assert days("glenfield") == [20, 21]


def test_reminders_come_in_the_morning_and_escalations_after_the_deadline() -> None:
    moments = ladder(
        due("session"),
        CALENDAR,
        "glenfield",
        [10, 3, 0],
        {2: "line manager", 5: "headteacher"},
        opened=OPENED,
    )

    assert [(m.kind, m.days, m.to, m.at) for m in moments] == [
        ("reminder", 10, None, datetime(2027, 5, 12, 7, tzinfo=UTC)),
        ("reminder", 3, None, datetime(2027, 5, 21, 7, tzinfo=UTC)),
        ("reminder", 0, None, datetime(2027, 5, 26, 7, tzinfo=UTC)),
        ("due", 0, None, datetime(2027, 5, 26, 16, tzinfo=UTC)),
        ("escalation", 2, "line manager", datetime(2027, 5, 28, 8, tzinfo=UTC)),
        ("escalation", 5, "headteacher", datetime(2027, 6, 9, 8, tzinfo=UTC)),
    ]


def test_a_reminder_from_before_the_task_was_opened_is_left_out() -> None:
    moments = ladder(due("session"), CALENDAR, None, [10, 3], {}, opened=datetime(2027, 5, 20, tzinfo=UTC))

    assert [(m.kind, m.days) for m in moments] == [("reminder", 3), ("due", 0)]


def test_nobody_is_written_to_on_a_day_without_school() -> None:
    saturday = due("on 2027-05-22", roll=Roll.FIXED)

    moments = ladder(saturday, CALENDAR, None, [1, 0], {1: "headteacher"}, opened=OPENED)

    days = [(m.kind, m.days, CALENDAR.local_date(m.at)) for m in moments]
    assert days == [
        ("reminder", 0, date(2027, 5, 21)),
        ("due", 0, date(2027, 5, 22)),
        ("escalation", 1, date(2027, 5, 24)),
    ]


def test_rungs_beyond_the_calendar_wait_for_a_longer_one() -> None:
    moments = ladder(due("on 2027-07-08"), CALENDAR, None, [], {1: "headteacher", 5: "ceo"}, opened=OPENED)

    assert [(m.kind, m.to) for m in moments] == [("due", None), ("escalation", "headteacher")]


def test_an_escalation_before_the_deadline_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="1 or more after"):
        ladder(due("session"), CALENDAR, None, [], {0: "headteacher"}, opened=OPENED)


@pytest.mark.parametrize(
    ("day", "reminded", "ends"),
    [
        ("2026-10-26", datetime(2026, 10, 26, 8, tzinfo=UTC), datetime(2026, 10, 26, 17, tzinfo=UTC)),
        ("2027-03-29", datetime(2027, 3, 29, 7, tzinfo=UTC), datetime(2027, 3, 29, 16, tzinfo=UTC)),
        ("2026-10-25", datetime(2026, 10, 25, 8, tzinfo=UTC), datetime(2026, 10, 25, 17, tzinfo=UTC)),
        ("2027-03-28", datetime(2027, 3, 28, 7, tzinfo=UTC), datetime(2027, 3, 28, 16, tzinfo=UTC)),
    ],
)
def test_walls_show_the_same_time_across_both_clock_changes(
    day: str, reminded: datetime, ends: datetime
) -> None:
    on = date.fromisoformat(day)
    school_every_day = CALENDAR.model_copy(update={"bank_holidays": {}})

    assert school_every_day.at(on, time(8)) == reminded
    assert resolve(parse_rule(f"on {day}"), {}, school_every_day, None, roll=Roll.FIXED).at == ends
