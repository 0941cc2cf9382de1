"""The workload ledger as the board and the union read it."""

from datetime import date, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from definitions.trust import load_trust
from engine.access.reader import OPERATOR, reader
from reports.ledger import FEWEST, OTHERS, PersonWeek, may_see, overloads, summary

MONDAY = date(2026, 11, 2)
DIRECTORY = load_trust(Path("examples/scholars")).directory
EVERYBODY = [person.id for person in DIRECTORY.people]
TEACHERS = DIRECTORY.holders("class-teacher", MONDAY)
HEADS = DIRECTORY.holders("headteacher", MONDAY)


def week(person: str, minutes: int, *, monday: date = MONDAY, took: int = 0, expected: int = 0) -> PersonWeek:
    return PersonWeek(
        person=person, monday=monday, to_do=minutes, took=took, expected=expected, said=bool(took), tasks=1
    )


def test_roles_of_ten_and_more_are_told_apart_and_the_rest_together() -> None:
    weeks = [week(person, 60 * nth) for nth, person in enumerate(TEACHERS[:11])]
    others = [week(person, 30) for person in (*HEADS, *DIRECTORY.holders("teaching-assistant", MONDAY)[:7])]

    told = summary([*weeks, *others], DIRECTORY, 240, MONDAY, MONDAY)

    shares = {share.role: share for share in told.roles}
    assert shares[OTHERS].people == len(HEADS) + 7
    assert shares[OTHERS].middle == 30
    assert set(shares) == {"class-teacher", OTHERS}
    assert shares["class-teacher"].over == 6  # five hours to ten
    assert shares["class-teacher"].middle == 300


def test_of_a_small_rest_nothing_is_told() -> None:
    weeks = [*(week(person, 60) for person in TEACHERS[:10]), *(week(person, 600) for person in HEADS)]

    told = summary(weeks, DIRECTORY, 240, MONDAY, MONDAY)

    assert [share.role for share in told.roles] == ["class-teacher"]


@given(st.lists(st.sampled_from(EVERYBODY), max_size=60))
def test_no_row_is_of_fewer_than_ten(people: list[str]) -> None:
    told = summary([week(person, 60) for person in people], DIRECTORY, 240, MONDAY, MONDAY)

    assert all(share.people >= FEWEST for share in told.roles)


def test_what_was_done_counts_as_what_it_took() -> None:
    others = [week(person, 60) for person in TEACHERS[1:11]]
    told = summary([week(TEACHERS[0], 30, took=90, expected=60), *others], DIRECTORY, 240, MONDAY, MONDAY)

    assert (told.minutes, told.expected, told.took, told.said) == (720, 60, 90, 1)


def test_of_fewer_than_ten_people_not_even_the_sum_is_told() -> None:
    told = summary(
        [week(person, 60, took=30, expected=15) for person in TEACHERS[:9]], DIRECTORY, 240, MONDAY, MONDAY
    )

    assert (told.people, told.minutes, told.expected, told.took, told.said, told.roles) == (*[None] * 5, ())


def test_a_week_goes_over_the_limit_by_what_would_come() -> None:
    known = [week("p-0011", 200), week("p-0012", 500)]
    later = MONDAY + timedelta(weeks=1)
    more = {("p-0011", MONDAY): 60, ("p-0011", later): 60, ("p-0012", later): 300, ("p-0013", MONDAY): 0}

    found = overloads(known, more, 240)

    assert [(each.person, each.monday, each.now, each.more) for each in found] == [
        ("p-0012", later, 0, 300),
        ("p-0011", MONDAY, 200, 60),
    ]


def test_a_full_week_that_gets_nothing_more_is_no_warning() -> None:
    assert overloads([week("p-0011", 900)], {("p-0011", MONDAY + timedelta(weeks=1)): 30}, 240) == ()


def test_heads_see_their_own_people_and_people_themselves() -> None:
    head, teacher = reader(DIRECTORY, "p-0005", MONDAY), reader(DIRECTORY, "p-0021", MONDAY)

    assert may_see(head, "p-0021")
    assert may_see(teacher, "p-0021")
    assert not may_see(teacher, "p-0020")
    assert not may_see(reader(DIRECTORY, "p-0051", MONDAY), "p-0021")
    assert may_see(OPERATOR, "p-0021")
