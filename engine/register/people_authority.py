"""Who may change what about people and schools.

Administrators of the trust may change anything. A headteacher may, for their own school, give and end posts but that
of the head, take people on who work nowhere else, say whom they answer to, and open and close classes. Who has a post
elsewhere gets another, or a contract, from an administrator: a head reads what is kept of their own staff.
"""

from collections.abc import Iterable
from datetime import date, datetime

from engine.errors import NotAllowedError
from engine.fact import TERMWISE
from engine.register.authority import HEAD, is_administrator, name_of, require_administrator, schools_headed
from engine.register.fact import RegisterFact
from engine.register.people_facts import (
    ContractBegun,
    ContractEnded,
    LineManagerEnded,
    LineManagerGiven,
    PersonJoined,
    PostEnded,
    PostGiven,
)
from engine.register.register import Register
from engine.register.school_facts import ClassClosed, ClassOpened
from engine.staff import Person, Post
from engine.timezone import local_date


def require_may(register: Register, person: str, at: datetime, facts: Iterable[RegisterFact]) -> None:
    """Raises NotAllowedError unless the person may bring about every one of these facts."""
    if person == TERMWISE and register.trust is None:
        return
    if is_administrator(register, person, at):
        return
    today = local_date(at)
    own = schools_headed(register, person, at)
    if not own:
        require_administrator(register, person, at, "import people or change what is said of them")
    for fact in facts:
        if not _of_school(register, fact, own, today) or _takes_from_elsewhere(register, fact, own, today):
            raise NotAllowedError(
                f"{name_of(register, person)} may change posts, people and classes of their own school only; "
                f"this is more ({_said(register, fact)}): ask an administrator of the trust"
            )


def may_see_employment(register: Register, reader: str, person: str, at: datetime) -> bool:
    """Whether somebody may see another's contracts, TRN and employer reference.

    Themselves, administrators of the trust, and the head of a school where the other holds a post that day.
    """
    if reader == person or is_administrator(register, reader, at):
        return True
    today = local_date(at)
    own = schools_headed(register, reader, at)
    return any(post.school in own for post in _held(register.people.get(person), today))


def _of_school(register: Register, fact: RegisterFact, own: frozenset[str], today: date) -> bool:
    """Whether it is within these schools."""
    match fact:
        case PostGiven() | PostEnded():
            return _theirs([fact.post], own)
        case PersonJoined():
            return bool(fact.person.posts) and _theirs(fact.person.posts, own)
        case ContractBegun() | ContractEnded():
            return fact.contract.school in own
        case LineManagerGiven() | LineManagerEnded():
            posts = _held(register.people.get(fact.person), today)
            return bool(posts) and all(post.school in own for post in posts)
        case ClassOpened() | ClassClosed():
            return fact.class_.school in own
        case _:
            return False


def _said(register: Register, fact: RegisterFact) -> str:
    what = str(getattr(fact, "kind", "a change")).replace("-", " ")
    about = getattr(fact, "person", None)
    whose = name_of(register, about) if isinstance(about, str) else getattr(about, "name", "")
    return f"{whose}: {what}" if whose else what


def _theirs(posts: Iterable[Post], own: frozenset[str]) -> bool:
    return all(post.school in own and post.role != HEAD for post in posts)


def _takes_from_elsewhere(register: Register, fact: RegisterFact, own: frozenset[str], today: date) -> bool:
    """Whether it would make somebody who works elsewhere theirs to read: contracts, interests, absences, records."""
    if not isinstance(fact, PostGiven | ContractBegun):
        return False
    known = register.people.get(fact.person)
    posts = known.posts if known else ()
    return any(post.school not in own for post in posts if post.until is None or post.until >= today)


def _held(person: Person | None, on: date) -> list[Post]:
    return [post for post in person.posts if post.in_force(on)] if person else []
