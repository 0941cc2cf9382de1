"""A school's term dates as an iCalendar file, for calendars at home and on the school's page."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

import icalendar

from engine.calendar import Calendar

#: Names events, so that a calendar that is fetched again changes them instead of adding others; never to be changed.
_EVENTS = UUID("7465726d-7769-5365-8000-646174657300")
_SEASONS = {"autumn": "Autumn term", "spring": "Spring term", "summer": "Summer term"}


def term_dates_ics(calendar: Calendar, school: str | None, stamp: datetime) -> bytes:
    """Every half term, INSET day, closure and bank holiday of a school; of the shared dates without one."""
    file = icalendar.Calendar()
    file.add("prodid", "-//termwise//term dates//EN")
    file.add("version", "2.0")
    for category, first, last, title in _events(calendar, school):
        event = icalendar.Event()
        key = f"{calendar.name}:{school or ''}:{category}:{first}:{title}"
        event.add("uid", str(uuid5(_EVENTS, key)))
        event.add("dtstamp", stamp)
        event.add("dtstart", first)
        event.add("dtend", last + timedelta(days=1))
        event.add("summary", title)
        event.add("categories", [category])
        event.add("transp", "TRANSPARENT")
        file.add_component(event)
    return bytes(file.to_ical())


def _events(calendar: Calendar, school: str | None) -> Iterator[tuple[str, date, date, str]]:
    for each in calendar.half_terms(school):
        year, season, number = each.name.split()
        yield "HALF TERM", each.first, each.last, f"{_SEASONS[season]} {number} {year}"
    for day in sorted(calendar.shut_at(school)):
        if why := calendar.why_closed(day, school):
            yield "CLOSURE", day, day, f"School closed: {why}"
        else:
            yield "INSET", day, day, "INSET day"
    for day, name in sorted(calendar.bank_holidays_at(school).items()):
        yield "BANK HOLIDAY", day, day, name
