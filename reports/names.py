"""How sentences name people, schools and steps. What nobody knows stays what it is."""

from collections.abc import Iterable

from engine.errors import UnknownNameError
from engine.people import Directory


def name(directory: Directory, person: str) -> str:
    """By name; an id that nobody has stays what it is."""
    try:
        return directory.person(person).name
    except UnknownNameError:
        return person


def school(directory: Directory, key: str) -> str:
    """By name; a key that no school has stays what it is."""
    try:
        return directory.school(key).name
    except UnknownNameError:
        return key


def plain(of: str) -> str:
    """A step's or an outcome's name in words."""
    return of.replace("_", " ")


class Names:
    """The names of one trust, inside sentences."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def person(self, person: str) -> str:
        """By name, as `name`."""
        return name(self._directory, person)

    def people(self, people: Iterable[str]) -> str:
        """All of them by name."""
        names = [self.person(person) for person in people]
        return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names) or "nobody"

    def at(self, key: str | None) -> str:
        """` at Hollins`; nothing where there is no school."""
        return f" at {school(self._directory, key)}" if key else ""
