"""What becomes of things that hold for a time: which begin, which end, and which change the past.

The past are the days before today. A spell that begins is never against it, even when its first day has passed: it
adds what was not known. One that is gone, moved or cut short so that a day before today is no longer covered is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, Protocol, Self, TypeVar


class Timed(Protocol):
    """What holds from a day to a day."""

    @property
    def since(self) -> date | None:
        """The first day; None for always."""
        ...

    @property
    def until(self) -> date | None:
        """The last day; None while it goes on."""
        ...

    @property
    def scope(self) -> tuple[str | None, ...]:
        """What it is, whenever it is."""
        ...

    def model_copy(self, *, update: dict[str, object] | None = None) -> Self:
        """The same with something else in it."""
        ...


S = TypeVar("S", bound=Timed)


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    """One that becomes another. Both are never None."""

    was: S | None
    now: S | None
    past: bool
    """Whether a day before today is no longer as it was said."""

    @property
    def begun(self) -> S | None:
        """The one that begins; None when it is no beginning."""
        return self.now if self.was is None else None

    @property
    def ended(self) -> date | None:
        """The last day of one that only ends earlier than was said; None when it is anything else."""
        if self.past or self.was is None or self.now is None or self.now.until is None:
            return None
        only = self.was.model_copy(update={"until": self.now.until}) == self.now
        return self.now.until if only and _last(self.now) < _last(self.was) else None


def moves(was: Iterable[S], now: Iterable[S], today: date) -> Iterator[Move[S]]:
    """What turns these into those, in the order of those. The same on both sides is no move."""
    before, after = list(was), list(now)
    for each in list(after):
        if each in before:
            before.remove(each)
            after.remove(each)
    for new in after:
        old = partner(new, before)
        if old is not None:
            before.remove(old)
        yield Move(old, new, old is not None and _past(old, new, today))
    for gone in before:
        yield Move(gone, None, _first(gone) < today)


def partner(new: S, before: list[S]) -> S | None:
    """Which of these it is a change of: the same that begins on the same day, or is held at the same time."""
    same = [each for each in before if each.scope == new.scope]
    for each in same:
        if each.since == new.since:
            return each
    return next((each for each in same if _first(each) <= _last(new) and _first(new) <= _last(each)), None)


def _past(old: S, new: S, today: date) -> bool:
    only_its_end = old.model_copy(update={"until": new.until}) == new
    if only_its_end:
        return min(_last(old), _last(new)) < today - timedelta(days=1)
    return min(_first(old), _first(new)) < today


def _first(spell: Timed) -> date:
    return spell.since or date.min


def _last(spell: Timed) -> date:
    return spell.until or date.max
