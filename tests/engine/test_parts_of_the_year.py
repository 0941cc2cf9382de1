"""Deadlines at parts of the year and on its days, in this year or another."""

from datetime import date

import pytest

from engine.calendar import BeyondCalendarError, Calendar
from engine.deadlines import Deadline, DeadlineRuleError, Roll, parse_rule, resolve
from engine.errors import InvalidInputError

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
