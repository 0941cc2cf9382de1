"""Due rules as people write them, the dates they give, and what happens around a deadline."""

from datetime import UTC, date, datetime, time

import pytest

from engine.calendar import BeyondCalendarError, Calendar
from engine.deadlines import Deadline, DeadlineRuleError, Roll, ladder, parse_rule, resolve
from engine.errors import InvalidInputError, UnknownNameError

CALENDAR = Calendar.model_validate(
    {
        "name": "Scholars",
        "years": [
            {
                "name": "2026-27",
                "half_terms": {
                    "autumn 1": ["2026-08-26", "2026-10-16"],
                    "summer 1": ["2027-04-12", "2027-05-28"],
                    "summer 2": ["2027-06-07", "2027-07-09"],
                },
            }
        ],
        "bank_holidays": {"2027-05-03": "Early May", "2027-05-31": "Spring"},
        "schools": {"hollins": {"inset": ["2027-05-20"]}},
    }
)
ANCHORS: dict[str, date | str] = {
    "session": date(2027, 5, 26),
    "half_term": "2026-27 summer 1",
    "start": datetime(2027, 4, 30, 23, 30, tzinfo=UTC),  # Sat 1 May in London.
    "dialogue.done": "2027-05-28",
    "text": "Friday",
}
OPENED = datetime(2027, 5, 1, 9, tzinfo=UTC)


def due(text: str, school: str | None = "glenfield", **how: object) -> Deadline:
    return resolve(parse_rule(text), ANCHORS, CALENDAR, school, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("5 school days before session", date(2027, 5, 19)),
        ("1 school day before session", date(2027, 5, 25)),
        ("2 school days before the last day of half_term", date(2027, 5, 26)),
        ("3 school days after the first day of half_term", date(2027, 4, 15)),
        ("5 working days before session", date(2027, 5, 19)),
        ("10 days after start", date(2027, 5, 11)),
        ("session", date(2027, 5, 26)),
        ("  the  last day of half_term ", date(2027, 5, 28)),
        ("on 2027-05-26", date(2027, 5, 26)),
        ("2 school days before 2027-05-26", date(2027, 5, 24)),
        ("3 school days after dialogue.done", date(2027, 6, 9)),
    ],
)
def test_a_deputy_heads_phrase_gives_the_day(text: str, on: date) -> None:
    assert due(text).on == on


def test_a_deadline_says_when_and_why() -> None:
    deadline = due("5 school days before session")

    assert deadline == Deadline(
        at=datetime(2027, 5, 19, 16, tzinfo=UTC),
        on=date(2027, 5, 19),
        rule="5 school days before session",
        why="5 school days before Wed 26 May 2027 (session), Glenfield calendar 2026-27 v1",
        status="local",
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("session", "Wed 26 May 2027 (session), Brook Lane calendar 2026-27 v1"),
        ("on 2027-05-26", "Wed 26 May 2027, Brook Lane calendar 2026-27 v1"),
        (
            "1 working day after the last day of half_term",
            "1 working day after Fri 28 May 2027 (the last day of 2026-27 summer 1), "  # noqa: ISC004
            "moved on from Tue 1 Jun 2027, which is no school day, Brook Lane calendar 2026-27 v1",
        ),
    ],
)
def test_the_reason_is_a_sentence(text: str, why: str) -> None:
    assert due(text, "brook-lane").why == why


def test_without_a_school_the_trusts_calendar_is_named() -> None:
    assert due("session", None).why == "Wed 26 May 2027 (session), Scholars calendar 2026-27 v1"


def test_an_inset_day_moves_one_schools_deadline_and_not_anothers() -> None:
    assert due("5 school days before session", "hollins").on == date(2027, 5, 18)
    assert due("5 school days before session", "glenfield").on == date(2027, 5, 19)


