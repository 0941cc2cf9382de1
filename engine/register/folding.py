"""How facts about people and schools move the register. Total: whatever stands in the log can be folded."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Literal, TypeVar

from pydantic import JsonValue

from engine.model import Model
from engine.register.changing import folded
from engine.register.people_facts import (
    ContractBegun,
    ContractCorrected,
    ContractEnded,
    LineManagerCorrected,
    LineManagerEnded,
    LineManagerGiven,
    PersonChanged,
    PersonJoined,
    PostCorrected,
    PostEnded,
    PostGiven,
)
from engine.register.register import Register
from engine.register.school_facts import (
    Change,
    ClassClosed,
    ClassCorrected,
    ClassOpened,
    MembershipCorrected,
    SchoolAdded,
    SchoolChanged,
    SchoolJoined,
    SchoolLeft,
    SubjectNamed,
    TrustNamed,
)
from engine.staff import Person

M = TypeVar("M", bound=Model)


@folded.register
def _named(fact: TrustNamed, register: Register) -> Register:
    return replace(register, trust=fact.trust)


@folded.register
def _added(fact: SchoolAdded, register: Register) -> Register:
    return replace(register, schools=register.schools.set(fact.school.key, fact.school))


@folded.register
def _school(fact: SchoolChanged, register: Register) -> Register:
    school = _changed(register.schools[fact.school], fact.changes)
    return replace(register, schools=register.schools.set(fact.school, school))


@folded.register
def _joined(fact: SchoolJoined, register: Register) -> Register:
    return replace(register, memberships=(*register.memberships, fact.membership))


@folded.register
def _left(fact: SchoolLeft, register: Register) -> Register:
    now = fact.membership.model_copy(update={"until": fact.on})
    return replace(register, memberships=_instead(register.memberships, fact.membership, now))


@folded.register
def _membership(fact: MembershipCorrected, register: Register) -> Register:
    return replace(register, memberships=_instead(register.memberships, fact.was, fact.now))


@folded.register
def _opened(fact: ClassOpened, register: Register) -> Register:
    return replace(register, classes=(*register.classes, fact.class_))


@folded.register
def _closed(fact: ClassClosed, register: Register) -> Register:
    now = fact.class_.model_copy(update={"until": fact.on})
    return replace(register, classes=_instead(register.classes, fact.class_, now))


@folded.register
def _class(fact: ClassCorrected, register: Register) -> Register:
    return replace(register, classes=_instead(register.classes, fact.was, fact.now))


@folded.register
def _subject(fact: SubjectNamed, register: Register) -> Register:
    return replace(register, subjects=register.subjects.set(fact.subject.key, fact.subject))


@folded.register
def _person(fact: PersonJoined, register: Register) -> Register:
    return replace(register, people=register.people.set(fact.person.id, fact.person))


@folded.register
def _person_changed(fact: PersonChanged, register: Register) -> Register:
    return _with(register, fact.person, lambda person: _changed(person, fact.changes))


@folded.register
def _given(fact: PostGiven, register: Register) -> Register:
    return _with_spells(register, fact.person, "posts", None, fact.post)


@folded.register
def _ended(fact: PostEnded, register: Register) -> Register:
    now = fact.post.model_copy(update={"until": fact.on})
    return _with_spells(register, fact.person, "posts", fact.post, now)


@folded.register
def _corrected(fact: PostCorrected, register: Register) -> Register:
    return _with_spells(register, fact.person, "posts", fact.was, fact.now)


@folded.register
def _employed(fact: ContractBegun, register: Register) -> Register:
    return _with_spells(register, fact.person, "contracts", None, fact.contract)


@folded.register
def _contract_ended(fact: ContractEnded, register: Register) -> Register:
    now = fact.contract.model_copy(update={"until": fact.on})
    return _with_spells(register, fact.person, "contracts", fact.contract, now)


@folded.register
def _contract_corrected(fact: ContractCorrected, register: Register) -> Register:
    return _with_spells(register, fact.person, "contracts", fact.was, fact.now)


@folded.register
def _manager(fact: LineManagerGiven, register: Register) -> Register:
    return _with_spells(register, fact.person, "managed", None, fact.managed)


@folded.register
def _manager_ended(fact: LineManagerEnded, register: Register) -> Register:
    now = fact.managed.model_copy(update={"until": fact.on})
    return _with_spells(register, fact.person, "managed", fact.managed, now)


@folded.register
def _manager_corrected(fact: LineManagerCorrected, register: Register) -> Register:
    return _with_spells(register, fact.person, "managed", fact.was, fact.now)


def _with_spells(
    register: Register, who: str, part: Literal["posts", "contracts", "managed"], was: M | None, now: M | None
) -> Register:
    def change(person: Person) -> Person:
        return person.model_copy(update={part: _instead(getattr(person, part), was, now)})

    return _with(register, who, change)


def _with(register: Register, who: str, change: Callable[[Person], Person]) -> Register:
    return replace(register, people=register.people.set(who, change(register.people[who])))


def _instead(some: Iterable[M], was: M | None, now: M | None) -> tuple[M, ...]:
    """These with one in the place of another; behind them where the other is not there."""
    found = list(some)
    place = found.index(was) if was in found else len(found)
    found[place : place + 1] = [] if now is None else [now]
    return tuple(found)


def _changed(model: M, changes: Iterable[Change]) -> M:
    said: dict[str, JsonValue] = {each.field: each.now for each in changes}
    return type(model).model_validate(model.model_dump() | said)
