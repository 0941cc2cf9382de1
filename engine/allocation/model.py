"""What an allocation is asked, and what it answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from engine.errors import RefusedError


@dataclass(frozen=True, slots=True)
class Place:
    """What needs somebody: a school that is judged, a host, a task."""

    key: str
    needs: int = 1


@dataclass(frozen=True, slots=True)
class Helper:
    """Who can be given to a place: a school, a reviewer, a person."""

    key: str
    capacity: int = 1
    """How many places at most."""


#: Why the helper must not be given to the place, as the end of a sentence about the helper; none when they may.
Rule = Callable[[str, str], str | None]


@dataclass(frozen=True, slots=True)
class Preference:
    """What is better, where the rules leave a choice."""

    weight: int
    cost: Callable[[str, str], int]
    """How far from what is preferred this pair is; 0 is best."""
    said: Callable[[str, str], str]
    """What is told of a pair that is not what is preferred."""
    praise: Callable[[str, str], str] | None = None
    """What is told of one that is."""


@dataclass(frozen=True, slots=True)
class Question:
    """Everything an allocation follows from."""

    places: Sequence[Place]
    helpers: Sequence[Helper]
    rules: Sequence[Rule]
    preferences: Sequence[Preference] = ()
    seed: str = ""
    not_both: int = 0
    """What it costs that two are given to each other; 0 where nobody minds."""
    name: Callable[[str], str] = str
    """What people call a helper."""
    even: int = 0
    """What each further place of the same helper costs more than the one before; 0 where nobody minds."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """One place and who is given to it, with the reason in a sentence."""

    place: str
    helper: str
    why: str


@dataclass(frozen=True, slots=True)
class Allocation:
    """The pairings, in the order of the places."""

    pairings: tuple[Pairing, ...]
    cost: int = field(default=0)

    def of(self, place: str) -> tuple[str, ...]:
        """Who is given to the place."""
        return tuple(each.helper for each in self.pairings if each.place == place)


class NoAllocationError(RefusedError):
    """The rules leave no way: these places want more than those who may be given to them can do."""

    def __init__(self, why: str, places: Sequence[str], helpers: Sequence[str]) -> None:
        self.places = tuple(places)
        self.helpers = tuple(helpers)
        super().__init__(why)
