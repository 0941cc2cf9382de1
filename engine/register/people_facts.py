"""What changes about people. Each says what it was, so that no reader has to look back."""

from datetime import date
from typing import Annotated, Literal

from engine.personal import PersonalChanges
from engine.register.fact import RegisterFact
from engine.register.school_facts import Change
from engine.staff import ERASED_FIELDS, Contract, Managed, Person, Post


class PersonJoined(RegisterFact):
    """Somebody is known, with all that is said of them at first."""

    kind: Literal["person-joined"] = "person-joined"
    person: Person


class PersonChanged(RegisterFact):
    """A name, an address or a number is another one. The id stays for ever."""

    kind: Literal["person-changed"] = "person-changed"
    person: str
    changes: Annotated[tuple[Change, ...], PersonalChanges(of="person", erased=ERASED_FIELDS)]


class PostGiven(RegisterFact):
    """Somebody holds a post from its first day on, which may have passed when it was told."""

    kind: Literal["post-given"] = "post-given"
    person: str
    post: Post


class PostEnded(RegisterFact):
    """A post ends with this day."""

    kind: Literal["post-ended"] = "post-ended"
    person: str
    post: Post
    """As it was."""
    on: date


class PostCorrected(RegisterFact):
    """What was said about a post was not so, or what was planned is planned otherwise."""

    kind: Literal["post-corrected"] = "post-corrected"
    person: str
    was: Post | None = None
    now: Post | None = None
    """None when there never was one."""


class ContractBegun(RegisterFact):
    """Somebody is employed."""

    kind: Literal["contract-begun"] = "contract-begun"
    person: str
    contract: Contract


class ContractEnded(RegisterFact):
    """A contract ends with this day."""

    kind: Literal["contract-ended"] = "contract-ended"
    person: str
    contract: Contract
    on: date


class ContractCorrected(RegisterFact):
    """What was said about a contract was not so, or what was planned is planned otherwise."""

    kind: Literal["contract-corrected"] = "contract-corrected"
    person: str
    was: Contract | None = None
    now: Contract | None = None


class LineManagerGiven(RegisterFact):
    """Somebody answers to another person from a day on, or to nobody."""

    kind: Literal["line-manager-given"] = "line-manager-given"
    person: str
    managed: Managed


class LineManagerEnded(RegisterFact):
    """Somebody answers to a person until this day; then to whoever is said without dates."""

    kind: Literal["line-manager-ended"] = "line-manager-ended"
    person: str
    managed: Managed
    on: date


class LineManagerCorrected(RegisterFact):
    """What was said about whom somebody answers to was not so, or what was planned is planned otherwise."""

    kind: Literal["line-manager-corrected"] = "line-manager-corrected"
    person: str
    was: Managed | None = None
    now: Managed | None = None


PeopleFact = (
    PersonJoined
    | PersonChanged
    | PostGiven
    | PostEnded
    | PostCorrected
    | ContractBegun
    | ContractEnded
    | ContractCorrected
    | LineManagerGiven
    | LineManagerEnded
    | LineManagerCorrected
)
