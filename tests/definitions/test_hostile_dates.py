"""Files of dates that are meant to hurt: told or used within limits of time and memory, never a hang."""

from functools import partial
from pathlib import Path

import pytest

from definitions.imports.term_dates import read_term_dates
from definitions.yaml_source import SourceError
from tests.definitions.watching import watched

EVENT = "BEGIN:VEVENT\r\nSUMMARY:INSET day\r\nDTSTART;VALUE=DATE:20260901\r\n{}END:VEVENT\r\n"
FILES = {
    "nothing": "",
    "no calendar": "hello\n" * 1_000,
    "no events": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    "an event without end": "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:INSET day\r\n",
    "an event in an event": "BEGIN:VCALENDAR\r\n" + "BEGIN:VEVENT\r\n" * 5_000,
    "too many events": "BEGIN:VCALENDAR\r\n" + EVENT.format("") * 10_000,
    "a thousand events": "BEGIN:VCALENDAR\r\n" + EVENT.format("") * 1_900,
    "ten megabytes": "BEGIN:VCALENDAR\r\n" + "X-JUNK:" + "x" * 10_000_000,
    "a recurrence for ever": "BEGIN:VCALENDAR\r\n" + EVENT.format("RRULE:FREQ=SECONDLY;UNTIL=99991231\r\n"),
    "a thousand recurrences": "BEGIN:VCALENDAR\r\n" + EVENT.format("RRULE:FREQ=DAILY\r\n" * 150) * 50,
    "exceptions without end": "BEGIN:VCALENDAR\r\n" + EVENT.format("EXDATE:" + "20260901," * 90_000 + "\r\n"),
    "a zone that recurs": (
        "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:00010101T000000\r\n"
        "RRULE:FREQ=SECONDLY\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
        + EVENT.format("")
        + "END:VCALENDAR\r\n"
    ),
    "a long INSET": "BEGIN:VCALENDAR\r\n" + EVENT.format("DTEND;VALUE=DATE:20270801\r\n"),
    "for ten thousand years": "BEGIN:VCALENDAR\r\n" + EVENT.format("DTEND;VALUE=DATE:99991231\r\n"),
    "a long duration": "BEGIN:VCALENDAR\r\n" + EVENT.format("DURATION:P999999999D\r\n"),
    "a broken date": "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:INSET day\r\nDTSTART:2026-13-45\r\nEND:VEVENT\r\n",
    "no day": "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:INSET day\r\nEND:VEVENT\r\n",
    "a long title": "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:"
    + "term ends " * 80_000
    + "\r\nEND:VEVENT\r\n",
    "words that repeat": (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260901\r\nSUMMARY:"
        + "reopens closed " * 1_200
        + "\r\nEND:VEVENT\r\n"
    ),
    "strange letters": "BEGIN:VCALENDAR\r\n" + EVENT.format("DESCRIPTION:\u202e\u0000\U0001f9d1\r\n"),
}


def attempted(file: Path) -> str:
    try:
        read_term_dates(file)
    except SourceError as error:
        return "refused" if all(mark.line >= 1 for mark, _ in error.problems) else "at no place"
    return "usable"


@pytest.mark.parametrize("name", FILES)
def test_no_file_of_dates_is_too_much(name: str, tmp_path: Path) -> None:
    file = tmp_path / "dates.ics"
    file.write_text(FILES[name], "utf-8", newline="")

    (taken,) = watched(partial(attempted, file))
    assert taken.result in {"refused", "usable"}
    assert taken.seconds < 2
    assert taken.megabytes < 200
