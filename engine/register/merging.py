"""What a file says of people and schools, joined with what is known.

What the file does not say stays as it is. Who is missing from it is told, and stays, unless a last day is given for
them. Posts that have ended need not be in a file; a post that is not ended and not in it is told too.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from engine.errors import RefusedError
from engine.people import Directory
from engine.register.spells import Timed, partner
from engine.schools import Membership, OwnSubject, School, SchoolClass, Trust
from engine.staff import Managed, Person, Post

S = TypeVar("S", bound=Timed)


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a file says. Of each person and school only the fields that were set are said."""

    trust: Trust | None = None
    schools: tuple[School, ...] = ()
    memberships: tuple[Membership, ...] = ()
    classes: tuple[SchoolClass, ...] = ()
    subjects: tuple[OwnSubject, ...] = ()
    people: tuple[Person, ...] = ()
    notes: tuple[str, ...] = ()
    """What whoever imports it should know, such as an encoding that was guessed."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The directory with the file in it, and what was missing from the file."""

    directory: Directory
    missing: tuple[str, ...] = ()
    """People who are at work and not in the file."""
    missing_posts: tuple[tuple[str, Post], ...] = ()
    """Posts that go on, of people in the file, that are not in it."""


@dataclass(frozen=True, slots=True)
class Merging:
    """How a file is joined with what is known."""

    known: Directory
    on: date
    """Today: from here on whoever is said to be line manager is."""
    school: str | None = None
    """The school the file is of; None when it is of the whole trust."""
    leavers_on: date | None = None
    """The last day of whoever and whatever is missing; None when they stay."""
    _missing_posts: list[tuple[str, Post]] = field(default_factory=list)

    def merge(self, incoming: Incoming) -> Merged:
        """Raises RefusedError, and ValidationError where the whole would contradict itself."""
        people = {person.id: person for person in self.known.people}
        for person in incoming.people:
            before = people.get(person.id)
            people[person.id] = self._person(before, person) if before else person
        missing = self._missing(incoming) if incoming.people else []
        if self.leavers_on is not None:
            self._guard(incoming)
            for each in missing:
                people[each] = self._left(people[each], self.leavers_on)
        directory = self.known.model_copy(
            update={
                "trust": _updated(self.known.trust, incoming.trust) if incoming.trust else self.known.trust,
                "schools": self._schools(incoming.schools),
                "memberships": _replaced(
                    self.known.memberships, incoming.memberships, lambda each: each.school
                ),
                "classes": _replaced(self.known.classes, incoming.classes, lambda each: each.scope),
                "subjects": _replaced(self.known.subjects, incoming.subjects, lambda each: each.key),
                "people": tuple(people.values()),
            }
        )
        return Merged(directory, tuple(missing), tuple(self._missing_posts))

    def _schools(self, said: Iterable[School]) -> tuple[School, ...]:
        schools = {school.key: school for school in self.known.schools}
        for each in said:
            schools[each.key] = _updated(schools[each.key], each) if each.key in schools else each
        return tuple(schools.values())

    def _person(self, known: Person, said: Person) -> Person:
        given = said.model_fields_set
        plain = given - {"posts", "contracts", "managed", "line_manager"}
        update: dict[str, object] = {name: getattr(said, name) for name in plain}
        if "posts" in given:
            update["posts"] = self._posts(known, said)
        if "contracts" in given:
            update["contracts"] = _kept(known.contracts, said.contracts)
        if "managed" in given:
            update["managed"] = _kept(known.managed, said.managed)
            update["line_manager"] = said.line_manager if "line_manager" in given else known.line_manager
        elif "line_manager" in given:
            update["managed"] = self._managed(known, said.line_manager)
        return known.model_copy(update=update)

    def _posts(self, known: Person, said: Person) -> tuple[Post, ...]:
        left = list(known.posts)
        for post in said.posts:
            if (one := partner(post, left)) is not None:
                left.remove(one)
        kept: list[Post] = []
        for post in left:
            goes_on = post.until is None or post.until >= self.on
            if not goes_on or (self.school and post.school != self.school):
                kept.append(post)
            elif self.leavers_on is None:
                kept.append(post)
                self._missing_posts.append((known.id, post))
            else:
                kept += _until(post, self.leavers_on)
        order = {post: place for place, post in enumerate(known.posts)}
        return tuple(sorted((*said.posts, *kept), key=lambda post: order.get(post, len(order))))

    def _managed(self, known: Person, manager: str | None) -> tuple[Managed, ...]:
        """From today on, where it is somebody else than is said for today."""
        now = next((each for each in known.managed if each.covers(self.on)), None)
        if (now.manager if now else known.line_manager) == manager:
            return known.managed
        yesterday = self.on - timedelta(days=1)
        before = [
            each if each is not now else each.model_copy(update={"until": yesterday})
            for each in known.managed
            if each is not now or each.since < self.on
        ]
        later = [each.since for each in known.managed if each.since > self.on]
        until = min(later) - timedelta(days=1) if later else None
        return (*before, Managed(manager=manager, since=self.on, until=until))

    def _missing(self, incoming: Incoming) -> list[str]:
        """Who is at work at the school, or in the trust, and is not in the file."""
        said = {person.id for person in incoming.people}
        return [
            person.id
            for person in self.known.people
            if person.id not in said
            and any(self.school in {None, post.school} for post in self.known.posts_on(person.id, self.on))
        ]

    def _left(self, person: Person, on: date) -> Person:
        posts = [
            each
            for post in person.posts
            for each in (
                _until(post, on)
                if (post.until is None or post.until > on) and self.school in {None, post.school}
                else [post]
            )
        ]
        return person.model_copy(update={"posts": tuple(posts)})

    def _guard(self, incoming: Incoming) -> None:
        """A file of one school must not end everybody's posts at the others."""
        if self.school:
            return
        said = {person.id for person in incoming.people}
        for school in self.known.members(self.on):
            here = {p.id for p in self.known.people if school in self.known.schools_of(p.id, self.on)}
            if here and not here & said:
                raise RefusedError(
                    f"nobody of {self.known.school(school).name} is in the file, so all of them would leave; "
                    "for a file of one school name it with --school SCHOOL"
                )


M = TypeVar("M", Trust, School)
T = TypeVar("T")


def _updated(known: M, said: M) -> M:
    return known.model_copy(update={name: getattr(said, name) for name in said.model_fields_set})


def _replaced(known: tuple[T, ...], said: tuple[T, ...], scope: Callable[[T], object]) -> tuple[T, ...]:
    """All that is said of a scope stands for all that was; in its place."""
    named = {scope(each) for each in said}
    done: set[object] = set()
    found: list[T] = []
    for each in known:
        if scope(each) not in named:
            found.append(each)
        elif scope(each) not in done:
            done.add(scope(each))
            found += [one for one in said if scope(one) == scope(each)]
    return (*found, *(each for each in said if scope(each) not in done))


def _kept(known: tuple[S, ...], said: tuple[S, ...]) -> tuple[S, ...]:
    """What is said, and what was known and is not said."""
    left = list(known)
    for each in said:
        if (one := partner(each, left)) is not None:
            left.remove(one)
    return (*left, *said) if left else said


def _until(post: Post, on: date) -> list[Post]:
    return [post.model_copy(update={"until": on})] if post.since <= on else []
