"""What the courier must know of people, as it is now: where they work, and how they want to be written to."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from engine.calendar import Calendar
from engine.people import Directory
from engine.wishes import CUSTOM, Wishes


@dataclass(frozen=True, slots=True)
class Addressees:
    """Everybody at one moment. A value."""

    directory: Directory
    calendar: Calendar
    wishes: Mapping[str, Wishes] = field(default_factory=dict)
    """Of those who have chosen."""
    version: int = 0
    """Of the register: what was judged by another is judged again."""
    unreachable: frozenset[str] = frozenset()
    """Those whose address fails: letters to them wait until somebody has seen to it."""
    hold: bool = True
    """Whether letters wait at all."""

    def wishes_of(self, person: str) -> Wishes:
        """What the person chose, or the custom."""
        return self.wishes.get(person, CUSTOM)


Known: TypeAlias = Callable[[], Awaitable[Addressees]]
"""Asked for each letter: people join, leave and change their minds meanwhile."""
