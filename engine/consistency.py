"""What a directory may not say: names that stand twice or for nothing, and times that cannot be."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from engine.schools import Membership, School, SchoolClass
from engine.staff import Contract, Managed, Person, Post

#: What must be so of every address; whether it is one, only a letter tells.
_ADDRESS = re.compile(r"[^@\s<>,]+@[^@\s<>,]+")


def problems_of(
    schools: tuple[School, ...],
    people: tuple[Person, ...],
    memberships: tuple[Membership, ...],
    classes: tuple[SchoolClass, ...],
) -> list[str]:
    """Every problem, one sentence each; none when the directory is consistent."""
    known, keys = {person.id for person in people}, {school.key for school in schools}
    rooms = {(each.school, each.name) for each in classes}
    problems = [
        *_twice("school", (school.key for school in schools)),
        *_twice("URN", (school.urn for school in schools)),
        *_twice("id", (person.id for person in people)),
        *_twice("e-mail", (person.email.casefold() for person in people)),
        *_twice("TRN", (person.trn for person in people if person.trn)),
    ]
    for person in people:
        problems += [f"{person.id}: {each}" for each in _of_person(person, known, keys, rooms)]
    problems += _of_schools(keys, memberships, classes)
    return problems


def _of_person(person: Person, known: set[str], keys: set[str], rooms: set[tuple[str, str]]) -> Iterator[str]:
    managers = {
        person.line_manager,
        *(post.line_manager for post in person.posts),
        *(each.manager for each in person.managed),
    } - {None}
    yield from (f"line manager {m!r} is not here" for m in managers if m not in known)
    schools = {post.school for post in person.posts} | {each.school for each in person.contracts}
    schools -= {None}
    yield from (f"there is no school {school!r}" for school in schools if school not in keys)
    for post in person.posts:
        if post.class_ and (post.school or "", post.class_) not in rooms:
            yield f"there is no class {post.class_!r} at {post.school}"
    spells: list[Post | Contract | Managed] = [*person.posts, *person.contracts, *person.managed]
    for spell in spells:
        if spell.until and (spell.since - spell.until).days > 1:  # The day before says that it never was.
            yield f"{spell.until} is before {spell.since}, on which that begins"
    if not _ADDRESS.fullmatch(person.email):
        yield f"{person.email!r} is no e-mail address; write one like name@school.example"
    for managed in _at_once(person.managed):
        yield f"two line managers are said for {managed.since}"


def _of_schools(
    keys: set[str], memberships: tuple[Membership, ...], classes: tuple[SchoolClass, ...]
) -> Iterator[str]:
    spells: list[Membership | SchoolClass] = [*memberships, *classes]
    for each in spells:
        if each.school not in keys:
            yield f"there is no school {each.school!r}"
        if each.since and each.until and each.until < each.since:
            yield f"{each.school}: {each.until} is before {each.since}"


def _at_once(managed: tuple[Managed, ...]) -> Iterator[Managed]:
    """Those that begin before the one before has ended."""
    for before, after in pairwise(sorted(managed, key=lambda each: each.since)):
        if (before.until or date.max) >= after.since:
            yield after


def _twice(what: str, names: Iterable[str]) -> list[str]:
    return [f"{what} {name!r} is given {times} times" for name, times in Counter(names).items() if times > 1]
