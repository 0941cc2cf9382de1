"""Dates from files: iCalendar as councils publish them, the government's bank holidays, and our own YAML."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.imports.bank_holidays import computed_bank_holidays, read_bank_holidays
from definitions.imports.calendar_files import imported
from definitions.imports.term_dates import TermDatesFile, read_term_dates
from definitions.trust import load_trust
from definitions.yaml_source import SourceError
from engine.calendar import Calendar
from engine.calendar_parts import CalendarPart, with_part
from engine.errors import RefusedError
from engine.own_days import Span
from reports.term_dates_ics import term_dates_ics

SCHOLARS = load_trust(Path("examples/scholars")).calendar
STAMP = datetime(2026, 11, 24, tzinfo=UTC)


def ics(*events: tuple[str, ...]) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for first, last, title, *more in events:
        lines += ["BEGIN:VEVENT", f"SUMMARY:{title}", f"DTSTART;VALUE=DATE:{first.replace('-', '')}"]
        lines += [f"DTEND;VALUE=DATE:{last.replace('-', '')}"] if last else []
        lines += [*more, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def found(folder: Path, *events: tuple[str, ...]) -> TermDatesFile:
    file = folder / "dates.ics"
    file.write_bytes(ics(*events).encode())
    return read_term_dates(file)


def spans(given: TermDatesFile) -> dict[str, tuple[str, str]]:
    return {name: (str(span.first), str(span.last)) for name, span in given.part.half_terms.items()}


AUTUMN = {"2026-27 autumn 1": ("2026-08-26", "2026-10-16"), "2026-27 autumn 2": ("2026-10-26", "2026-12-18")}


@pytest.mark.parametrize(
    "events",
    [
        [
            ("2026-08-26", "", "Autumn term 1 starts"),
            ("2026-10-16", "", "Autumn term 1 ends"),
            ("2026-10-26", "", "Autumn term 2 starts"),
            ("2026-12-18", "", "Autumn term 2 ends"),
        ],
        [
            ("2026-08-26", "", "Autumn Term: First Day"),
            ("2026-10-19", "2026-10-24", "Half term"),
            ("2026-12-18", "", "Autumn Term: Last Day"),
        ],
        [
            ("2026-08-26", "", "Start of Autumn Term"),
            ("2026-10-17", "2026-10-26", "October half-term holiday"),
            ("2026-12-19", "2027-01-04", "Christmas holidays"),
        ],
        [
            ("2026-08-26", "2026-10-17", "Autumn half term 1"),
            ("2026-10-26", "2026-12-19", "Autumn Term (second half)"),
        ],
        [
            ("2026-08-26", "", "Term 1 begins"),
            ("2026-10-16", "", "Term 1 finishes"),
            ("2026-10-26", "2026-12-19", "Term 2"),
        ],
        [
            ("2026-08-26", "2026-12-19", "Autumn term"),
            ("2026-10-16", "", "School breaks up for half term"),
            ("2026-10-26", "", "School reopens after half term"),
        ],
        [
            ("2026-08-26", "", "Autumn term opens"),
            ("2026-10-17", "", "Half term begins"),
            ("2026-10-25", "", "Half term ends"),
            ("2026-12-18", "", "School closes for Christmas"),
        ],
    ],
)
def test_the_same_dates_are_found_in_every_wording(events: list[tuple[str, ...]], tmp_path: Path) -> None:
    assert spans(found(tmp_path, *events)) == AUTUMN


ONE = ("2026-08-26", "2026-10-17", "Autumn term 1")


def test_inset_closures_and_bank_holidays_have_several_wordings_too(tmp_path: Path) -> None:
    given = found(
        tmp_path,
        ONE,
        ("2026-08-26", "", "INSET day"),
        ("2026-09-03", "2026-09-05", "Staff training days"),
        ("2026-09-07", "", "Non-pupil day"),
        ("2026-09-14", "", "Teacher Training Day - school closed to pupils"),
        ("2026-09-21", "", "School closed due to snow"),
        ("2026-09-22", "", "School closed", "DESCRIPTION:Burst boiler"),
        ("2026-08-31", "", "Summer Bank Holiday"),
        ("2026-12-25", "", "Christmas Day"),
    )

    days = ["2026-08-26", "2026-09-03", "2026-09-04", "2026-09-07", "2026-09-14"]
    assert [str(day) for day in given.part.inset] == days
    assert given.part.closures == {date(2026, 9, 21): "snow", date(2026, 9, 22): "Burst boiler"}
    assert given.part.bank_holidays == {
        date(2026, 8, 31): "Summer Bank Holiday",
        date(2026, 12, 25): "Christmas Day",
    }


@pytest.mark.parametrize(
    "title",
    [
        "Parents' evening",
        "Half term holiday club",
        "Christmas holiday concert",
        "Term starts",
        "First day of term",
        "Twilight INSET",
        "Autumn term starts (INSET)",
        "Autumn term",
        "Half term",
        "Summer fair",
        "",
    ],
)
def test_what_is_not_understood_is_listed_with_its_place_and_changes_nothing(
    title: str, tmp_path: Path
) -> None:
    given = found(tmp_path, ONE, ("2026-10-17", "", title))

    assert spans(given) == {"2026-27 autumn 1": ("2026-08-26", "2026-10-16")}
    assert given.part.inset == ()
    (unread,) = given.unread
    assert unread.endswith(f"dates.ics:8:1: Sat 17 Oct 2026: {title!r}")


def test_every_mistake_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as wrong:
        found(
            tmp_path,
            ("2026-08-26", "", "Autumn term 1 starts"),
            ("2026-10-16", "", "Autumn term 1 ends"),
            ("2026-10-15", "", "Autumn term 1 ends"),
            ("2026-10-26", "", "Autumn term 2 starts"),
            ("2026-09-01", "", "INSET day", "RRULE:FREQ=SECONDLY"),
            ("2026-11-12", "2026-11-01", "INSET day"),
            ("9999-11-12", "", "INSET day"),
            ("0001-01-01", "", "INSET day"),
        )

    told = [(mark.line, said) for mark, said in wrong.value.problems]
    assert [line for line, _ in told] == [11, 15, 19, 24, 29, 33]
    assert "2026-27 autumn 1 ends on Thu 15 Oct 2026 and Fri 16 Oct 2026" in told[0][1]
    assert "nothing says when 2026-27 autumn 2 ends" in told[1][1]
    assert "repeats; write each of its days" in told[2][1]
    assert "ends before it begins" in told[3][1]
    assert "in the year 9999" in told[4][1]
    assert "in the year 1;" in told[5][1]


def test_a_time_in_another_zone_is_the_day_in_london(tmp_path: Path) -> None:
    file = tmp_path / "dates.ics"
    event = "SUMMARY:INSET day\r\nDTSTART:20270531T233000Z\r\nDTEND:20270601T140000Z"
    file.write_text(f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")

    assert read_term_dates(file).part.inset == (date(2027, 6, 1),)


GOVERNMENT = {
    "england-and-wales": {
        "division": "england-and-wales",
        "events": [
            {"title": "Spring bank holiday", "date": "2027-05-31", "notes": "", "bunting": True},
            {"title": "Christmas Day", "date": "2027-12-27", "notes": "Substitute day", "bunting": True},
        ],
    },
    "scotland": {"division": "scotland", "events": [{"title": "2nd January", "date": "2027-01-04"}]},
}


def test_the_governments_file_gives_the_days_of_england(tmp_path: Path) -> None:
    file = tmp_path / "bank-holidays.json"
    file.write_text(json.dumps(GOVERNMENT, indent=2))

    assert read_bank_holidays(file).bank_holidays == {
        date(2027, 5, 31): "Spring bank holiday",
        date(2027, 12, 27): "Christmas Day, substitute day",
    }


def test_mistakes_in_the_governments_file_have_their_places(tmp_path: Path) -> None:
    file = tmp_path / "bank-holidays.json"
    events = (
        '[\n{"title": "A", "date": "2027-13-01"},\n{"title": "B"},\n{"title": "C", "date": "9999-01-01"}\n]'
    )
    file.write_text('{"england-and-wales": {"events": ' + events + "}}")

    with pytest.raises(SourceError) as wrong:
        read_bank_holidays(file)
    assert [mark.line for mark, _ in wrong.value.problems] == [2, 3, 4]
    file.write_text('{"scotland": {}}')
    with pytest.raises(SourceError, match="has no 'england-and-wales'"):
        read_bank_holidays(file)


def test_bank_holidays_are_computed_once_at_import() -> None:
    days = computed_bank_holidays([2026, 2027]).bank_holidays

    assert {day for day in SCHOLARS.bank_holidays if day.year == 2026} <= days.keys()
    assert days[date(2027, 5, 31)] == "Spring Bank Holiday"
    assert date(2027, 1, 2) not in days


def test_an_authoritys_dates_are_kept_beside_the_shared_ones_and_a_schools_above_both() -> None:
    autumn = CalendarPart(half_terms={"2026-27 autumn 1": Span(date(2026, 9, 1), date(2026, 10, 16))})
    own = CalendarPart(inset=(date(2026, 9, 2), date(2026, 8, 24)))

    calendar = with_part(SCHOLARS, autumn, authority="rutland")
    schools = {**calendar.schools, "hollins": {"authority": "rutland"}}
    calendar = with_part(calendar.model_copy(update={"schools": schools}), own, school="hollins")

    assert calendar.first_day("2026-27 autumn 1") == date(2026, 8, 26)
    assert calendar.first_day("2026-27 autumn 1", "hollins") == date(2026, 9, 1)
    # The 24th of August is INSET for everybody already.
    assert calendar.schools["hollins"].inset == (date(2026, 9, 2),)
    with pytest.raises(RefusedError, match="no 2030-31 autumn 1 yet"):
        with_part(
            SCHOLARS,
            CalendarPart(half_terms={"2030-31 autumn 1": Span(date(2030, 9, 2), date(2030, 10, 18))}),
            school="hollins",
        )


def test_a_file_of_a_new_year_adds_the_year(tmp_path: Path) -> None:
    file = tmp_path / "dates.ics"
    file.write_bytes(ics(("2027-08-25", "2027-10-16", "Autumn term 1")).encode())

    calendar = imported(file, SCHOLARS).calendar

    assert [year.name for year in calendar.years] == ["2025-26", "2026-27", "2027-28"]
    assert calendar.first_day("2027-28 autumn 1") == date(2027, 8, 25)


def test_our_own_files_are_read_as_ever_also_for_one_school(tmp_path: Path) -> None:
    file = tmp_path / "hollins.yaml"
    file.write_text("inset: [2026-09-04]\nauthority: nowhere\n")

    assert imported(Path("examples/scholars/calendar.yaml"), None).calendar == SCHOLARS
    with pytest.raises(SourceError, match="there is no authority 'nowhere'"):
        imported(file, SCHOLARS, school="hollins")
    file.write_text("inset: [2026-09-04]\n")
    assert imported(file, SCHOLARS, school="hollins").calendar.schools["hollins"].inset == (date(2026, 9, 4),)
    with pytest.raises(SourceError, match="this kind of file is not understood"):
        imported(tmp_path / "dates.pdf", SCHOLARS)


_DAYS = st.dates(date(2025, 8, 21), date(2027, 7, 31))


@given(
    inset=st.lists(_DAYS, max_size=6),
    closures=st.dictionaries(
        _DAYS, st.sampled_from(["Snow", "Polling station", "Half term club"]), max_size=4
    ),
    school=st.sampled_from([None, "glenfield", "hollins", "somewhere"]),
)
def test_an_exported_calendar_read_again_has_the_same_school_days(
    inset: list[date], closures: dict[date, str], school: str | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    calendar = SCHOLARS.model_copy(update={"inset": tuple(inset), "closures": closures})
    file = tmp_path_factory.mktemp("ics") / "dates.ics"
    file.write_bytes(term_dates_ics(calendar, school, STAMP))
    nothing = Calendar.model_validate(
        {
            "name": "x",
            "years": [{"name": "2025-26", "half_terms": {"autumn 1": ["2025-09-01", "2025-09-02"]}}],
        }
    )

    again = read_term_dates(file)

    assert again.unread == ()
    assert with_part(nothing, again.part).school_days() == calendar.school_days(school)