@pytest.mark.parametrize(
    ("roll", "on"),
    [
        (Roll.PREVIOUS_SCHOOL_DAY, date(2027, 5, 28)),
        (Roll.NEXT_SCHOOL_DAY, date(2027, 6, 7)),
        (Roll.FIXED, date(2027, 6, 2)),
    ],
)
def test_a_deadline_on_a_day_without_school_rolls_as_told(roll: Roll, on: date) -> None:
    deadline = due("on 2027-06-02", roll=roll, status="statutory")

    assert deadline.on == on
    assert deadline.status == "statutory"
    assert ("moved" in deadline.why) is (on != date(2027, 6, 2))


def test_a_count_after_a_day_never_rolls_back_to_that_day() -> None:
    assert due("3 days after dialogue.done").on == date(2027, 6, 7)
    assert due("11 days after dialogue.done").on == date(2027, 6, 8)


def test_statutory_deadlines_may_lie_beyond_the_calendar() -> None:
    deadline = due("on 2027-10-31", roll=Roll.FIXED)

    assert deadline.why == "Sun 31 Oct 2027, Glenfield calendar v1"
    assert deadline.at == datetime(2027, 10, 31, 17, tzinfo=UTC)
    with pytest.raises(BeyondCalendarError):
        due("on 2027-10-31")


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("session or 3 school days after opened, whichever is later", date(2027, 5, 26)),
        ("3 school days after session or session, whichever is later", date(2027, 6, 7)),
        (
            "2 school days before session or 1 school day before session, whichever is later",
            date(2027, 5, 25),
        ),
    ],
)
def test_of_two_deadlines_the_later_counts(text: str, on: date) -> None:
    later = resolve(
        parse_rule(text), {"session": date(2027, 5, 26), "opened": date(2027, 5, 12)}, CALENDAR, "glenfield"
    )

    assert later.on == on
    assert later.rule == text
    assert later.why.endswith(", the later of two")


def test_both_of_two_deadlines_are_those_of_the_school() -> None:
    text = "5 school days before session or 4 school days before session, whichever is later"

    assert (due(text).on, due(text, "hollins").on) == (date(2027, 5, 20), date(2027, 5, 19))
    assert due(text, time=time(9)).at == datetime(2027, 5, 20, 8, tzinfo=UTC)


def test_a_deadline_rolls_over_the_days_without_school_of_its_school() -> None:
    on = "on 2027-05-20"

    assert due(on, "hollins", roll=Roll.NEXT_SCHOOL_DAY).on == date(2027, 5, 21)
    assert due(on, "hollins", roll=Roll.PREVIOUS_SCHOOL_DAY).on == date(2027, 5, 19)
    assert due(on, roll=Roll.NEXT_SCHOOL_DAY).on == date(2027, 5, 20)


def test_reminders_and_escalations_keep_the_days_of_the_school() -> None:
    deadline = due("on 2027-05-21", "hollins")

    def days(school: str) -> list[int]:
        rungs = ladder(deadline, CALENDAR, school, remind=[1, 0], escalate={1: "ceo"}, opened=OPENED)
        return [each.at.day for each in rungs if each.kind == "reminder"]

    assert days("hollins") == [19, 21]
    assert days("glenfield") == [20, 21]


def test_a_rule_of_two_reads_the_names_of_both_and_a_mistake_in_either_has_its_place() -> None:
    rule = parse_rule(" session  or 3 school days after opened, whichever is later ")

    assert (rule.text, rule.names()) == (
        "session or 3 school days after opened, whichever is later",
        ("session", "opened"),
    )
    with pytest.raises(DeadlineRuleError, match="'dys' at character 21; did you mean 'days'") as wrong:
        parse_rule("session or 3 school dys after opened, whichever is later")
    assert wrong.value.offset == 20
    with pytest.raises(DeadlineRuleError, match="two rules joined by 'or'") as alone:
        parse_rule("session, whichever is later")
    assert alone.value.offset == 7
    with pytest.raises(DeadlineRuleError, match="it stops too early; expected"):
        parse_rule("5 school days before")


def test_the_time_of_day_is_the_schools() -> None:
    assert due("on 2026-10-16", time=time(12)).at == datetime(2026, 10, 16, 11, tzinfo=UTC)


