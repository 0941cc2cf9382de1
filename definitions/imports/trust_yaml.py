"""A trust in YAML: `trust.yaml` with its schools, `people.yaml` with its people, or a folder with both."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from definitions.loader import validate
from definitions.positions import Mark, Place
from definitions.yaml_source import Source, SourceError, read
from engine.errors import UnknownNameError
from engine.gias import PHASES, STATUSES, TYPES, CodeList, contradiction
from engine.model import Model
from engine.people import Directory
from engine.register.merging import Incoming
from engine.schools import Membership, OwnSubject, School, SchoolClass, Trust
from engine.staff import Person

_CODES: Mapping[str, CodeList] = {"type": TYPES, "status": STATUSES, "phase": PHASES}
_OTHERS = ("covers", "absences", "interests")
M = TypeVar("M", bound=Model)


class PeopleFile(Model):
    """What `people.yaml` may say."""

    people: tuple[Person, ...]


class TrustFile(Model):
    """What `trust.yaml` may say."""

    trust: Trust | None = None
    schools: tuple[School, ...] = ()
    memberships: tuple[Membership, ...] = ()
    classes: tuple[SchoolClass, ...] = ()
    subjects: tuple[OwnSubject, ...] = ()


def read_people(path: Path, known: Directory) -> Incoming:
    """What a file or a folder says of people, and a folder of schools too. Raises SourceError."""
    if path.is_dir():
        schools = read_schools(path / "trust.yaml") if (path / "trust.yaml").exists() else Incoming()
        file = path / "people.yaml"
    else:
        schools, file = Incoming(), path
    source = _without_others(read(file))
    people = validate(source, PeopleFile).people
    keys = {school.key for school in (*known.schools, *schools.schools)}
    ids = {person.id for person in (*known.people, *people)}
    if problems := list(_strangers(source, people, keys, ids)):
        raise SourceError(source.file, problems)
    return Incoming(
        trust=schools.trust,
        schools=schools.schools,
        memberships=schools.memberships,
        classes=schools.classes,
        subjects=schools.subjects,
        people=people,
    )


def read_schools(path: Path) -> Incoming:
    """What a file says of the trust and its schools. Raises SourceError."""
    source = read(path)
    said = validate(source, TrustFile)
    problems = [
        (source.mark(("schools", place, name)), wrong)
        for place, school in enumerate(said.schools)
        for name, codes in _CODES.items()
        if (value := getattr(school, name)) and (wrong := contradiction(codes, value))
    ]
    if problems:
        raise SourceError(source.file, problems)
    return Incoming(said.trust, said.schools, said.memberships, said.classes, said.subjects)


def _without_others(source: Source) -> Source:
    """What else may stand beside people has its own commands, and is left to them."""
    if not isinstance(source.data, dict):
        return source
    kept = {name: value for name, value in source.data.items() if name not in _OTHERS}
    return Source(source.file, kept, source.positions)


def _strangers(
    source: Source, people: tuple[Person, ...], schools: set[str], ids: set[str]
) -> Iterator[tuple[Mark, str]]:
    for place, person in enumerate(people):
        for part, key, what, known in _named(person):
            if key is not None and key not in (schools if what == "school" else ids):
                here: Place = ("people", place, *part)
                yield source.mark(here), str(UnknownNameError(what, key, schools if known else ids))


def _named(person: Person) -> Iterator[tuple[Place, str | None, str, bool]]:
    """Every school and person that is named: where, which, and what it should be."""
    yield ("line_manager",), person.line_manager, "person", False
    for number, post in enumerate(person.posts):
        yield ("posts", number, "school"), post.school, "school", True
        yield ("posts", number, "line_manager"), post.line_manager, "person", False
    for number, contract in enumerate(person.contracts):
        yield ("contracts", number, "school"), contract.school, "school", True
    for number, managed in enumerate(person.managed):
        yield ("managed", number, "manager"), managed.manager, "person", False
