"""When work is due by the words of a definition."""

from datetime import UTC, date, datetime

from engine.calendar import Calendar
from engine.deadlines import Deadline, parse_rule, resolve

CALENDAR = Calendar.model_validate(
    {
        "name": "Scholars",
        "years": [
            {
                "name": "2026-27",
                "half_terms": {
                    "autumn 1": ["2026-08-26", "2026-10-16"],
                    "summer 1": ["2027-04-12", "2027-05-28"],
                    "summer 2": ["2027-06-07", "2027-07-09"],
                },
            }
        ],
        "bank_holidays": {"2027-05-03": "Early May", "2027-05-31": "Spring"},
        "schools": {"hollins": {"inset": ["2027-05-20"]}},
    }
)
ANCHORS: dict[str, date | str] = {
    "session": date(2027, 5, 26),
    "half_term": "2026-27 summer 1",
    "start": datetime(2027, 4, 30, 23, 30, tzinfo=UTC),  # Sat 1 May in London.
    "dialogue.done": "2027-05-28",
    "text": "Friday",
}
OPENED = datetime(2027, 5, 1, 9, tzinfo=UTC)


def due(text: str, school: str | None = "glenfield", **how: object) -> Deadline:
    return resolve(parse_rule(text), ANCHORS, CALENDAR, school, **how)  # type: ignore[arg-type]
