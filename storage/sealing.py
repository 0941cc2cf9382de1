"""Where the texts of events are closed before they are stored, and opened after they are read."""

from collections.abc import Sequence
from typing import Protocol

from engine.records import Append


class Sealing(Protocol):
    """What stands between an event as we know it and the text that PostgreSQL holds."""

    async def seal(self, append: Append, bodies: Sequence[str]) -> Sequence[str]:
        """The texts to store for these events, one for each; what is personal in them may be replaced.

        Called once for each append, before the hash is taken: the hash is of what is stored. It may be
        called again for a repeat, which then stores nothing.
        """
        ...

    async def opened(self, texts: Sequence[str]) -> Sequence[str]:
        """The texts as they were before they were sealed, one for each; what was erased says so."""
        ...


class Plain:
    """Stores what it is given."""

    async def seal(self, append: Append, bodies: Sequence[str]) -> Sequence[str]:  # noqa: ARG002 - it says no more
        """The same texts."""
        return bodies

    async def opened(self, texts: Sequence[str]) -> Sequence[str]:
        """The same texts."""
        return texts


PLAIN = Plain()
