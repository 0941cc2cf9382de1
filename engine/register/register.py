"""The register at one version."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from immutables import Map

from engine.covering import Absence, Cover
from engine.errors import RefusedError
from engine.interests import Interest
from engine.people import Directory
from engine.register.record_facts import Hold
from engine.retention import Period
from engine.schools import Membership, OwnSubject, School, SchoolClass, Trust
from engine.signing import SigningKey
from engine.staff import Person
from engine.wishes import Wishes


@dataclass(frozen=True, slots=True)
class Failing:
    """An address that mail came back from."""

    address: str
    """As `address_digest` has it."""
    code: str
    since: datetime


@dataclass(frozen=True)
class Register:
    """A value: a fact makes a new one. One field for each subject."""

    version: int = 0
    """How many facts it is made of."""
    trust: Trust | None = None
    schools: Map[str, School] = field(default_factory=Map)
    """By key, in the order in which they were first known."""
    people: Map[str, Person] = field(default_factory=Map)
    """By opaque id."""
    memberships: tuple[Membership, ...] = ()
    classes: tuple[SchoolClass, ...] = ()
    subjects: Map[str, OwnSubject] = field(default_factory=Map)
    calendar: str | None = None
    """Digest of the calendar document."""
    keys: Map[str, SigningKey] = field(default_factory=Map)
    """By id, revoked ones too: an id is never given again."""
    channels: Map[str, tuple[str, ...]] = field(default_factory=Map)
    """The places that are told, each with the kinds of messages that it wants; none named: all."""
    failing: Map[str, Failing] = field(default_factory=Map)
    """By person, also where the person has another address by now."""

    covers: Map[str, Cover] = field(default_factory=Map)
    absences: Map[str, Absence] = field(default_factory=Map)
    interests: Map[str, Interest] = field(default_factory=Map)
    preferences: Map[str, Wishes] = field(default_factory=Map)
    """By person; of those who have chosen."""
    holds: Map[str, Hold] = field(default_factory=Map)
    """Those that stand: a hold that was lifted is not here."""
    erased: Map[str, datetime] = field(default_factory=Map)
    """By person: since when nothing personal is known of them."""
    retention: Map[str, Period] = field(default_factory=Map)
    """By class of record: what the trust has said, over the custom."""
    disposed: Map[str, datetime] = field(default_factory=Map)
    """By cycle: since when its content is gone."""

    @cached_property
    def directory(self) -> Directory:
        """What instances decide with.

        Raises RefusedError while nothing was imported, ValidationError where it contradicts itself.
        """
        if self.trust is None:
            raise RefusedError("the register is empty; import the trust first (`termwise people import`)")
        return Directory(
            trust=self.trust,
            schools=tuple(self.schools[key] for key in sorted(self.schools)),
            people=tuple(self.people[key] for key in sorted(self.people)),
            memberships=self.memberships,
            classes=self.classes,
            subjects=tuple(self.subjects[key] for key in sorted(self.subjects)),
            covers=tuple(self.covers[key] for key in sorted(self.covers)),
            absences=tuple(self.absences[key] for key in sorted(self.absences)),
            interests=tuple(self.interests[key] for key in sorted(self.interests)),
        )
