"""What activities need from outside; adapters live in `storage/` and are wired in `workers/`."""

from typing import Protocol

from engine.records import Append, Appended, Recorded


class EventStore(Protocol):
    """The log."""

    async def append(self, append: Append) -> Appended:
        """Make the events durable. Safe to repeat: the same command gets the first answer."""
        ...

    async def read(self, stream: str, after: int = 0, until: int | None = None) -> list[Recorded]:
        """The events of an instance after one version, up to another."""
        ...


class Documents(Protocol):
    """Texts by content digest."""

    async def get(self, digest: str) -> str:
        """The text of the document."""
        ...
