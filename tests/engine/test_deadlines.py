"""Due rules as people write them, the dates they give, and what happens around a deadline."""

from datetime import UTC, date, datetime, time

import pytest

from engine.calendar import BeyondCalendarError
from engine.deadlines import Deadline, DeadlineRuleError, Roll, parse_rule, resolve
from engine.errors import InvalidInputError, UnknownNameError
from tests.engine.due import CALENDAR, due


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