def test_a_rule_knows_the_names_it_reads() -> None:
    assert parse_rule("3 working days after dialogue.done").names() == ("dialogue.done",)
    assert parse_rule("the last day of half_term").names() == ("half_term",)
    assert parse_rule("on 2027-05-26").names() == ()


@pytest.mark.parametrize(
    ("text", "offset", "complaint"),
    [
        ("5 schol days before session", 2, "did you mean 'school days'?"),
        ("5 weeks before session", 2, "expected 'school days' or 'working days' or 'days'"),
        ("5 school dys before session", 9, "did you mean 'days'?"),
        ("5 school days befor session", 14, "did you mean 'before'?"),
        ("5 school days before", 20, "it stops too early"),
        ("", 0, "it stops too early"),
        ("the lst day of half_term", 4, "did you mean 'last'?"),
        ("on Friday", 3, "a day written like 2027-05-26"),
        ("on 2027-02-30", 3, "a day written like 2027-05-26"),
        ("session please", 8, "expected nothing more"),
        ("1000 days after start", 0, "up to 999"),
        ("5 days after ?", 13, "expected a name"),
    ],
)
def test_a_phrase_that_cannot_be_read_says_where_and_what_may_stand_there(
    text: str, offset: int, complaint: str
) -> None:
    with pytest.raises(DeadlineRuleError) as unreadable:
        parse_rule(text)

    assert unreadable.value.offset == offset
    assert complaint in str(unreadable.value)


def test_a_name_that_stands_for_nothing_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'session'"):
        due("5 school days before sesion")


@pytest.mark.parametrize("text", ["the last day of session", "5 days after text", "5 days after half_term"])
def test_a_name_that_stands_for_the_wrong_thing_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="is needed"):
        due(text)


def test_names_may_be_looked_up_by_a_function() -> None:
    deadline = resolve(parse_rule("session"), lambda _: date(2027, 5, 26), CALENDAR, None)

    assert deadline.on == date(2027, 5, 26)


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


TWO_YEARS = Calendar.model_validate(
    {
        "name": "Scholars",
        "years": [
            {
                "name": "2025-26",
                "half_terms": {
                    "autumn 1": ["2025-08-26", "2025-10-17"],
                    "summer 1": ["2026-04-13", "2026-05-22"],
                },
            },
            {
                "name": "2026-27",
                "half_terms": {
                    "autumn 1": ["2026-08-26", "2026-10-16"],
                    "autumn 2": ["2026-10-26", "2026-12-18"],
                    "summer 1": ["2027-04-12", "2027-05-28"],
                    "summer 2": ["2027-06-07", "2027-07-09"],
                },
            },
        ],
        "bank_holidays": {"2026-08-31": "Summer bank holiday", "2027-05-31": "Spring bank holiday"},
        "inset": ["2026-08-26", "2026-10-26"],
    }
)


def due_when(text: str, opened: str, roll: Roll = Roll.PREVIOUS_SCHOOL_DAY) -> Deadline:
    return resolve(parse_rule(text), {"opened": opened}, TWO_YEARS, None, roll=roll)


