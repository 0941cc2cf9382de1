"""What there is around a definition: the activities it may call and the processes it may run, as far as is known."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from engine.definition.model import Definition


def _none(_: str) -> Definition | None:
    return None


@dataclass(frozen=True, slots=True)
class Around:
    """What is None is not known here, so a definition is not checked against it."""

    activities: Collection[str] | None = None
    """The names of what is installed."""
    processes: Collection[str] | None = None
    """The keys of the processes there are."""
    definition: Callable[[str], Definition | None] = _none
    """The definition of a key; none when it cannot be read."""


#: A definition by itself.
NOTHING_KNOWN = Around()
