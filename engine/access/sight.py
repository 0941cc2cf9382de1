"""How much of something a person may see.

The matrix is that of the trust (docs/access.md): its rows are readers, its columns the classes of a process. What no
row allows is not seen, and looks as if it were not there.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from engine.access.reader import Reader

PUPILS, STAFF = "pupils", "staff"
About = Literal["pupils", "staff"]


class Sight(IntEnum):
    """How much; each sees what those before it see."""

    NOTHING = 0
    COUNTED = 1
    """Only as a number among others; small numbers are suppressed."""
    OUTLINE = 2
    """That it is, its stages, states and dates, and which role is asked: no names, no words, no answers."""
    ANSWERS = 3
    """All but what is personal in it."""
    ALL = 4


@dataclass(frozen=True, slots=True)
class Matter:
    """What there is to see: an instance, or one task of it."""

    confidentiality: str
    about: str | None = None
    """Whose records it makes: pupils' or staff's. Where that is not said, the stricter rules of both hold."""
    person: str | None = None
    """The person whose records they are."""
    owner_role: str = ""
    school: str | None = None
    """Whose work it is; none for the whole trust's."""
    year_group: str | None = None
    subject: str | None = None
    parties: frozenset[str] = frozenset()
    """Who is or was asked to do it, or has done it."""
    process: str = ""
    roles: frozenset[str] = frozenset()
    """As what they are asked."""


def sight(  # noqa: PLR0911 - one line for each class
    reader: Reader, matter: Matter
) -> Sight:
    """How much of the matter the reader sees."""
    if reader.is_operator or reader.is_asked(matter.parties, matter.process, matter.roles):
        return Sight.ALL
    match matter.confidentiality:
        case "public":
            return Sight.ALL
        case "trust":
            return _trust(reader, matter)
        case "personal" if matter.person or matter.about == STAFF:
            return _staff(reader, matter)
        case "personal" if matter.about == PUPILS:
            return _pupils(reader, matter)
        case "personal":
            return min(_staff(reader, matter), _pupils(reader, matter))
        case _:
            return _sensitive(reader, matter)


def _trust(reader: Reader, matter: Matter) -> Sight:
    if matter.school in reader.leads or reader.holds(matter.owner_role):
        return Sight.ALL
    return Sight.ANSWERS if reader.is_staff or reader.governs else Sight.NOTHING


def _staff(reader: Reader, matter: Matter) -> Sight:
    if matter.person is not None:
        own = matter.person == reader.person or matter.person in reader.manages | reader.staff
        if own or (reader.leads_trust and matter.person in reader.heads):
            return Sight.ALL
    elif matter.school in reader.leads:
        return Sight.ALL
    return _outline_or_counted(reader, matter)


def _pupils(reader: Reader, matter: Matter) -> Sight:
    if matter.school in reader.leads or reader.teaches(matter.school, matter.year_group):
        return Sight.ALL
    if matter.owner_role == "sendco" and matter.school in reader.sendco_at:
        return Sight.ALL
    if reader.leads_trust or reader.leads_area(matter.school, matter.year_group, matter.subject):
        return Sight.ANSWERS
    return _outline_or_counted(reader, matter)


def _sensitive(reader: Reader, matter: Matter) -> Sight:
    if matter.person is not None:
        return (
            Sight.ALL
            if matter.person == reader.person or matter.person in reader.staff
            else _need_to_know(reader, matter)
        )
    if matter.school in reader.leads or matter.school in reader.sendco_at:
        return Sight.ALL
    return _need_to_know(reader, matter)


def _need_to_know(reader: Reader, matter: Matter) -> Sight:
    if reader.holds(matter.owner_role):
        return Sight.OUTLINE
    return Sight.COUNTED if reader.leads_trust else Sight.NOTHING


def _outline_or_counted(reader: Reader, matter: Matter) -> Sight:
    if reader.holds(matter.owner_role) or reader.leads_trust or reader.is_administrator:
        return Sight.OUTLINE
    return Sight.COUNTED if reader.governs else Sight.NOTHING
