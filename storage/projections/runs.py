"""A run of events that several projections are given: what one has folded of it, the others need not fold again."""

from engine.records import Recorded


class Run(tuple[Recorded, ...]):
    """Equal only to itself, so that it can be remembered by without looking at a thousand events."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other
