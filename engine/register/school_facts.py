"""What changes about the trust and its schools."""

from datetime import date
from typing import Literal

from pydantic import JsonValue

from engine.model import Model
from engine.register.fact import RegisterFact
from engine.schools import Membership, OwnSubject, School, SchoolClass, Trust


class Change(Model):
    """One thing that is said of somebody or something, before and from now on."""

    field: str
    was: JsonValue = None
    now: JsonValue = None


class TrustNamed(RegisterFact):
    """The trust is called so."""

    kind: Literal["trust-named"] = "trust-named"
    trust: Trust


class SchoolAdded(RegisterFact):
    """A school is known. It is in the trust unless memberships say since when."""

    kind: Literal["school-added"] = "school-added"
    school: School


class SchoolChanged(RegisterFact):
    """Something else is said of a school."""

    kind: Literal["school-changed"] = "school-changed"
    school: str
    changes: tuple[Change, ...]


class SchoolJoined(RegisterFact):
    """A school joins the trust on a day; what it did before is not the trust's."""

    kind: Literal["school-joined-trust"] = "school-joined-trust"
    membership: Membership


class SchoolLeft(RegisterFact):
    """A school leaves the trust. Posts there count until this day."""

    kind: Literal["school-left-trust"] = "school-left-trust"
    membership: Membership
    on: date
    """The last day."""


class MembershipCorrected(RegisterFact):
    """What was said about a school's time in the trust was not so."""

    kind: Literal["membership-corrected"] = "membership-corrected"
    was: Membership | None = None
    now: Membership | None = None


class ClassOpened(RegisterFact):
    """A school has a class."""

    kind: Literal["class-opened"] = "class-opened"
    class_: SchoolClass


class ClassClosed(RegisterFact):
    """A class ends with this day."""

    kind: Literal["class-closed"] = "class-closed"
    class_: SchoolClass
    on: date


class ClassCorrected(RegisterFact):
    """What was said about a class was not so, or what was planned for it is planned otherwise."""

    kind: Literal["class-corrected"] = "class-corrected"
    was: SchoolClass | None = None
    now: SchoolClass | None = None


class SubjectNamed(RegisterFact):
    """The trust has a subject of its own, called so."""

    kind: Literal["subject-named"] = "subject-named"
    subject: OwnSubject


SchoolFact = (
    TrustNamed
    | SchoolAdded
    | SchoolChanged
    | SchoolJoined
    | SchoolLeft
    | MembershipCorrected
    | ClassOpened
    | ClassClosed
    | ClassCorrected
    | SubjectNamed
)
