"""People in CSV: `people.csv`, and beside it `posts.csv`, `contracts.csv` and `managers.csv`."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from definitions.imports.cells import dates, why, year_group, yes
from definitions.imports.csv_tables import Row, Table, read_table
from definitions.yaml_source import Mark, SourceError
from engine.errors import TermwiseError, UnknownNameError
from engine.model import Model
from engine.people import Directory
from engine.register.merging import Incoming
from engine.staff import Contract, Managed, Person, Post
from engine.subjects import subject

PEOPLE, POSTS, CONTRACTS, MANAGERS = "people.csv", "posts.csv", "contracts.csv", "managers.csv"
_WHEN = {"from": ("start", "start date", "since"), "to": ("end", "end date", "until", "last day")}
_WHO = {"person": ("id", "email", "e-mail", "work e-mail", "staff id")}
COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    PEOPLE: {
        "id": ("person", "person id"),
        "name": ("full name", "staff name"),
        "email": ("e-mail", "work e-mail", "email address", "work email address"),
        "trn": ("teacher reference number", "teacher number"),
        "employer reference": ("employee number", "payroll number", "employee id", "staff code"),
        "line manager": ("manager", "reports to"),
    },
    POSTS: {
        **_WHO,
        "role": ("post",),
        "school": ("school name", "urn"),
        "phase": (),
        "year group": ("year", "nc year"),
        "class": ("class name",),
        "subject": (),
        "acting": (),
        "line manager": ("manager",),
        **_WHEN,
    },
    CONTRACTS: {
        **_WHO,
        "school": ("urn",),
        "fte": ("full time equivalent",),
        "type": ("contract type",),
        **_WHEN,
    },
    MANAGERS: {**_WHO, "line manager": ("manager",), **_WHEN},
}
_REQUIRED = {
    PEOPLE: ("name", "email"),
    POSTS: ("person", "role", "from"),
    CONTRACTS: ("person", "from"),
    MANAGERS: ("person", "line manager", "from"),
}
_FIELDS = {"since": "from", "until": "to", "class_": "class"}
M = TypeVar("M", bound=Model)


def which(path: Path) -> str:
    """Which of the four tables a file is, by its name. Raises SourceError for another name."""
    for name in COLUMNS:
        if path.stem.casefold() == name.removesuffix(".csv"):
            return name
    problem = (
        "there is no such file"
        if not path.exists()
        else f"is none of {', '.join(COLUMNS)}; rename it to what it is"
    )
    raise SourceError(str(path), [(Mark(1, 1), problem)])


def read_people(files: Iterable[Path], known: Directory) -> Incoming:
    """What the files say, in any number of the four. Raises SourceError with every mistake of the first that has any.

    People are known by their id, e-mail address, TRN or employer reference; who is not known gets the next id.
    """
    tables = {name: path for path in files for name in [which(path)]}
    reading = _Reading(known)
    for name, columns in COLUMNS.items():
        if name in tables:
            table = read_table(tables[name], columns, _REQUIRED[name])
            reading.take(name, table)
            table.finish()
            reading.notes += table.notes
    return Incoming(people=tuple(reading.people()), notes=tuple(reading.notes))


@dataclass(slots=True)
class _Reading:
    """What was read so far. Tables that come later name people of those before."""

    known: Directory
    said: dict[str, dict[str, object]] = field(default_factory=dict)
    by: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for person in self.known.people:
            self._remember(person.id, person.email, person.trn, person.employer_reference)

    def people(self) -> Iterable[Person]:
        known = {person.id: person for person in self.known.people}
        for key, said in self.said.items():
            base = {"name": known[key].name, "email": known[key].email} if key in known else {}
            yield Person.model_validate({"id": key, **base, **said})

    def take(self, name: str, table: Table) -> None:
        if name == PEOPLE:
            for row in table.rows:
                self._new(table, row)
            for row in table.rows:
                self._person(table, row)
            return
        takers: Mapping[str, Callable[[Table, Row], None]] = {
            POSTS: self._post,
            CONTRACTS: self._contract,
            MANAGERS: self._manager,
        }
        for row in table.rows:
            takers[name](table, row)

    def _remember(self, person: str, *words: str | None) -> None:
        self.by.update({word.casefold(): person for word in (person, *words) if word})

    def _new(self, table: Table, row: Row) -> None:
        """Give everybody an id before anybody is named as a manager."""
        words = [row.cells.get(each) for each in ("id", "email", "trn", "employer reference")]
        found = {self.by[word.casefold()] for word in words if word and word.casefold() in self.by}
        if len(found) > 1:
            table.wrong(
                row, "email", f"is several people at once: {', '.join(sorted(found))}; which is meant?"
            )
            return
        if not row.cells.get("id") and not row.cells.get("email"):
            table.wrong(row, "email", "email is missing")
            return
        person = next(iter(found), None) or row.cells.get("id") or self._next_id()
        if person in self.said:
            table.wrong(row, "email", f"{person} stands twice in this file")
        self.said.setdefault(person, {})
        self._remember(person, *words)

    def _named(self) -> list[str]:
        """How people are called, for everybody who imports: numbers of employment are not for every reader."""
        return [*(person.name for person in self.known.people), *(word for word in self.by if "@" in word)]

    def _next_id(self) -> str:
        ids = [*(person.id for person in self.known.people), *self.said]
        last = max((int(each[2:]) for each in ids if re.fullmatch(r"p-\d+", each)), default=0)
        return f"p-{last + 1:04d}"

    def _person(self, table: Table, row: Row) -> None:
        person = self.by.get((row.cells.get("id") or row.cells.get("email", "")).casefold())
        if person is None:
            return  # Told already.
        said: dict[str, object] = {
            column.replace(" ", "_"): row.cells[column]
            for column in ("name", "email", "trn", "employer reference")
            if column in row.cells  # An empty cell says nothing: what is known stays.
        }
        if manager := row.cells.get("line manager"):
            nobody = manager.casefold() == "nobody"
            said["line_manager"] = None if nobody else self._who(table, row, "line manager", manager)
        said["id"] = person
        if self._build(table, row, Person, said):
            self.said[person] = said

    def _post(self, table: Table, row: Row) -> None:
        cells = row.cells
        manager = cells.get("line manager")
        said = {
            "role": cells.get("role", "").lower().replace(" ", "-"),
            "school": self._school(table, row),
            "phase": cells.get("phase", "").lower().replace(" ", "-") or None,
            "year_group": year_group(cells.get("year group")),
            "class_": cells.get("class"),
            "subject": self._subject(table, row),
            "acting": yes(table, row, "acting"),
            "line_manager": self._who(table, row, "line manager", manager) if manager else None,
            **dates(table, row),
        }
        self._append(table, row, "posts", Post, said)

    def _contract(self, table: Table, row: Row) -> None:
        said = {
            "school": self._school(table, row),
            "fte": row.cells.get("fte", "1"),
            "type": row.cells.get("type", "permanent").lower().replace(" ", "-"),
            **dates(table, row),
        }
        self._append(table, row, "contracts", Contract, said)

    def _manager(self, table: Table, row: Row) -> None:
        manager = row.cells.get("line manager", "nobody")
        nobody = manager.casefold() == "nobody"
        said = {
            "manager": None if nobody else self._who(table, row, "line manager", manager),
            **dates(table, row),
        }
        self._append(table, row, "managed", Managed, said)

    def _append(self, table: Table, row: Row, part: str, model: type[M], said: dict[str, object]) -> None:
        person = self._who(table, row, "person", row.cells.get("person", ""))
        built = self._build(table, row, model, said)
        if person and built:
            spells = self.said.setdefault(person, {}).setdefault(part, [])
            if isinstance(spells, list):
                spells.append(built)

    def _build(self, table: Table, row: Row, model: type[M], said: dict[str, object]) -> M | None:
        try:
            return model.model_validate({name: value for name, value in said.items() if value is not None})
        except ValidationError as error:
            for each in error.errors():
                name = str(each["loc"][0]) if each["loc"] else ""
                column = _FIELDS.get(name, name.replace("_", " "))
                found = row.cells.get(column)
                absent = each["type"] == "missing"
                wrong = "is missing" if absent else why(each["type"], str(each["msg"]), found)
                table.wrong(row, column, f"{column} {wrong}")
            return None

    def _who(self, table: Table, row: Row, column: str, text: str) -> str | None:
        if text.casefold() in self.by:
            return self.by[text.casefold()]
        named = [person.id for person in self.known.people if person.name.casefold() == text.casefold()]
        if len(named) == 1:
            return named[0]
        table.wrong(row, column, str(UnknownNameError("person", text, self._named())))
        return None

    def _school(self, table: Table, row: Row) -> str | None:
        text = row.cells.get("school")
        if text is None:
            return None
        for school in self.known.schools:
            if text.casefold() in {school.key, school.name.casefold(), school.urn}:
                return school.key
        table.wrong(row, "school", str(UnknownNameError("school", text, (s.key for s in self.known.schools))))
        return None

    def _subject(self, table: Table, row: Row) -> str | None:
        text = row.cells.get("subject")
        if text is None:
            return None
        own = {each.key for each in self.known.subjects}
        own |= {post.subject for person in self.known.people for post in person.posts if post.subject}
        try:
            return subject(text, own)
        except TermwiseError as error:
            table.wrong(row, "subject", str(error))
            return None
