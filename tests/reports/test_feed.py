"""Deadlines as a calendar program reads them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from reports.feed import Due, feed

LONDON = ZoneInfo("Europe/London")


def due(task: str = "k3jx7ab2qd", **other: object) -> Due:
    facts: dict[str, Any] = {
        "task": task,
        "title": "Confirm that the Y6 judgements are complete",
        "due_at": datetime(2027, 5, 18, 16, 0, tzinfo=UTC),
        "due_on": date(2027, 5, 18),
        "opened_at": datetime(2027, 5, 4, 9, 0, tzinfo=UTC),
        "revision": 1,
        "live": True,
    }
    return Due(**facts | other)


def events(*tasks: Due) -> list[Any]:
    return list(Calendar.from_ical(feed("Deadlines", tasks)).walk("VEVENT"))


def test_what_is_due_by_the_end_of_a_day_lasts_the_day_in_summer_and_in_winter() -> None:
    winter = due("w", due_at=datetime(2027, 1, 18, 17, 0, tzinfo=UTC), due_on=date(2027, 1, 18))

    first, second = events(due(), winter)

    assert first["dtstart"].dt == date(2027, 1, 18)
    assert second["dtstart"].dt == date(2027, 5, 18)
    assert second["summary"] == "Confirm that the Y6 judgements are complete"
    assert (second["status"], second["transp"], second["class"]) == ("CONFIRMED", "TRANSPARENT", "PRIVATE")


def test_what_is_due_at_an_hour_is_at_that_hour_on_the_clock_on_the_wall() -> None:
    file = feed("Deadlines", [due(due_at=datetime(2027, 5, 18, 8, 30, tzinfo=UTC))])

    (event,) = Calendar.from_ical(file).walk("VEVENT")

    assert event["dtstart"].dt == datetime(2027, 5, 18, 9, 30, tzinfo=LONDON)
    assert event["dtstart"].params["TZID"] == "Europe/London"
    (zone,) = Calendar.from_ical(file).walk("VTIMEZONE")
    assert zone["tzid"] == "Europe/London"
    assert {part.name for part in zone.subcomponents} == {"STANDARD", "DAYLIGHT"}


def test_a_task_is_one_entry_for_ever_that_moves_and_is_cancelled() -> None:
    later = date(2027, 5, 25)
    moved = due(revision=2, due_on=later, due_at=datetime(2027, 5, 25, 16, 0, tzinfo=UTC))

    first, second, third = (events(each)[0] for each in (due(), moved, due(revision=3, live=False)))

    assert {each["uid"] for each in (first, second, third)} == {"k3jx7ab2qd@termwise.invalid"}
    assert [each["sequence"] for each in (first, second, third)] == [1, 2, 3]
    assert second["dtstart"].dt - first["dtstart"].dt == timedelta(days=7)
    assert [each["status"] for each in (first, second, third)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_the_file_is_the_same_for_the_same_tasks_whatever_their_order() -> None:
    one, other = due("a"), due("b")

    assert feed("x", [one, other]) == feed("x", [other, one])


def test_hostile_titles_stay_titles() -> None:
    title = "Ask;Ann,\r\nBEGIN:VEVENT\r\nUID:evil\\n" + "é" * 300

    (event,) = events(due(title=title))

    assert event["summary"].replace("\n", "\r\n") == title or "BEGIN:VEVENT" in event["summary"]
    lines = feed("x", [due(title=title)]).split(b"\r\n")
    assert [line for line in lines if line.startswith(b"UID")] == [b"UID:k3jx7ab2qd@termwise.invalid"]
    assert max(map(len, lines)) <= 75


def test_nobody_without_deadlines_has_an_empty_calendar() -> None:
    file = Calendar.from_ical(feed("Deadlines", []))

    assert file["version"] == "2.0"
    assert file.walk("VEVENT") == []
