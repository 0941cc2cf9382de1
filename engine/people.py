"""The directory: who holds which role where, on a given day."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from itertools import product
from typing import Self

from pydantic import model_validator

from engine.errors import RefusedError, UnknownNameError
from engine.indexed import Indexed
from engine.staff import Assignment, Person, Post, School, Trust

_MAX_TOLD = 50


class Directory(Indexed):
    """A trust's people, as known at one moment. A value: a change is a new directory.

    Scopes are exact. A question that names a school, year group or subject finds only posts that name
    the same one, so a class teacher without a year group is nobody's Year 6 teacher, and the chief
    executive is not `at` a school; a question that leaves it out finds every post. Indexed on first use.
    """

    trust: Trust
    schools: tuple[School, ...]
    people: tuple[Person, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problems = [
            *_twice("school", (s.key for s in self.schools)),
            *_twice("id", (p.id for p in self.people)),
        ]
        problems += _twice("e-mail", (p.email.casefold() for p in self.people))
        for person in self.people:
            managers = {person.line_manager, *(post.line_manager for post in person.posts)} - {None}
            problems += [
                f"{person.id}: line manager {m!r} is not here" for m in managers if m not in self._people
            ]
            schools = {post.school for post in person.posts} - {None}
            problems += [f"{person.id}: there is no school {s!r}" for s in schools if s not in self._schools]
        if problems:
            more = f"; and {len(problems) - _MAX_TOLD} more" if len(problems) > _MAX_TOLD else ""
            raise ValueError("; ".join(sorted(problems)[:_MAX_TOLD]) + more)
        return self

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        return tuple(Assignment(person=p.id, post=post) for p in self.people for post in p.posts)

    def holders(
        self,
        role: str,
        on: date,
        school: str | None = None,
        year_group: str | None = None,
        subject: str | None = None,
    ) -> tuple[str, ...]:
        """The ids of all who hold the role on that day in that scope, sorted; none is an answer."""
        posts = self._posts.get((role, school, year_group, subject), ())
        return tuple(sorted({person for person, post in posts if post.in_force(on)}))

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

    def schools_of(self, person_id: str, on: date) -> tuple[str, ...]:
        """The schools where the person holds a post on that day, sorted; none for trust staff."""
        return tuple(sorted({post.school for post in self._in_force(person_id, on) if post.school}))

    def line_manager(self, person_id: str, on: date) -> str | None:
        """Whom the person answers to on that day: a post's own line manager comes before the usual one.

        None when there is none, or when that manager holds no post that day: someone who has left is not
        written to.
        """
        own = (post.line_manager for post in self._in_force(person_id, on) if post.line_manager)
        manager = next(own, self.person(person_id).line_manager)
        return manager if manager and self._in_force(manager, on) else None

    def at_work(self, person_id: str, on: date) -> bool:
        """Whether the person has not left: holds a post that day, or never had one, as a governor."""
        return not self.person(person_id).posts or bool(self._in_force(person_id, on))

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

    def _in_force(self, person_id: str, on: date) -> list[Post]:
        return [post for post in self.person(person_id).posts if post.in_force(on)]

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
    def _posts(self) -> dict[tuple[str | None, ...], list[tuple[str, Post]]]:
        """Every post under every question that finds it."""
        index: dict[tuple[str | None, ...], list[tuple[str, Post]]] = {}
        for person in self.people:
            for post in person.posts:
                scopes = ({None, post.school}, {None, post.year_group}, {None, post.subject})
                for scope in product(*scopes):
                    index.setdefault((post.role, *scope), []).append((person.id, post))
        return index


def _twice(what: str, names: Iterable[str]) -> list[str]:
    return [f"{what} {name!r} is given {times} times" for name, times in Counter(names).items() if times > 1]
