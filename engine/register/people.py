"""The people and schools of the register: what may be asked of it, and who may ask."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

from engine import library
from engine.errors import RefusedError
from engine.gias import PHASES, STATUSES, TYPES, Coded, contradiction
from engine.register.changing import decided
from engine.register.differences import Difference, Said
from engine.register.fact import RegisterFact
from engine.register.order import RegisterOrder
from engine.register.people_authority import require_may
from engine.register.plainly import plainly
from engine.register.register import Register
from engine.register.school_facts import SchoolAdded, SchoolChanged
from engine.schools import Membership, OwnSubject, School, SchoolClass, Trust
from engine.staff import Person

_LISTS = {"type": TYPES, "status": STATUSES, "phase": PHASES}

_TOLD = 5


class StaleDirectoryError(RefusedError):
    """The register has moved since somebody looked; looking again may show something else."""

    def __init__(self) -> None:
        super().__init__("the register has changed meanwhile; nothing was done, look again and repeat it")


class PastChangedError(RefusedError):
    """Days that have passed would be told otherwise."""

    def __init__(self, sentences: Iterable[str]) -> None:
        said = list(sentences)
        more = f"; and {len(said) - _TOLD} more" if len(said) > _TOLD else ""
        super().__init__(
            f"this changes what was said of days that have passed: {'; '.join(said[:_TOLD])}{more}. "
            "If it was wrong, correct it with --correct REASON; what was known before stays on record"
        )


class _DirectoryOrder(RegisterOrder):
    correct: bool = False
    """Days that have passed may be told otherwise; the reason is kept, and what was known before."""
    onto: int | None = None
    """The version of the register that whoever asks has seen; refused when it is another by now."""


class ImportDirectory(_DirectoryOrder):
    """Take over what a directory says; who is not in it stays as they are."""

    kind: Literal["import-directory"] = "import-directory"
    directory: str
    """Digest of the document, which must be loaded (`engine/library.py`)."""


class ChangePeople(_DirectoryOrder):
    """Take over what is said of a few people, each given whole."""

    kind: Literal["change-people"] = "change-people"
    people: tuple[Person, ...]


class ChangeSchools(_DirectoryOrder):
    """Take over what is said of the trust and of a few schools."""

    kind: Literal["change-schools"] = "change-schools"
    trust: Trust | None = None
    schools: tuple[School, ...] = ()
    memberships: tuple[Membership, ...] = ()
    """All of each school that is named in it."""
    classes: tuple[SchoolClass, ...] = ()
    """All of each class that is named in it."""
    subjects: tuple[OwnSubject, ...] = ()


@decided.register
def _import(order: ImportDirectory, register: Register, at: datetime) -> Iterable[RegisterFact]:
    given = library.directory(order.directory)
    said = Said(register, at, order.by, order.reason)
    return _allowed(
        order,
        said,
        [
            *said.trust(given.trust),
            *said.schools(given.schools),
            *said.memberships(given.memberships),
            *said.subjects(given.subjects),
            *said.classes(given.classes),
            *said.people(given.people),
        ],
    )


@decided.register
def _people(order: ChangePeople, register: Register, at: datetime) -> Iterable[RegisterFact]:
    said = Said(register, at, order.by, order.reason)
    return _allowed(order, said, list(said.people(order.people)))


@decided.register
def _schools(order: ChangeSchools, register: Register, at: datetime) -> Iterable[RegisterFact]:
    said = Said(register, at, order.by, order.reason)
    return _allowed(
        order,
        said,
        [
            *(said.trust(order.trust) if order.trust else ()),
            *said.schools(order.schools),
            *said.memberships(order.memberships),
            *said.subjects(order.subjects),
            *said.classes(order.classes),
        ],
    )


def _allowed(order: _DirectoryOrder, said: Said, differences: list[Difference]) -> Iterable[RegisterFact]:
    """The facts, when the person may ask for all of them and none changes the past in silence."""
    facts = [each.fact for each in differences]
    _refuse_erased(said.register, facts)
    require_may(said.register, order.by, said.at, facts)
    if facts and order.onto is not None and order.onto != said.register.version:
        raise StaleDirectoryError
    past = [each.fact for each in differences if each.past]
    if past and not order.correct:
        raise PastChangedError(plainly(said.register, fact) for fact in past)
    if past and not (order.reason or "").strip():
        raise RefusedError("say why what was said is corrected; the reason is kept")
    if wrong := [each for fact in facts for each in _contradictions(fact)]:
        raise RefusedError("; ".join(wrong))
    return facts


def _refuse_erased(register: Register, facts: Iterable[RegisterFact]) -> None:
    """Nothing is said again of somebody of whom nothing is to be known."""
    named = {getattr(fact, "person", None) for fact in facts}
    found = sorted(person for person in register.erased if person in named)
    if found:
        raise RefusedError(
            f"{', '.join(found)} was erased, and nothing is said of them again; take them out of what is imported, "
            "and give somebody who comes back a new id"
        )


def _contradictions(fact: RegisterFact) -> Iterator[str]:
    """Where a code of the public register and its name do not fit."""
    if isinstance(fact, SchoolAdded):
        school = fact.school
        coded = {"type": school.type, "status": school.status, "phase": school.phase}
        key = school.key
    elif isinstance(fact, SchoolChanged):
        now = {each.field: each.now for each in fact.changes if each.field in _LISTS and each.now}
        coded = {name: Coded.model_validate(value) for name, value in now.items()}
        key = fact.school
    else:
        return
    for name, codes in _LISTS.items():
        value = coded.get(name)
        if value and (wrong := contradiction(codes, value)):
            yield f"{key}: {wrong}"
