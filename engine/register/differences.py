"""What differs between the register and what somebody says now, as facts that are not decided yet.

Each part that is given is the whole of what is said of it; what is not given stays as it is.
"""

from collections.abc import Callable, Iterable, Iterator
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
from engine.register.spells import S, moves
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
        yield from self._moved(
            was,
            spells,
            lambda new: SchoolJoined(at=at, by=by, reason=why, membership=new),
            lambda old, on: SchoolLeft(at=at, by=by, reason=why, membership=old, on=on),
            lambda old, new: MembershipCorrected(at=at, by=by, reason=why, was=old, now=new),
        )

    def classes(self, given: Iterable[SchoolClass]) -> Iterator[Difference]:
        """What differs about classes; all spells of each class that is named."""
        spells = list(given)
        named = {each.scope for each in spells}
        was = [each for each in self.register.classes if each.scope in named]
        at, by, why = self.at, self.by, self.reason
        yield from self._moved(
            was,
            spells,
            lambda new: ClassOpened(at=at, by=by, reason=why, class_=new),
            lambda old, on: ClassClosed(at=at, by=by, reason=why, class_=old, on=on),
            lambda old, new: ClassCorrected(at=at, by=by, reason=why, was=old, now=new),
        )

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
        at, by, why, who = self.at, self.by, self.reason, person.id
        yield from self._moved(
            known.posts,
            person.posts,
            lambda new: PostGiven(at=at, by=by, reason=why, person=who, post=new),
            lambda old, on: PostEnded(at=at, by=by, reason=why, person=who, post=old, on=on),
            lambda old, new: PostCorrected(at=at, by=by, reason=why, person=who, was=old, now=new),
        )
        yield from self._moved(
            known.contracts,
            person.contracts,
            lambda new: ContractBegun(at=at, by=by, reason=why, person=who, contract=new),
            lambda old, on: ContractEnded(at=at, by=by, reason=why, person=who, contract=old, on=on),
            lambda old, new: ContractCorrected(at=at, by=by, reason=why, person=who, was=old, now=new),
        )
        yield from self._moved(
            known.managed,
            person.managed,
            lambda new: LineManagerGiven(at=at, by=by, reason=why, person=who, managed=new),
            lambda old, on: LineManagerEnded(at=at, by=by, reason=why, person=who, managed=old, on=on),
            lambda old, new: LineManagerCorrected(at=at, by=by, reason=why, person=who, was=old, now=new),
        )

    def _moved(
        self,
        was: Iterable[S],
        now: Iterable[S],
        begun: Callable[[S], RegisterFact],
        ended: Callable[[S, date], RegisterFact],
        corrected: Callable[[S | None, S | None], RegisterFact],
    ) -> Iterator[Difference]:
        """What differs between spells: each begins, ends, or was said wrongly."""
        for move in moves(was, now, self.today):
            if move.begun:
                yield Difference(begun(move.begun))
            elif move.was and move.ended:
                yield Difference(ended(move.was, move.ended))
            else:
                yield Difference(corrected(move.was, move.now), move.past)


def _changes(was: Model, now: Model) -> tuple[Change, ...]:
    before = was.model_dump(mode="json", exclude=set(_SPELLS))
    after = now.model_dump(mode="json", exclude=set(_SPELLS))
    return tuple(
        Change(field=name, was=before[name], now=after[name]) for name in after if before[name] != after[name]
    )
