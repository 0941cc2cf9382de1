"""How people and schools are called in a file that leaves: by opaque ids, unless names are wanted."""

from dataclasses import dataclass

from engine.people import Directory
from reports import names


@dataclass(frozen=True, slots=True)
class Called:
    """By name only where that was asked for; what nobody knows stays what it is."""

    directory: Directory
    by_name: bool = False

    def person(self, person: str | None) -> str | None:
        """The person's id, or name; none for nobody."""
        return names.name(self.directory, person) if person and self.by_name else person

    def school(self, key: str | None) -> str | None:
        """The school's key, or name; none for the whole trust."""
        return names.school(self.directory, key) if key and self.by_name else key
