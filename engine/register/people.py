"""The people and schools of the register."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Literal

from engine import library
from engine.register.authority import require_administrator
from engine.register.changing import decided, folded
from engine.register.fact import RegisterFact
from engine.register.order import RegisterOrder
from engine.register.people_facts import PersonRecorded, SchoolRecorded, TrustNamed
from engine.register.register import Register


class ImportDirectory(RegisterOrder):
    """Take over what a directory says; who is not in it stays as they are."""

    kind: Literal["import-directory"] = "import-directory"
    directory: str
    """Digest of the document, which must be loaded (`engine/library.py`)."""


@decided.register
def _import(order: ImportDirectory, register: Register, at: datetime) -> Iterable[RegisterFact]:
    require_administrator(register, order.by, at, "import people")
    given = library.directory(order.directory)
    by, why = order.by, order.reason
    if given.trust != register.trust:
        yield TrustNamed(trust=given.trust, at=at, by=by, reason=why)
    for school in given.schools:
        if register.schools.get(school.key) != school:
            yield SchoolRecorded(school=school, at=at, by=by, reason=why)
    for person in given.people:
        if register.people.get(person.id) != person:
            yield PersonRecorded(person=person, at=at, by=by, reason=why)


@folded.register
def _named(fact: TrustNamed, register: Register) -> Register:
    return replace(register, trust=fact.trust)


@folded.register
def _school(fact: SchoolRecorded, register: Register) -> Register:
    return replace(register, schools=register.schools.set(fact.school.key, fact.school))


@folded.register
def _person(fact: PersonRecorded, register: Register) -> Register:
    return replace(register, people=register.people.set(fact.person.id, fact.person))
