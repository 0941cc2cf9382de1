"""A change of the calendar, as it is told."""

from datetime import UTC, datetime

from engine.register.calendar_facts import CalendarChanged
from reports.calendar_sentences import say
from tests import worlds

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
DIRECTORY = worlds.directory()


def changed(*changes: str, name: str = "Scholars") -> CalendarChanged:
    return CalendarChanged(at=AT, by="p-0001", calendar="a", was="b", name=name, number=2, changes=changes)


def test_a_new_calendar_says_its_version_and_the_first_days_that_change() -> None:
    days = [f"ash: day {number}" for number in range(7)]

    assert say(changed("ash: Thu 22 Apr 2027: closed (Snow), was a pupil day"), DIRECTORY) == (
        "version 2 of the calendar Scholars is in force: ash: Thu 22 Apr 2027: closed (Snow), was a pupil day"
    )
    assert say(changed(*days), DIRECTORY).endswith("ash: day 4; and 2 more")
    assert say(changed(), DIRECTORY) == "version 2 of the calendar Scholars is in force"


def test_a_change_of_before_says_what_is_known_of_it() -> None:
    assert say(changed(name=""), DIRECTORY) == "the calendar is another"
