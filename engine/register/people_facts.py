"""What changes about people and schools."""

from typing import Literal

from engine.register.fact import RegisterFact
from engine.schools import School, Trust
from engine.staff import Person


class TrustNamed(RegisterFact):
    """The trust is called so."""

    kind: Literal["trust-named"] = "trust-named"
    trust: Trust


class SchoolRecorded(RegisterFact):
    """A school is as said here from now on."""

    kind: Literal["school-recorded"] = "school-recorded"
    school: School


class PersonRecorded(RegisterFact):
    """A person and their posts are as said here from now on."""

    kind: Literal["person-recorded"] = "person-recorded"
    person: Person
