"""A file of dates of any kind that is understood, and the calendar as it is with them."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from definitions.imports.bank_holidays import read_bank_holidays
from definitions.imports.term_dates import TermDatesFile, read_term_dates
from definitions.loader import validate
from definitions.positions import Mark
from definitions.yaml_source import SourceError, read
from engine.calendar import Calendar
from engine.calendar_parts import with_part
from engine.own_days import OwnDays, SchoolDays

_KINDS = (
    ".yaml or .yml (a calendar of termwise), .ics (term dates) or .json (bank holidays of the government)"
)


@dataclass(frozen=True, slots=True)
class ImportedCalendar:
    """The calendar as it would be, and what in the file was not understood."""

    calendar: Calendar
    unread: tuple[str, ...] = ()


def imported(
    path: Path, calendar: Calendar | None, *, school: str | None = None, authority: str | None = None
) -> ImportedCalendar:
    """Read the file and lay it over the calendar: for one school, for an authority, or for all.

    A calendar in YAML for all schools takes its place, and has a version of its own. Anything else makes the
    next version. Raises SourceError with every mistake, each with its place.
    """
    kind = path.suffix.lower()
    if kind in {".yaml", ".yml"}:
        return ImportedCalendar(_from_yaml(path, calendar, school, authority))
    if kind not in {".ics", ".json"}:
        raise SourceError(
            str(path), [(Mark(1, 1), f"this kind of file is not understood; expected {_KINDS}")]
        )
    if calendar is None:
        said = "there is no calendar yet that this could be part of; import a calendar.yaml first"
        raise SourceError(str(path), [(Mark(1, 1), said)])
    found = TermDatesFile(read_bank_holidays(path)) if kind == ".json" else read_term_dates(path)
    return ImportedCalendar(with_part(calendar, found.part, school=school, authority=authority), found.unread)


def _from_yaml(path: Path, calendar: Calendar | None, school: str | None, authority: str | None) -> Calendar:
    source = read(path)
    if school is None and authority is None:
        return validate(source, Calendar)
    if calendar is None:
        said = "there is no calendar yet; import the dates that all schools share first"
        raise SourceError(source.file, [(Mark(1, 1), said)])
    try:
        if school is not None:
            own = validate(source, SchoolDays)
            return calendar.model_copy(update={"schools": {**calendar.schools, school: own}})
        given = {**calendar.authorities, str(authority): validate(source, OwnDays)}
        return calendar.model_copy(update={"authorities": given})
    except ValidationError as error:
        problems = [(Mark(1, 1), each["msg"].removeprefix("Value error, ")) for each in error.errors()]
        raise SourceError(source.file, problems) from None
