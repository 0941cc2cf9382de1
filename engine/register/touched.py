"""Whose work a change of the register touches."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from engine.covering import Absence, Cover, Dated
from engine.interests import Interest
from engine.people import Directory
from engine.schools import Membership, SchoolClass
from engine.staff import Person


def touched(old: Directory, new: Directory, on: date) -> tuple[str, ...]:
    """The people of whom the new directory says something else than the old, sorted.

    So whose cover, absence or interests have changed, and who has a post at a school or in a class that has; `on`: the
    day for which roles are covered.
    """
    before, after = _by_id(old), _by_id(new)
    found = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    for directory, other in ((old, new), (new, old)):
        said = {*other.covers, *other.absences, *other.interests}
        found.update(_about(directory, (each for each in _dated(directory) if each not in said), on))
        spells = {*other.memberships, *other.classes}
        found.update(_staff(directory, (each for each in _spells(directory) if each not in spells)))
    return tuple(sorted(found))


def beginning_or_ending(directory: Directory, on: date) -> tuple[str, ...]:
    """The people for whom something begins on this day or ended the day before, sorted.

    A post, an absence, cover; their school joined the trust or left it, their class is a new one.
    """
    yesterday = on - timedelta(days=1)
    found = {
        person.id
        for person in directory.people
        if any(post.since == on or post.until == yesterday for post in person.posts)
    }
    turning = (each for each in _dated(directory) if each.since == on or each.until == yesterday)
    found.update(_about(directory, turning, on))
    spells = (each for each in _spells(directory) if each.since == on or each.until == yesterday)
    found.update(_staff(directory, spells))
    return tuple(sorted(found))


def _dated(directory: Directory) -> Iterator[Cover | Absence | Interest]:
    yield from directory.covers
    yield from directory.absences
    yield from directory.interests


def _about(directory: Directory, dated: Iterable[Dated], on: date) -> Iterator[str]:
    for each in dated:
        if isinstance(each, Absence | Interest):
            yield each.person
        if isinstance(each, Interest) and each.about:
            yield each.about
        if isinstance(each, Cover):
            yield from each.deputies
            yield from (each.person,) if each.person else directory.covered_by(each, on)


def _spells(directory: Directory) -> Iterator[Membership | SchoolClass]:
    yield from directory.memberships
    yield from directory.classes


def _staff(directory: Directory, spells: Iterable[Membership | SchoolClass]) -> Iterator[str]:
    """Whose posts these spells bound."""
    schools, classes = set(), set()
    for each in spells:
        if isinstance(each, Membership):
            schools.add(each.school)
        else:
            classes.add((each.school, each.name))
    for person in directory.people if schools or classes else ():
        if any(post.school in schools or (post.school, post.class_) in classes for post in person.posts):
            yield person.id


def _by_id(directory: Directory) -> dict[str, Person]:
    return {person.id: person for person in directory.people}
