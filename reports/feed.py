"""A person's deadlines as a calendar file (iCalendar, RFC 5545), for Outlook, Google and telephones.

Each task keeps one UID for ever, and its SEQUENCE grows with whatever happens to it: a program that has read an
earlier feed moves the entry instead of adding one. What is done, put off or somebody else's is cancelled. Beside the
titles of the person's own tasks nothing in it says anything about anybody.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vText

from engine.model import Model

#: The clock on the wall of an English school.
ZONE = ZoneInfo("Europe/London")
#: When a school day ends: what is due then is due on the day.
END_OF_DAY = time(17)
_PRODUCT = "-//termwise//deadlines//EN"


class Due(Model):
    """A task with a deadline, as the inbox has it."""

    task: str
    title: str
    due_at: datetime
    due_on: date
    opened_at: datetime
    revision: int
    """Grows with whatever happens to the task."""
    live: bool
    """Still asked of this person."""


def feed(name: str, tasks: Iterable[Due]) -> bytes:
    """The file: the same for the same tasks. `name`: what the calendar is called."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(name))
    # How often to look again: the first is the standard (RFC 7986), the second is what Outlook heeds.
    calendar.add("refresh-interval;value=duration", vText("PT1H"))
    calendar.add("x-published-ttl", vText("PT1H"))
    for each in sorted(tasks, key=lambda due: (due.due_at, due.task)):
        calendar.add_component(_event(each))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(due: Due) -> Event:
    event = Event()
    event.add("uid", f"{due.task}@termwise.invalid")
    event.add("dtstamp", due.opened_at)
    event.add("sequence", due.revision)
    at = due.due_at.astimezone(ZONE)
    whole_day = at.time() == END_OF_DAY and at.date() == due.due_on
    event.add("dtstart", due.due_on if whole_day else at)
    event.add("summary", due.title if due.live else f"No longer due: {due.title}")
    event.add("description", f"termwise tasks show {due.task}")
    event.add("status", "CONFIRMED" if due.live else "CANCELLED")
    # A deadline keeps nobody from meeting others.
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
