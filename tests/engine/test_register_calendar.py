"""The calendar in the register: who may change it, what is refused, and what the log says of the change."""

from datetime import UTC, date, datetime

import pytest

from engine import library
from engine.calendar import Calendar
from engine.calendar_changes import changed_days, said_changes
from engine.calendar_parts import CalendarPart, next_version, opened, with_part
from engine.commands import command_id
from engine.errors import InvalidInputError, NotAllowedError, RefusedError
from engine.events import EVENT
from engine.fact import TERMWISE
from engine.own_days import OwnDays, SchoolDays, Span
from engine.register.calendar_facts import CalendarChanged
from engine.register.calendars import ImportCalendar
from engine.register.deciding import decide, evolve, replay
from engine.register.people import ImportDirectory
from engine.register.register import Register
from tests.documents import kept
from tests.worlds import calendar, directory, named

AT = datetime(2027, 4, 20, 9, tzinfo=UTC)
CHIEF = named(directory(), "Chief")
SNOW = CalendarPart(closures={date(2027, 4, 22): "Snow"})


def order(new: Calendar, by: str = CHIEF, instead_of: str | None = None) -> ImportCalendar:
    return ImportCalendar(
        id=command_id("calendar", by), by=by, reason="Snow", calendar=kept(new), instead_of=instead_of
    )


def begun(first: Calendar | None = None) -> Register:
    register = replay(decide(Register(), order(first or calendar(), TERMWISE), AT))
    people = ImportDirectory(id=command_id("people"), by=TERMWISE, directory=kept(directory()))
    for fact in decide(register, people, AT):
        register = evolve(register, fact)
    return register


def test_a_newer_version_is_taken_over_and_the_log_says_which_days_it_changes() -> None:
    register = begun()
    new = next_version(calendar(), with_part(calendar(), SNOW, school="ash"), "ash: closed")

    (fact,) = decide(register, order(new, instead_of=register.calendar), AT)

    assert isinstance(fact, CalendarChanged)
    assert (fact.number, fact.was, fact.reason) == (2, register.calendar, "Snow")
    assert fact.changes == ("ash: Thu 22 Apr 2027: closed (Snow), was a pupil day",)
    assert EVENT.validate_json(EVENT.dump_json(fact)) == fact
    assert library.calendar(str(evolve(register, fact).calendar)) == new


def test_a_version_that_is_not_newer_is_refused_with_the_number_to_give() -> None:
    register, same = begun(), with_part(calendar(), SNOW)

    with pytest.raises(InvalidInputError, match="give the calendar `version: 2`"):
        decide(register, order(same), AT)
    assert decide(register, order(calendar()), AT) == ()


def test_half_terms_that_are_not_over_may_not_vanish() -> None:
    (year,) = calendar().years
    left = {name: span for name, span in year.half_terms.items() if name != "summer 2"}
    gone = {name: span for name, span in year.half_terms.items() if name != "autumn 1"}
    register = begun()

    def with_half_terms(kept: dict[str, Span]) -> Calendar:
        made = year.model_dump() | {"half_terms": kept}
        return next_version(calendar(), calendar().model_copy(update={"years": (made,)}), "fewer")

    with pytest.raises(
        InvalidInputError, match="2026-27 summer 2 would be lost, and it ends only on Fri 9 Jul"
    ):
        decide(register, order(with_half_terms(dict(left))), AT)
    assert decide(register, order(with_half_terms(dict(gone))), AT)


def test_only_an_administrator_changes_the_calendar_and_nobody_changes_what_they_have_not_seen() -> None:
    register = begun()
    new = next_version(calendar(), with_part(calendar(), SNOW), "closed")

    with pytest.raises(
        NotAllowedError, match="Head ash may not change days that are not of their own school alone"
    ):
        decide(register, order(new, named(directory(), "Head ash")), AT)
    with pytest.raises(RefusedError, match="somebody else has changed the calendar meanwhile"):
        decide(register, order(new, instead_of="another"), AT)


def test_days_in_a_row_are_told_as_one_over_the_weekend_and_shared_ones_once() -> None:
    before = calendar()
    days = [date(2027, 4, 22), date(2027, 4, 23), date(2027, 4, 26)]
    after = with_part(before, CalendarPart(inset=tuple(days)))
    after = with_part(after, CalendarPart(closures={date(2027, 4, 28): "Boiler"}), school="beech")

    assert [(each.school, each.said) for each in changed_days(before, after)] == [
        (None, "Thu 22 Apr 2027 to Mon 26 Apr 2027: INSET, was a pupil day"),
        ("beech", "Wed 28 Apr 2027: closed (Boiler), was a pupil day"),
    ]


def test_a_year_that_is_added_is_told_in_one_sentence() -> None:
    span = Span(date(2027, 8, 25), date(2027, 10, 15))
    after = with_part(calendar(), CalendarPart(half_terms={"2027-28 autumn 1": span}))

    assert said_changes(calendar(), after) == ("2027-28 is added",)


def test_a_day_that_was_closed_is_opened_again_at_one_school_or_at_all() -> None:
    day = date(2027, 4, 22)
    closed = with_part(calendar(), SNOW)

    at_ash = opened(closed, [day], school="ash")
    shut_again = with_part(at_ash, CalendarPart(inset=(day,)), school="ash")

    assert at_ash.is_school_day("ash", day)
    assert not at_ash.is_school_day("beech", day)
    assert shut_again.day(day, "ash").kind == "INSET"
    assert opened(closed, [day]).is_school_day("beech", day)
    assert opened(shut_again, [day], school="ash").is_school_day("ash", day)


def test_a_head_closes_their_own_school_and_no_other_and_nothing_that_all_share() -> None:
    register, head = begun(), named(directory(), "Head ash")

    def changed(school: str | None) -> Calendar:
        return next_version(calendar(), with_part(calendar(), SNOW, school=school), "Snow")

    (fact,) = decide(register, order(changed("ash"), by=head), AT)
    assert isinstance(fact, CalendarChanged)
    for school in ("beech", None):
        with pytest.raises(NotAllowedError, match="Head ash may not change days that are not of their own"):
            decide(register, order(changed(school), by=head), AT)
    for stranger in ("Lead ash", "Head beech"):
        with pytest.raises(NotAllowedError, match="for an administrator"):
            decide(register, order(changed("ash"), by=named(directory(), stranger)), AT)


def test_a_head_does_not_choose_whose_dates_their_school_keeps() -> None:
    old = calendar().model_copy(update={"authorities": {"rutland": OwnDays()}})
    new = old.model_copy(update={"version": 2, "schools": {"ash": SchoolDays(authority="rutland")}})

    with pytest.raises(NotAllowedError, match="days that are not of their own school alone"):
        decide(begun(old), order(new, by=named(directory(), "Head ash")), AT)