@pytest.mark.parametrize(
    ("text", "opened", "on"),
    [
        ("5 school days before the last day of summer 1", "2026-11-24", date(2027, 5, 21)),
        ("the first day of autumn term", "2026-11-24", date(2026, 8, 27)),
        ("the first day of the autumn term", "2026-08-10", date(2026, 8, 27)),
        ("the last day of autumn term", "2026-09-01", date(2026, 12, 18)),
        ("the last day of summer term", "2026-09-01", date(2027, 7, 9)),
        ("the first day of next autumn term", "2026-08-10", date(2026, 8, 27)),
        ("the first day of next autumn 1", "2025-11-24", date(2026, 8, 27)),
        ("the last day of next summer 1", "2025-11-24", date(2026, 5, 22)),
        ("the last day of 2026-27 summer 1", "2025-11-24", date(2027, 5, 28)),
        ("the first day of 2026-27", "2025-11-24", date(2026, 8, 27)),
        ("the last day of the 2026-27 autumn term", "2025-11-24", date(2026, 12, 18)),
        ("3 working days after 31 October", "2026-09-01", date(2026, 11, 4)),
        ("31 October", "2026-11-24", date(2026, 10, 30)),
        ("on 31 Oct", "2026-09-01", date(2026, 10, 30)),
        ("2 school days before next 9 november", "2026-09-01", date(2026, 11, 5)),
        ("31 May", "2026-09-01", date(2027, 5, 28)),
        ("31 May 2027", "2025-09-01", date(2027, 5, 28)),
        ("3 days after 6 June 2027", "2025-09-01", date(2027, 6, 9)),
    ],
)
def test_parts_of_the_year_and_days_have_their_names(text: str, opened: str, on: date) -> None:
    assert due_when(text, opened).on == on


@pytest.mark.parametrize(
    ("text", "roll", "on", "because"),
    [
        (
            "31 October",
            Roll.PREVIOUS_SCHOOL_DAY,
            date(2026, 10, 30),
            "moved back from Sat 31 Oct 2026, which is no",
        ),
        ("31 October", Roll.NEXT_SCHOOL_DAY, date(2026, 11, 2), "moved on from Sat 31 Oct 2026, which is no"),
        ("31 October", Roll.FIXED, date(2026, 10, 31), "Sat 31 Oct 2026, Scholars"),
        ("31 May", Roll.PREVIOUS_SCHOOL_DAY, date(2027, 5, 28), "no school day (Spring bank holiday)"),
        ("31 May", Roll.NEXT_SCHOOL_DAY, date(2027, 6, 7), "moved on from Mon 31 May 2027"),
        ("31 August", Roll.NEXT_SCHOOL_DAY, date(2026, 9, 1), "no school day (Summer bank holiday)"),
        ("26 October", Roll.NEXT_SCHOOL_DAY, date(2026, 10, 27), "no school day (INSET)"),
    ],
)
def test_the_two_traps_roll_as_the_definition_says_and_the_reason_is_told(
    text: str, roll: Roll, on: date, because: str
) -> None:
    found = due_when(text, "2026-09-01", roll)

    assert found.on == on
    assert because in found.why


def test_what_lies_in_a_year_that_is_not_known_is_beyond_the_calendar() -> None:
    for text in (
        "the first day of next autumn term",
        "the last day of 2030-31 summer 1",
        "the first day of spring term",
    ):
        with pytest.raises(BeyondCalendarError, match="add the academic year"):
            due_when(text, "2026-11-24")


def test_a_day_that_some_years_do_not_have_is_refused_in_those() -> None:
    with pytest.raises(InvalidInputError, match="no such day in 2027"):
        due_when("29 February", "2026-11-24")


def test_without_a_day_to_take_the_year_from_it_must_be_written() -> None:
    with pytest.raises(InvalidInputError, match="write it, as in 2026-27 summer 1"):
        resolve(parse_rule("the last day of summer 1"), {}, TWO_YEARS, None)
    with pytest.raises(InvalidInputError, match="write it, as in 31 October 2026"):
        resolve(parse_rule("31 October"), {}, TWO_YEARS, None)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("31 Octobr", "did you mean October"),
        ("31 February", "a day such as 31 October"),
        ("the last day of summer 3", "expected nothing more"),
        ("the last day of next session", "a half term such as summer 1"),
        ("the last day of 2026-27 summer", "it stops too early"),
        ("the first day of the", "it stops too early"),
        ("5 school days before 31", "a day written like"),
        ("5 school days before next 31 October 2026", "expected nothing more"),
    ],
)
def test_a_part_of_the_year_that_cannot_be_read_says_what_may_stand_there(text: str, complaint: str) -> None:
    with pytest.raises(DeadlineRuleError, match=complaint):
        parse_rule(text)


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
