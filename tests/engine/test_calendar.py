"""School time: late-August starts, INSET days that differ, half terms, clock changes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.calendar import BeyondCalendarError, Calendar
from engine.day_count import Unit
from engine.errors import RefusedError, UnknownNameError

TERMS = {
    "autumn 1": ["2026-08-26", "2026-10-16"],
    "autumn 2": ["2026-10-26", "2026-12-18"],
    "spring 1": ["2027-01-04", "2027-02-12"],
    "spring 2": ["2027-02-22", "2027-03-25"],
    "summer 1": ["2027-04-12", "2027-05-28"],
    "summer 2": ["2027-06-07", "2027-07-09"],
}
CALENDAR = Calendar.model_validate(
    {
        "name": "Scholars",
        "years": [{"name": "2026-27", "half_terms": TERMS}],
        "bank_holidays": {"2026-08-31": "Summer", "2027-05-03": "Early May", "2027-05-31": "Spring"},
        "inset": ["2026-08-26"],
        "closures": {"2027-02-03": "Snow"},
        "schools": {
            "glenfield": {"inset": ["2027-06-07"], "closures": {"2026-11-02": "Burst boiler"}},
            "hollins": {
                "inset": ["2027-05-28"],
                "half_terms": {"2026-27 autumn 2": ["2026-10-28", "2026-12-18"]},
            },
        },
    }
)
FRIDAY_BEFORE_HALF_TERM = date(2027, 5, 28)


def test_a_leicestershire_year_begins_in_august() -> None:
    assert CALENDAR.is_school_day(None, date(2026, 8, 27))
    assert CALENDAR.first_day("2026-27 autumn 1") == date(2026, 8, 27)  # The 26th is INSET.
    assert not CALENDAR.is_school_day(None, date(2026, 8, 31))  # A bank holiday within term.


def test_the_end_of_may_is_counted_over_half_term() -> None:
    assert CALENDAR.shift(FRIDAY_BEFORE_HALF_TERM, 1) == date(2027, 6, 7)
    assert CALENDAR.shift(FRIDAY_BEFORE_HALF_TERM, 1, Unit.WORKING_DAYS) == date(2027, 6, 1)
    assert CALENDAR.shift(FRIDAY_BEFORE_HALF_TERM, 1, Unit.DAYS) == date(2027, 5, 29)


def test_two_schools_with_different_inset_days_count_differently() -> None:
    thursday = date(2027, 5, 27)

    assert CALENDAR.shift(thursday, 2, school="glenfield") == date(2027, 6, 8)
    assert CALENDAR.shift(thursday, 2, school="hollins") == date(2027, 6, 8)
    assert CALENDAR.shift(thursday, 1, school="glenfield") == FRIDAY_BEFORE_HALF_TERM
    assert CALENDAR.shift(thursday, 1, school="hollins") == date(2027, 6, 7)


def test_a_school_without_days_of_its_own_keeps_the_shared_ones() -> None:
    assert CALENDAR.pupil_days("2026-27 summer 2", "brook-lane") == CALENDAR.pupil_days("2026-27 summer 2")


def test_a_school_may_have_its_own_half_term_dates() -> None:
    assert CALENDAR.first_day("2026-27 autumn 2", "hollins") == date(2026, 10, 28)
    assert CALENDAR.half_term("2026-27 autumn 2", "hollins").first == date(2026, 10, 28)
    assert CALENDAR.half_terms("hollins")[1].first == date(2026, 10, 28)
    assert CALENDAR.half_terms()[1].first == date(2026, 10, 26)


def test_a_closure_is_no_school_day() -> None:
    assert not CALENDAR.is_school_day("glenfield", date(2027, 2, 3))
    assert not CALENDAR.is_school_day("glenfield", date(2026, 11, 2))
    assert CALENDAR.is_school_day("hollins", date(2026, 11, 2))


def test_the_last_pupil_day_is_before_an_inset_day() -> None:
    assert CALENDAR.last_day("2026-27 summer 1") == FRIDAY_BEFORE_HALF_TERM
    assert CALENDAR.last_day("2026-27 summer 1", "hollins") == date(2027, 5, 27)


def test_one_school_day_from_a_saturday_is_the_monday_after_or_the_friday_before() -> None:
    saturday = date(2026, 9, 12)

    assert CALENDAR.shift(saturday, 1) == date(2026, 9, 14)
    assert CALENDAR.shift(saturday, -1) == date(2026, 9, 11)
    assert CALENDAR.shift(saturday, 0) == saturday


def test_working_days_pass_over_bank_holidays_but_not_school_holidays() -> None:
    assert CALENDAR.is_working_day(date(2027, 6, 1))
    assert not CALENDAR.is_working_day(date(2027, 5, 31))


@given(
    n=st.integers(-150, 150),
    start=st.integers(0, 184),
    school=st.sampled_from([None, "glenfield", "hollins"]),
)
def test_from_a_school_day_there_and_back_is_the_same_day(n: int, start: int, school: str | None) -> None:
    days = sorted(CALENDAR.school_days(school))
    assume(0 <= start + n < len(days))

    there = CALENDAR.shift(days[start], n, school=school)

    assert there == days[start + n]
    assert CALENDAR.shift(there, -n, school=school) == days[start]


@given(start=st.dates(date(2026, 8, 26), date(2027, 7, 8)), n=st.integers(1, 20))
def test_a_shift_lands_on_a_counted_day_strictly_beyond_the_start(start: date, n: int) -> None:
    assume(start + timedelta(days=6 * n) < date(2027, 4, 1))

    reached = CALENDAR.shift(start, n)

    assert reached > start
    assert CALENDAR.is_school_day(None, reached)


def test_a_count_beyond_the_calendar_is_refused_with_the_remedy() -> None:
    with pytest.raises(BeyondCalendarError) as refused:
        CALENDAR.shift(date(2027, 7, 8), 5)

    assert str(refused.value) == (
        "cannot say what is 5 school days after Thu 8 Jul 2027: calendar 'Scholars' v1 knows "
        "Wed 26 Aug 2026 to Sat 31 Jul 2027; add the academic year to it and run `termwise calendar import`"
    )


@pytest.mark.parametrize("day", [date(2026, 8, 25), date(2027, 8, 26)])
def test_the_calendar_does_not_guess_about_days_outside(day: date) -> None:
    with pytest.raises(BeyondCalendarError):
        CALENDAR.is_school_day(None, day)
    with pytest.raises(BeyondCalendarError):
        CALENDAR.is_working_day(day)
    with pytest.raises(BeyondCalendarError):
        CALENDAR.shift(day, 1)
    assert CALENDAR.year_of(day) is None
    assert CALENDAR.shift(day, 1, Unit.DAYS) == day + timedelta(days=1)


def test_an_unknown_half_term_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean '2026-27 summer 1'"):
        CALENDAR.first_day("2026-27 sumer 1")


def test_a_half_term_that_is_all_inset_has_no_first_day() -> None:
    shut = CALENDAR.model_copy(update={"inset": CALENDAR.pupil_days("2026-27 summer 2")})

    with pytest.raises(RefusedError, match="no pupil days"):
        shut.first_day("2026-27 summer 2")


def test_a_changed_copy_does_not_remember_the_days_of_the_original() -> None:
    assert CALENDAR.is_school_day(None, date(2026, 9, 15))

    changed = CALENDAR.model_copy(update={"version": 2, "closures": {date(2026, 9, 15): "Flood"}})

    assert not changed.is_school_day(None, date(2026, 9, 15))
    assert changed != CALENDAR


def test_a_calendar_survives_json() -> None:
    CALENDAR.is_school_day("glenfield", date(2026, 9, 15))

    assert Calendar.model_validate_json(CALENDAR.model_dump_json()) == CALENDAR


@pytest.mark.parametrize(
    ("day", "clock", "instant"),
    [
        (date(2026, 10, 23), time(17), datetime(2026, 10, 23, 16, tzinfo=UTC)),
        (date(2026, 10, 26), time(17), datetime(2026, 10, 26, 17, tzinfo=UTC)),
        (date(2027, 3, 26), time(8), datetime(2027, 3, 26, 8, tzinfo=UTC)),
        (date(2027, 3, 29), time(8), datetime(2027, 3, 29, 7, tzinfo=UTC)),
        (date(2026, 10, 25), time(1, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # Shown twice.
        (date(2027, 3, 28), time(1, 30), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),  # Never shown.
    ],
)
def test_the_clock_on_the_wall_holds_over_both_clock_changes(
    day: date, clock: time, instant: datetime
) -> None:
    assert CALENDAR.at(day, clock) == instant
    assert CALENDAR.at(day, clock).tzinfo is UTC


def test_late_in_a_summer_evening_it_is_already_tomorrow() -> None:
    assert CALENDAR.local_date(datetime(2027, 6, 8, 23, 30, tzinfo=UTC)) == date(2027, 6, 9)


def test_holidays_belong_to_the_year_they_follow() -> None:
    assert CALENDAR.year_of(date(2026, 12, 25)) == "2026-27"
    assert CALENDAR.year_of(date(2027, 7, 31)) == "2026-27"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"years": []}, "at least 1"),
        ({"years": [{"name": "2026-27", "half_terms": {"autumn 3": TERMS["autumn 1"]}}]}, "autumn 1"),
        (
            {"years": [{"name": "2026-27", "half_terms": {"autumn 1": ["2026-10-16", "2026-08-26"]}}]},
            "before it begins",
        ),
        (
            {
                "years": [
                    {"name": "2026-27", "half_terms": TERMS | {"autumn 2": ["2026-10-16", "2026-12-18"]}}
                ]
            },
            "autumn 2 begins before autumn 1 has ended",
        ),
        ({"years": [{"name": name, "half_terms": TERMS} for name in ("2026-27", "2026-27")]}, "in order"),
        ({"schools": {"glenfield": {"half_terms": {"2026-27 lent": TERMS["spring 1"]}}}}, "in no year"),
        ({"time_zone": "Europe/Leicester"}, "Europe/London"),
    ],
)
def test_a_calendar_that_cannot_be_right_is_not_made(change: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        CALENDAR.model_copy(update=change)


SHIRES = Calendar.model_validate(
    {
        "name": "Scholars",
        "authority": "leicestershire",
        "years": [{"name": "2026-27", "half_terms": TERMS}],
        "bank_holidays": {"2026-08-31": "Summer", "2027-05-03": "Early May", "2027-05-31": "Spring"},
        "inset": ["2026-08-26"],
        "closures": {"2027-02-03": "Snow"},
        "authorities": {
            "rutland": {
                "half_terms": {"2026-27 autumn 1": ["2026-09-01", "2026-10-16"]},
                "inset": ["2026-09-01"],
                "bank_holidays": {"2026-09-07": "Rutland Day"},
            }
        },
        "schools": {
            "glenfield": {"authority": "leicestershire"},
            "oakham": {"authority": "rutland", "open": ["2027-02-03"]},
            "uppingham": {
                "authority": "rutland",
                "half_terms": {"2026-27 autumn 1": ["2026-09-03", "2026-10-16"]},
                "inset": ["2026-09-04"],
                "open": ["2026-09-01"],
            },
        },
    }
)


def test_a_school_keeps_the_dates_of_the_authority_that_it_names_unless_it_has_its_own() -> None:
    firsts = [
        SHIRES.first_day("2026-27 autumn 1", each) for each in (None, "glenfield", "oakham", "uppingham")
    ]

    assert firsts == [date(2026, 8, 27), date(2026, 8, 27), date(2026, 9, 2), date(2026, 9, 3)]


def test_a_bank_holiday_of_an_authority_is_no_working_day_there() -> None:
    monday = date(2026, 9, 7)

    assert SHIRES.is_working_day(monday)
    assert not SHIRES.is_working_day(monday, "oakham")
    assert SHIRES.shift(date(2026, 9, 4), 1, Unit.WORKING_DAYS, "oakham") == date(2026, 9, 8)
    assert SHIRES.shift(date(2026, 9, 4), 1, Unit.WORKING_DAYS, "glenfield") == monday


@pytest.mark.parametrize(
    ("day", "school", "said"),
    [
        ("2026-08-26", None, "Wed 26 Aug 2026: an INSET day, staff only"),
        ("2026-08-27", None, "Thu 27 Aug 2026: pupils come"),
        ("2026-08-31", None, "Mon 31 Aug 2026: a bank holiday (Summer)"),
        ("2026-09-01", "oakham", "Tue 1 Sep 2026: an INSET day, staff only"),
        ("2026-09-02", "uppingham", "Wed 2 Sep 2026: a school holiday"),
        ("2026-09-12", "oakham", "Sat 12 Sep 2026: a weekend"),
        ("2026-10-20", None, "Tue 20 Oct 2026: a school holiday (half term)"),
        ("2026-12-21", None, "Mon 21 Dec 2026: a school holiday (Christmas holidays)"),
        ("2027-02-03", None, "Wed 3 Feb 2027: closed (Snow)"),
        ("2027-02-03", "oakham", "Wed 3 Feb 2027: pupils come"),
        ("2027-04-01", None, "Thu 1 Apr 2027: a school holiday (Easter holidays)"),
        ("2027-07-12", None, "Mon 12 Jul 2027: a school holiday (summer holidays)"),
    ],
)
def test_every_day_is_of_one_kind_and_says_why(day: str, school: str | None, said: str) -> None:
    assert SHIRES.day(date.fromisoformat(day), school).said == said


@given(
    day=st.dates(date(2026, 8, 26), date(2027, 7, 31)), school=st.sampled_from([None, "oakham", "uppingham"])
)
def test_a_pupil_day_is_a_school_day_and_nothing_else_is(day: date, school: str | None) -> None:
    assert (SHIRES.day(day, school).kind == "pupil day") == SHIRES.is_school_day(school, day)


def test_an_authority_that_nobody_described_is_refused_with_the_nearest() -> None:
    with pytest.raises(ValidationError, match="did you mean 'rutland'"):
        Calendar.model_validate(
            SHIRES.model_dump(mode="json") | {"schools": {"oakham": {"authority": "rutlnd"}}}
        )


def test_a_calendar_of_before_keeps_its_text_and_so_its_digest() -> None:
    written = CALENDAR.model_dump_json()

    assert Calendar.model_validate_json(written) == CALENDAR
    assert written.startswith(
        '{"years":[{"name":"2026-27","half_terms":{"autumn 1":["2026-08-26","2026-10-16"]'
    )
    assert written.endswith('"version":1,"time_zone":"Europe/London"}')
    for new in ("authorit", "changed", "open", '"bank_holidays":{},'):
        assert new not in written


def test_terms_and_years_have_ends() -> None:
    assert [each.name for each in CALENDAR.ends_of("2026-27 autumn")] == [
        "2026-27 autumn 1",
        "2026-27 autumn 2",
    ]
    assert [each.name for each in CALENDAR.ends_of("2026-27")] == ["2026-27 autumn 1", "2026-27 summer 2"]
    with pytest.raises(BeyondCalendarError, match="when 2031-32 autumn is"):
        CALENDAR.ends_of("2031-32 autumn")
    with pytest.raises(UnknownNameError, match="did you mean '2026-27 autumn'"):
        CALENDAR.ends_of("2026-27 autum")
