"""The daily CSV of the public register of schools (GIAS): fifty thousand schools, read in one pass.

It is ISO-8859-1 with dates as dd-mm-yyyy. Only the schools that are asked for become values; memory stays flat.
"""

import csv
import re
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from definitions.yaml_source import Mark, SourceError
from engine.errors import UnknownNameError
from engine.gias import PHASES, STATUSES, TYPES, Coded, CodeList, contradiction
from engine.people import Directory
from engine.register.merging import Incoming
from engine.schools import School
from engine.templates import slug
from engine.timezone import LONDON

_MAX_BYTES = 500_000_000
_URN, _NAME, _TRUST = "URN", "EstablishmentName", "Trusts (code)"
_CODED: dict[str, tuple[str, CodeList]] = {
    "type": ("TypeOfEstablishment", TYPES),
    "status": ("EstablishmentStatus", STATUSES),
    "phase": ("PhaseOfEducation", PHASES),
}
_REQUIRED = (
    _URN,
    _NAME,
    "LA (code)",
    "EstablishmentNumber",
    *(f"{column} ({part})" for column, _ in _CODED.values() for part in ("code", "name")),
)
_NUMBERS = {"low_age": "StatutoryLowAge", "high_age": "StatutoryHighAge", "pupils": "NumberOfPupils"}
_DATES = {"opened": "OpenDate", "closed": "CloseDate"}
#: What old office programs put where ISO-8859-1 has control characters.
_TYPOGRAPHY = {n: bytes([n]).decode("cp1252", "replace") for n in range(0x80, 0xA0)}


@dataclass(frozen=True, slots=True)
class Line:
    """A school as the file has it."""

    number: int
    cells: dict[str, str]
    places: dict[str, int]


def is_gias(path: Path) -> bool:
    """Whether a file looks like it: by its first line."""
    with path.open(encoding="iso-8859-1", newline="") as lines:
        first = lines.readline(100_000)
    return _NAME.casefold() in first.casefold() and "urn" in first.casefold()


def read_gias(path: Path, known: Directory, urns: Collection[str] = ()) -> Incoming:
    """The schools of the trust: those it knows by URN, those with its group, and those that are named by URN.

    A school keeps its key when it converts, if the new number is named while the old one is its `predecessor`. Raises
    SourceError with every problem of these schools, and UnknownNameError for a URN that is not in the file.
    """
    wanted = {school.urn for school in known.schools} | set(urns)
    group = known.trust.group_uid
    schools: list[School] = []
    problems: list[tuple[Mark, str]] = []
    missing = set(urns)
    for line in _lines(path, wanted, group):
        missing.discard(line.cells[_URN])
        found = _problems(line)
        problems += found
        if not found and (school := _school(line, known, problems)):
            schools.append(school)
    if problems:
        raise SourceError(str(path), problems)
    if missing:
        raise UnknownNameError("URN", min(missing), (), of=path.name)
    return Incoming(schools=tuple(schools))


def _lines(path: Path, wanted: Collection[str], group: str | None) -> Iterator[Line]:
    """The lines of these schools. Columns are found by name: the register adds some from time to time."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            problem = f"the file is larger than {_MAX_BYTES // 1_000_000} MB"
            raise SourceError(str(path), [(Mark(1, 1), problem)])
        opened = path.open(encoding="iso-8859-1", newline="")
    except OSError as error:
        raise SourceError(str(path), [(Mark(1, 1), f"cannot be read: {error.strerror}")]) from error
    with closing(opened):
        reader = csv.reader(opened)
        try:
            header = [_clean(cell.removeprefix("\xef\xbb\xbf")) for cell in next(reader, [])]
            places = {name: place for place, name in enumerate(header)}
            if absent := [name for name in _REQUIRED if name not in places]:
                problems = [(Mark(1, 1), f"{UnknownNameError('column', name, header)}") for name in absent]
                raise SourceError(str(path), problems)
            urn, trust = places[_URN], places.get(_TRUST)
            width = len(header)
            begin = reader.line_num
            for cells in reader:
                number, begin = begin + 1, reader.line_num
                row = cells if len(cells) >= width else [*cells, *[""] * (width - len(cells))]
                ours = group is not None and trust is not None and row[trust].strip() == group
                if row[urn] in wanted or ours:
                    yield Line(number, {name: _clean(row[place]) for name, place in places.items()}, places)
        except csv.Error as error:
            raise SourceError(str(path), [(Mark(reader.line_num, 1), f"is not CSV here: {error}")]) from error


def _clean(text: str) -> str:
    """A cell in proper letters: also of a file that somebody saved anew as UTF-8 or with another program."""
    if not text.isascii():
        try:
            text = text.encode("iso-8859-1").decode("utf-8")
        except UnicodeError:
            text = text.translate(_TYPOGRAPHY)
    return text.strip()


def _problems(line: Line) -> list[tuple[Mark, str]]:
    found = []
    for column, codes in _CODED.values():
        code, name = line.cells[f"{column} (code)"], line.cells[f"{column} (name)"]
        wrong = contradiction(codes, Coded(code=code, name=name)) if code or name else None
        if wrong:
            found.append((_mark(line, f"{column} (code)"), f"{line.cells[_NAME]}: {wrong}"))
    for column in _DATES.values():
        text = line.cells.get(column, "")
        if text and _date(text) is None:
            found.append((_mark(line, column), f"{text!r} is not a date of the form dd-mm-yyyy"))
    return found


def _school(line: Line, known: Directory, problems: list[tuple[Mark, str]]) -> School | None:
    cells = line.cells
    before = next((s for s in known.schools if s.urn == cells[_URN] or s.predecessor == cells[_URN]), None)
    if before is not None and before.urn != cells[_URN]:
        return None  # What it was before it converted, and closed.
    said: dict[str, object] = {"name": cells[_NAME], "urn": cells[_URN]}
    said["key"] = key = before.key if before else slug(cells[_NAME])
    if other := next((s for s in known.schools if s.key == key and before is None), None):
        problem = f"{cells[_NAME]} has the name of a school with the URN {other.urn}; where it has converted, say so: "
        problems.append((_mark(line, _URN), f"{problem}termwise schools set {key} --urn {cells[_URN]}"))
        return None
    if re.fullmatch(r"\d{3}", cells["LA (code)"]) and re.fullmatch(r"\d{4}", cells["EstablishmentNumber"]):
        said["laestab"] = f"{cells['LA (code)']}/{cells['EstablishmentNumber']}"
    if re.fullmatch(r"\d{8}", cells.get("UKPRN", "")):
        said["ukprn"] = cells["UKPRN"]
    for name, (column, _) in _CODED.items():
        if code := cells[f"{column} (code)"]:
            said[name] = {"code": code, "name": cells[f"{column} (name)"]}
    said |= {name: int(cells[c]) for name, c in _NUMBERS.items() if cells.get(c, "").isdecimal()}
    said |= {name: _date(cells[c]) for name, c in _DATES.items() if cells.get(c)}
    try:
        return School.model_validate(said)
    except ValidationError as error:
        problems += [(_mark(line, _URN), f"{e['loc'][0]}: {e['msg']}") for e in error.errors()]
        return None


def _date(text: str) -> object:
    try:
        return datetime.strptime(text, "%d-%m-%Y").replace(tzinfo=LONDON).date()
    except ValueError:
        return None


def _mark(line: Line, column: str) -> Mark:
    """The line, and which column of it: a line of this file is too long for anybody to count letters."""
    return Mark(line.number, line.places.get(column, 0) + 1)
