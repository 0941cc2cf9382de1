"""What there is around a definition, as far as is known: activities, other processes, the people of a trust."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from engine.definition.model import Definition
from engine.people import Directory


def _none(_: str) -> Definition | None:
    return None


@dataclass(frozen=True, slots=True)
class Around:
    """What is None is not known here, so a definition is not checked against it."""

    activities: Collection[str] | None = None
    """The names of what is installed."""
    processes: Collection[str] | None = None
    """The keys of the processes there are."""
    directory: Directory | None = None
    """The people of the trust that it is for."""
    definition: Callable[[str], Definition | None] = _none
    """The definition of a key; none when it cannot be read."""


#: A definition by itself.
NOTHING_KNOWN = Around()
