"""Who may change the register, and read what only administrators do."""

from datetime import date, datetime

from engine.errors import NotAllowedError
from engine.fact import TERMWISE
from engine.people import Directory
from engine.register.register import Register
from engine.timezone import local_date

#: Roles of the whole trust whose holders may change anything in it.
ADMINISTRATORS = ("administrator", "business-manager", "ceo")
HEAD = "headteacher"


def require_administrator(register: Register, person: str, at: datetime, what: str) -> None:
    """Refuse unless the person administers the trust on that day.

    The first import is termwise's own, from the folder of the trust; there is nobody yet who could.
    """
    if person == TERMWISE and register.trust is None:
        return
    if not is_administrator(register, person, at):
        raise NotAllowedError(
            f"{name_of(register, person)} may not {what}: that is for an administrator of the trust"
        )


def is_administrator(register: Register, person: str, at: datetime) -> bool:
    """Whether the person holds a post of an administrator, at no school, on that day."""
    known = register.people.get(person)
    today = local_date(at)
    return known is not None and any(
        post.role in ADMINISTRATORS and post.school is None and post.in_force(today) for post in known.posts
    )


def schools_headed(register: Register, person: str, at: datetime) -> frozenset[str]:
    """The schools whose head the person is on that day."""
    known, today = register.people.get(person), local_date(at)
    posts = known.posts if known else ()
    return frozenset(
        post.school for post in posts if post.role == HEAD and post.school and post.in_force(today)
    )


def name_of(register: Register, person: str) -> str:
    """What people call the person; the id of a stranger."""
    known = register.people.get(person)
    return known.name if known else person


def administers(directory: Directory, person: str, on: date) -> bool:
    """The same of somebody in a directory."""
    return any(
        post.role in ADMINISTRATORS and post.school is None and post.in_force(on)
        for post in directory.person(person).posts
    )
