"""When letters go: the pace somebody chose, quiet hours, holidays, and both changes of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.calendar import Calendar
from engine.covering import Absence
from engine.letters_policy import Sending, when, work_days
from engine.wishes import Wishes
from tests import worlds

LONDON = ZoneInfo("Europe/London")
HEAD_ASH, HEAD_BEECH, CHIEF = "p-0003", "p-0010", "p-0001"
PEOPLE = worlds.directory()


def calendar(**schools: object) -> Calendar:
    """The year of the test trust, with an INSET day that all share, and others of each school."""
    plain = worlds.calendar().model_dump(mode="json")
    return Calendar.model_validate(plain | {"inset": ["2027-04-12"], "schools": schools})


CALENDAR = calendar(ash={"inset": ["2027-04-23"]}, beech={"closures": {"2027-04-21": "Snow"}})


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON).astimezone(UTC)  # type: ignore[misc,arg-type]


def judge(
    now: datetime,
    wishes: Wishes | None = None,
    *,
    planned: datetime | None = None,
    person: str = HEAD_ASH,
    urgent: bool = False,
) -> Sending:
    works = work_days(CALENDAR, PEOPLE, person)
    return when(now, planned or now, wishes or Wishes(), CALENDAR, works, urgent=urgent)


@pytest.mark.parametrize(
    ("now", "at", "held"),
    [
        ((2027, 4, 20, 9, 0), (2027, 4, 20, 9, 0), None),
        ((2027, 4, 20, 17, 59), (2027, 4, 20, 17, 59), None),
        ((2027, 4, 20, 18, 0), (2027, 4, 21, 7, 0), "night"),
        ((2027, 4, 20, 23, 59), (2027, 4, 21, 7, 0), "night"),
        ((2027, 4, 20, 0, 0), (2027, 4, 20, 7, 0), "night"),
        ((2027, 4, 20, 6, 59), (2027, 4, 20, 7, 0), "night"),
        ((2027, 4, 20, 7, 0), (2027, 4, 20, 7, 0), None),
        ((2027, 4, 24, 12, 0), (2027, 4, 26, 7, 0), "holiday"),  # Saturday
        ((2027, 4, 23, 19, 0), (2027, 4, 26, 7, 0), "holiday"),  # Friday evening
        ((2027, 5, 29, 12, 0), (2027, 6, 7, 7, 0), "holiday"),  # the half term
        ((2027, 5, 3, 12, 0), (2027, 5, 4, 7, 0), "holiday"),  # May Day
        ((2027, 4, 12, 12, 0), (2027, 4, 12, 12, 0), None),  # an INSET day is work
        ((2027, 4, 10, 12, 0), (2027, 4, 12, 7, 0), "holiday"),  # and ends the holidays
    ],
)
def test_a_letter_goes_at_once_but_for_nights_and_holidays(
    now: tuple[int, ...], at: tuple[int, ...], held: str | None
) -> None:
    assert judge(local(*now)) == Sending(at=local(*at), held=held)


def test_each_school_has_holidays_of_its_own_and_the_trust_those_they_share() -> None:
    snow, inset = local(2027, 4, 21, 10, 0), local(2027, 4, 23, 10, 0)

    assert judge(snow, person=HEAD_ASH).held is None
    assert judge(snow, person=HEAD_BEECH) == Sending(at=local(2027, 4, 22, 7, 0), held="holiday")
    assert judge(snow, person=CHIEF).held is None
    assert judge(inset, person=HEAD_ASH).held is None


def test_somebody_may_choose_to_be_written_to_in_the_holidays_but_not_at_night() -> None:
    wishes = Wishes(hold_holidays=False)

    assert judge(local(2027, 5, 29, 12, 0), wishes).held is None
    assert judge(local(2027, 5, 29, 22, 0), wishes) == Sending(at=local(2027, 5, 30, 7, 0), held="night")


def test_quiet_hours_may_be_ones_own_within_limits() -> None:
    wishes = Wishes(quiet_from=time(21), quiet_until=time(8, 30))

    assert judge(local(2027, 4, 20, 20, 59), wishes).held is None
    assert judge(local(2027, 4, 20, 21, 0), wishes).at == local(2027, 4, 21, 8, 30)
    with pytest.raises(ValidationError, match="quiet hours begin between 16:00 and 22:00, not at 23:00"):
        Wishes(quiet_from=time(23))
    with pytest.raises(ValidationError, match="quiet hours end between 05:00 and 10:00, not at 04:00"):
        Wishes(quiet_until=time(4))


@pytest.mark.parametrize(
    ("pace", "planned", "at"),
    [
        ("daily", (2027, 4, 20, 6, 0), (2027, 4, 20, 7, 0)),
        ("daily", (2027, 4, 20, 9, 0), (2027, 4, 21, 7, 0)),
        ("daily", (2027, 4, 23, 9, 0), (2027, 4, 26, 7, 0)),  # over the weekend
        ("weekly", (2027, 4, 20, 9, 0), (2027, 4, 26, 7, 0)),
        ("weekly", (2027, 4, 26, 6, 0), (2027, 4, 26, 7, 0)),
        ("weekly", (2027, 4, 26, 8, 0), (2027, 5, 4, 7, 0)),  # Monday is May Day
        ("weekly", (2027, 5, 27, 9, 0), (2027, 6, 7, 7, 0)),
    ],
)
def test_a_digest_goes_on_the_next_morning_of_its_pace(
    pace: str, planned: tuple[int, ...], at: tuple[int, ...]
) -> None:
    found = judge(local(*planned), Wishes.model_validate({"pace": pace}))

    assert found.at == local(*at)
    assert found.held is not None


def test_what_was_due_this_morning_goes_now_though_the_courier_was_away() -> None:
    planned, now = local(2027, 4, 20, 9, 0), local(2027, 4, 21, 11, 0)

    assert judge(now, Wishes(pace="daily"), planned=planned) == Sending(at=now)
    late = judge(local(2027, 4, 21, 22, 0), Wishes(pace="daily"), planned=planned)
    assert late == Sending(at=local(2027, 4, 22, 7, 0), held="night")


def test_what_the_law_asks_for_and_is_late_waits_for_nothing() -> None:
    midnight_in_the_holidays = local(2027, 5, 29, 0, 30)

    found = judge(midnight_in_the_holidays, Wishes(pace="weekly"), urgent=True)

    assert found == Sending(at=midnight_in_the_holidays)


@pytest.mark.parametrize(
    ("evening", "morning"),
    [
        (datetime(2027, 3, 27, 18, 30, tzinfo=UTC), datetime(2027, 3, 28, 6, 0, tzinfo=UTC)),
        (datetime(2026, 10, 24, 18, 30, tzinfo=UTC), datetime(2026, 10, 25, 7, 0, tzinfo=UTC)),
    ],
)
def test_seven_is_seven_on_the_wall_across_both_changes_of_the_clocks(
    evening: datetime, morning: datetime
) -> None:
    found = judge(evening, Wishes(hold_holidays=False))

    assert found == Sending(at=morning, held="night")


def test_the_night_begins_by_the_clock_on_the_wall() -> None:
    half_past_five_utc = datetime(2027, 4, 20, 17, 30, tzinfo=UTC)  # 18:30 in summer
    in_winter = datetime(2027, 1, 19, 17, 30, tzinfo=UTC)

    assert judge(half_past_five_utc).held == "night"
    assert judge(in_winter).held is None


def test_a_calendar_that_has_ended_holds_weekends_only() -> None:
    assert judge(local(2028, 2, 2, 12, 0)).held is None  # a Wednesday
    assert judge(local(2028, 2, 5, 12, 0)) == Sending(at=local(2028, 2, 7, 7, 0), held="holiday")


@given(
    minutes=st.integers(0, 500 * 24 * 60),
    later=st.timedeltas(timedelta(0), timedelta(days=20)),
    pace=st.sampled_from(["immediate", "daily", "weekly"]),
    hold=st.booleans(),
)
def test_what_may_go_goes_neither_at_night_nor_early_and_judging_again_agrees(
    minutes: int, later: timedelta, pace: str, *, hold: bool
) -> None:
    planned = datetime(2026, 8, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    wishes = Wishes.model_validate({"pace": pace, "hold_holidays": hold})

    found = judge(planned + later, wishes, planned=planned)

    wall = found.at.astimezone(LONDON)
    assert found.at >= planned + later
    assert time(7) <= wall.time() < time(18)
    assert (found.held is None) == (found.at == planned + later)
    assert judge(found.at, wishes, planned=planned) == Sending(at=found.at)
    if hold:
        assert work_days(CALENDAR, PEOPLE, HEAD_ASH)(date(wall.year, wall.month, wall.day))


def test_whoever_is_away_is_written_to_when_they_are_back() -> None:
    def gone(expected: date | None, until: date | None = None) -> Sending:
        absence = Absence(id="a-1", person=HEAD_ASH, since=date(2027, 4, 19), expected=expected, until=until)
        works = work_days(CALENDAR, PEOPLE.model_copy(update={"absences": (absence,)}), HEAD_ASH)
        now = local(2027, 4, 20, 9, 0)
        return when(now, now, Wishes(), CALENDAR, works)

    assert gone(date(2027, 4, 22)) == Sending(at=local(2027, 4, 23, 7, 0), held="holiday")
    assert gone(None, date(2027, 4, 21)) == Sending(at=local(2027, 4, 22, 7, 0), held="holiday")
    assert gone(date(2027, 4, 19)) == Sending(at=local(2027, 4, 20, 9, 0))
    assert gone(None) == Sending(at=local(2027, 6, 19, 7, 0), held="holiday")  # not for ever
