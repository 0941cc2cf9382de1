"""Whose work a change of the register touches."""

from datetime import date, timedelta

from engine.people import Directory
from engine.staff import Person


def touched(old: Directory, new: Directory) -> tuple[str, ...]:
    """The people of whom the new directory says something else than the old, sorted."""
    before, after = _by_id(old), _by_id(new)
    return tuple(sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key)))


def beginning_or_ending(directory: Directory, on: date) -> tuple[str, ...]:
    """The people with a post that begins on this day or ended the day before, sorted."""
    yesterday = on - timedelta(days=1)
    return tuple(
        sorted(
            person.id
            for person in directory.people
            if any(post.since == on or post.until == yesterday for post in person.posts)
        )
    )


def _by_id(directory: Directory) -> dict[str, Person]:
    return {person.id: person for person in directory.people}
