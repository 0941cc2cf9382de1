"""What differs between the register and what somebody says now, as facts that are not decided yet.

Each part that is given is the whole of what is said of it; what is not given stays as it is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from engine.model import Model
from engine.register.fact import RegisterFact
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
from engine.register.spells import moves
from engine.schools import Membership, OwnSubject, School, SchoolClass, Trust
from engine.staff import Person
from engine.timezone import local_date

_SPELLS = frozenset({"posts", "contracts", "managed"})


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact, and whether it changes what was said of days that have passed."""

    fact: RegisterFact
    past: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """Who says it, when and why."""

    register: Register
    at: datetime
    by: str
    reason: str | None

    @property
    def today(self) -> date:
        """The day on the wall."""
        return local_date(self.at)

    def trust(self, trust: Trust) -> Iterator[Difference]:
        """What differs about the trust."""
        if trust != self.register.trust:
            yield Difference(TrustNamed(at=self.at, by=self.by, reason=self.reason, trust=trust))

    def schools(self, schools: Iterable[School]) -> Iterator[Difference]:
        """What differs about these schools."""
        for school in schools:
            known = self.register.schools.get(school.key)
            if known is None:
                yield Difference(SchoolAdded(at=self.at, by=self.by, reason=self.reason, school=school))
            elif changes := _changes(known, school):
                fact = SchoolChanged(
                    at=self.at, by=self.by, reason=self.reason, school=school.key, changes=changes
                )
                yield Difference(fact)

    def memberships(self, given: Iterable[Membership]) -> Iterator[Difference]:
        """What differs about when schools are in the trust; all spells of each school that is named."""
        spells = list(given)
        named = {each.school for each in spells}
        was = [each for each in self.register.memberships if each.school in named]
        with_spells = {each.school for each in was}
        # A school that is known and has no spell has always been in the trust.
        was += [
            Membership(school=key)
            for key in sorted(named - with_spells)
            if key in self.register.schools and Membership(school=key) not in spells
        ]
        at, by, why = self.at, self.by, self.reason
        for move in moves(was, spells, self.today):
            if move.begun:
                yield Difference(SchoolJoined(at=at, by=by, reason=why, membership=move.begun))
            elif move.was and move.ended:
                yield Difference(SchoolLeft(at=at, by=by, reason=why, membership=move.was, on=move.ended))
            else:
                fact = MembershipCorrected(at=at, by=by, reason=why, was=move.was, now=move.now)
                yield Difference(fact, move.past)

    def classes(self, given: Iterable[SchoolClass]) -> Iterator[Difference]:
        """What differs about classes; all spells of each class that is named."""
        spells = list(given)
        named = {each.scope for each in spells}
        was = [each for each in self.register.classes if each.scope in named]
        at, by, why = self.at, self.by, self.reason
        for move in moves(was, spells, self.today):
            if move.begun:
                yield Difference(ClassOpened(at=at, by=by, reason=why, class_=move.begun))
            elif move.was and move.ended:
                yield Difference(ClassClosed(at=at, by=by, reason=why, class_=move.was, on=move.ended))
            else:
                fact = ClassCorrected(at=at, by=by, reason=why, was=move.was, now=move.now)
                yield Difference(fact, move.past)

    def subjects(self, subjects: Iterable[OwnSubject]) -> Iterator[Difference]:
        """What differs about the trust's own subjects."""
        for subject in subjects:
            if self.register.subjects.get(subject.key) != subject:
                yield Difference(SubjectNamed(at=self.at, by=self.by, reason=self.reason, subject=subject))

    def people(self, people: Iterable[Person]) -> Iterator[Difference]:
        """What differs about these people; each is given whole."""
        for person in people:
            known = self.register.people.get(person.id)
            if known is None:
                yield Difference(PersonJoined(at=self.at, by=self.by, reason=self.reason, person=person))
            elif known != person:
                yield from self._person(known, person)

    def _person(self, known: Person, person: Person) -> Iterator[Difference]:
        if changes := _changes(known, person):
            fact = PersonChanged(
                at=self.at, by=self.by, reason=self.reason, person=person.id, changes=changes
            )
            # Whom somebody answers to without dates is said of all days, those that have passed too.
            yield Difference(fact, any(each.field == "line_manager" for each in changes))
        yield from self._posts(known, person)
        yield from self._contracts(known, person)
        yield from self._managed(known, person)

    def _posts(self, known: Person, person: Person) -> Iterator[Difference]:
        at, by, why, who = self.at, self.by, self.reason, person.id
        for move in moves(known.posts, person.posts, self.today):
            if move.begun:
                yield Difference(PostGiven(at=at, by=by, reason=why, person=who, post=move.begun))
            elif move.was and move.ended:
                fact = PostEnded(at=at, by=by, reason=why, person=who, post=move.was, on=move.ended)
                yield Difference(fact)
            else:
                corrected = PostCorrected(at=at, by=by, reason=why, person=who, was=move.was, now=move.now)
                yield Difference(corrected, move.past)

    def _contracts(self, known: Person, person: Person) -> Iterator[Difference]:
        at, by, why, who = self.at, self.by, self.reason, person.id
        for move in moves(known.contracts, person.contracts, self.today):
            if move.begun:
                yield Difference(ContractBegun(at=at, by=by, reason=why, person=who, contract=move.begun))
            elif move.was and move.ended:
                fact = ContractEnded(at=at, by=by, reason=why, person=who, contract=move.was, on=move.ended)
                yield Difference(fact)
            else:
                now = move.now
                corrected = ContractCorrected(at=at, by=by, reason=why, person=who, was=move.was, now=now)
                yield Difference(corrected, move.past)

    def _managed(self, known: Person, person: Person) -> Iterator[Difference]:
        at, by, why, who = self.at, self.by, self.reason, person.id
        for move in moves(known.managed, person.managed, self.today):
            if move.begun:
                yield Difference(LineManagerGiven(at=at, by=by, reason=why, person=who, managed=move.begun))
            elif move.was and move.ended:
                fact = LineManagerEnded(at=at, by=by, reason=why, person=who, managed=move.was, on=move.ended)
                yield Difference(fact)
            else:
                corrected = LineManagerCorrected(
                    at=at, by=by, reason=why, person=who, was=move.was, now=move.now
                )
                yield Difference(corrected, move.past)


def _changes(was: Model, now: Model) -> tuple[Change, ...]:
    before = was.model_dump(mode="json", exclude=set(_SPELLS))
    after = now.model_dump(mode="json", exclude=set(_SPELLS))
    return tuple(
        Change(field=name, was=before[name], now=after[name]) for name in after if before[name] != after[name]
    )
