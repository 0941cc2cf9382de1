"""The directory: who holds which role where, on a given day."""

from datetime import date
from functools import cached_property
from itertools import product
from typing import Self

from pydantic import model_validator

from engine.consistency import problems_of
from engine.covering import Absence, Cover
from engine.declared_here import strangers
from engine.errors import RefusedError, UnknownNameError
from engine.held import Held, held
from engine.indexed import Indexed
from engine.interests import Interest
from engine.schools import Membership, OwnSubject, School, SchoolClass, Trust
from engine.staff import Assignment, Contract, Person, Post

_MAX_TOLD = 50


class Directory(Indexed):
    """A trust's people, as known at one moment. A value: a change is a new directory.

    Scopes are exact. A question that names a school, year group or subject finds only posts that name
    the same one, so a class teacher without a year group is nobody's Year 6 teacher, and the chief
    executive is not `at` a school; a question that leaves it out finds every post. A class or a phase stands
    for its year groups. A post at a school counts only while the school is in the trust. Indexed on first use.
    """

    trust: Trust
    schools: tuple[School, ...]
    people: tuple[Person, ...]
    memberships: tuple[Membership, ...] = ()
    """When schools joined and left; a school that has none was and is always in the trust."""
    classes: tuple[SchoolClass, ...] = ()
    subjects: tuple[OwnSubject, ...] = ()
    """Those of the trust besides the national ones."""
    covers: tuple[Cover, ...] = ()
    absences: tuple[Absence, ...] = ()
    interests: tuple[Interest, ...] = ()
    erased: tuple[str, ...] = ()
    """Who was erased since: of them it says no more than that. Never in the text that a digest was made of."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problems = sorted(problems_of(self.schools, self.people, self.memberships, self.classes))
        if problems:
            more = f"; and {len(problems) - _MAX_TOLD} more" if len(problems) > _MAX_TOLD else ""
            raise ValueError("; ".join(problems[:_MAX_TOLD]) + more)
        return self

    @model_validator(mode="after")
    def _covered_by_people_here(self) -> Self:
        problems = sorted(strangers(self.covers, self.absences, self.interests, self._people, self._schools))
        if problems:
            raise ValueError("; ".join(problems[:_MAX_TOLD]))
        return self

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        return tuple(Assignment(person=p.id, post=post) for p in self.people for post in p.posts)

    def holders(  # noqa: PLR0913 - a role, a day, and the four parts of a scope
        self,
        role: str,
        on: date,
        school: str | None = None,
        year_group: str | None = None,
        subject: str | None = None,
        *,
        class_: str | None = None,
    ) -> tuple[str, ...]:
        """The ids of all who hold the role on that day in that scope, sorted; none is an answer."""
        posts = self._by_scope.get((role, school, year_group, subject), ())
        return tuple(
            sorted(
                {
                    each.person
                    for each in posts
                    if each.on(on) and (class_ is None or each.post.class_ == class_)
                }
            )
        )

    def holds(  # noqa: PLR0913, PLR0917 - a person, and the question `holders` asks
        self,
        person: str,
        role: str,
        on: date,
        school: str | None = None,
        year_group: str | None = None,
        subject: str | None = None,
    ) -> bool:
        """Whether the person is among the holders."""
        return person in self.holders(role, on, school, year_group, subject)

    def holds_for_trust(self, person: str, role: str, on: date) -> bool:
        """Whether the person holds the role for the whole trust that day, not only at one of its schools."""
        return any(
            each.person == person and each.post.school is None and each.on(on)
            for each in self._by_scope.get((role, None, None, None), ())
        )

    def person(self, person_id: str) -> Person:
        """Raises `UnknownNameError`."""
        if person_id not in self._people:
            raise UnknownNameError("person", person_id, self._people)
        return self._people[person_id]

    def school(self, key: str) -> School:
        """Raises `UnknownNameError`, which suggests the nearest."""
        if key not in self._schools:
            raise UnknownNameError("school", key, self._schools)
        return self._schools[key]

    def members(self, on: date) -> tuple[str, ...]:
        """The schools that are in the trust on that day, in the order of the directory."""
        return tuple(school.key for school in self.schools if self.in_trust(school.key, on))

    def in_trust(self, school: str, on: date) -> bool:
        """Whether the school is in the trust on that day."""
        spells = self._memberships.get(school)
        return spells is None or any(each.covers(on) for each in spells)

    def posts_on(self, person_id: str, on: date) -> tuple[Post, ...]:
        """The posts the person holds on that day, in the order of the directory. Raises `UnknownNameError`."""
        return tuple(dict.fromkeys(each.post for each in self._of(person_id) if each.on(on)))

    def contracts_on(self, person_id: str, on: date) -> tuple[Contract, ...]:
        """The contracts the person has on that day. Raises `UnknownNameError`."""
        return tuple(each for each in self.person(person_id).contracts if each.covers(on))

    def schools_of(self, person_id: str, on: date) -> tuple[str, ...]:
        """The schools where the person holds a post on that day, sorted; none for trust staff."""
        return tuple(sorted({post.school for post in self.posts_on(person_id, on) if post.school}))

    def line_manager(self, person_id: str, on: date) -> str | None:
        """Whom the person answers to on that day.

        A post's own line manager comes first, then the one that is said for that day, then the usual one. None
        when there is none, or when that manager holds no post that day: who has left is not written to.
        """
        own = (post.line_manager for post in self.posts_on(person_id, on) if post.line_manager)
        manager = next(own, None) or self._said_manager(self.person(person_id), on)
        return manager if manager and any(each.on(on) for each in self._of(manager)) else None

    def at_work(self, person_id: str, on: date) -> bool:
        """Whether the person has not left: holds a post that day, or never had one, as a governor."""
        return not self.person(person_id).posts or any(each.on(on) for each in self._of(person_id))

    def class_of(self, school: str, name: str, on: date) -> SchoolClass | None:
        """The class of that name at the school, as it is on that day."""
        found = (each for each in self._classes.get((school, name), ()) if each.covers(on))
        return next(found, None)

    def role_names(self) -> tuple[str, ...]:
        """Every role that anybody holds, held or will hold."""
        return tuple(sorted({post.role for person in self.people for post in person.posts}))

    def by_email(self, email: str) -> Person:
        """Whatever the case of its letters. Raises `UnknownNameError`."""
        found = self._emails.get(email.strip().casefold())
        if found is None:
            raise UnknownNameError("person with e-mail", email, self._emails)
        return found

    def by_name_or_id(self, text: str) -> Person:
        """The person a user means by an id, a name or an e-mail. Refused when two people share the name."""
        if text in self._people:
            return self._people[text]
        if "@" in text:
            return self.by_email(text)
        found = [person for person in self.people if person.name.casefold() == text.strip().casefold()]
        if len(found) > 1:
            raise RefusedError(f"{text!r} is the name of {', '.join(p.id for p in found)}; say which by id")
        if not found:
            raise UnknownNameError("person", text, (p.name for p in self.people))
        return found[0]

    def _of(self, person_id: str) -> tuple[Held, ...]:
        self.person(person_id)
        return self._held.get(person_id, ())

    @staticmethod
    def _said_manager(person: Person, on: date) -> str | None:
        for each in person.managed:
            if each.covers(on):
                return each.manager
        return person.line_manager

    def absent(self, person_id: str, on: date) -> Absence | None:
        """The absence of the person on that day; none when they are here."""
        return next((each for each in self._absences.get(person_id, ()) if each.in_force(on)), None)

    def covers_of(self, person_id: str, on: date) -> tuple[Cover, ...]:
        """The covers in force that day for the person, or for a role they hold, in the order of the directory."""
        own = self._covers.get(person_id, ())
        roles = (each for each in self._covers.get("", ()) if person_id in self.covered_by(each, on))
        return tuple(each for each in (*own, *roles) if each.in_force(on))

    def covered_by(self, cover: Cover, on: date) -> tuple[str, ...]:
        """Whom it is for that day: the person, or who holds the role at that school; without one, for the trust."""
        if cover.person:
            return (cover.person,)
        holders = self.holders(cover.role or "", on, cover.school)
        return tuple(
            each for each in holders if cover.school or self.holds_for_trust(each, cover.role or "", on)
        )

    def covers_for_role(self, role: str, school: str | None, on: date) -> tuple[Cover, ...]:
        """The covers in force that day for whoever holds the role there."""
        found = (each for each in self._covers.get("", ()) if (each.role, each.school) == (role, school))
        return tuple(each for each in found if each.in_force(on))

    def interests_of(self, person_id: str, on: date) -> tuple[Interest, ...]:
        """What the person has declared and not withdrawn by that day."""
        return tuple(each for each in self._interests.get(person_id, ()) if each.in_force(on))

    @cached_property
    def _covers(self) -> dict[str, list[Cover]]:
        """By whom they are for; those for a role under the empty name."""
        index: dict[str, list[Cover]] = {}
        for each in self.covers:
            index.setdefault(each.person or "", []).append(each)
        return index

    @cached_property
    def _absences(self) -> dict[str, list[Absence]]:
        index: dict[str, list[Absence]] = {}
        for each in self.absences:
            index.setdefault(each.person, []).append(each)
        return index

    @cached_property
    def _interests(self) -> dict[str, list[Interest]]:
        index: dict[str, list[Interest]] = {}
        for each in self.interests:
            index.setdefault(each.person, []).append(each)
        return index

    @cached_property
    def _people(self) -> dict[str, Person]:
        return {person.id: person for person in self.people}

    @cached_property
    def _emails(self) -> dict[str, Person]:
        return {person.email.casefold(): person for person in self.people}

    @cached_property
    def _schools(self) -> dict[str, School]:
        return {school.key: school for school in self.schools}

    @cached_property
    def _memberships(self) -> dict[str, list[Membership]]:
        index: dict[str, list[Membership]] = {}
        for each in self.memberships:
            index.setdefault(each.school, []).append(each)
        return index

    @cached_property
    def _classes(self) -> dict[tuple[str, str], list[SchoolClass]]:
        index: dict[tuple[str, str], list[SchoolClass]] = {}
        for each in self.classes:
            index.setdefault((each.school, each.name), []).append(each)
        return index

    @cached_property
    def _held(self) -> dict[str, tuple[Held, ...]]:
        """By person, every post as long as it counts."""
        return {
            person.id: tuple(
                each
                for post in person.posts
                for each in held(
                    person.id,
                    post,
                    self._memberships.get(post.school or ""),
                    self._classes.get((post.school or "", post.class_ or ""), ()),
                )
            )
            for person in self.people
            if person.posts
        }

    @cached_property
    def _by_scope(self) -> dict[tuple[str | None, ...], list[Held]]:
        """Every post under every question that finds it."""
        index: dict[tuple[str | None, ...], list[Held]] = {}
        for each in (one for some in self._held.values() for one in some):
            scopes = ({None, each.post.school}, {None, *each.year_groups}, {None, each.post.subject})
            for scope in product(*scopes):
                index.setdefault((each.post.role, *scope), []).append(each)
        return index
