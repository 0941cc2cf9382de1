"""What activities need from outside; adapters live in `storage/` and are wired in `workers/`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from engine.records import Append, Appended, Recorded
from engine.register.record_facts import Disposed, PersonErased, RecordsDisposed
from engine.register.standing import Standing
from engine.signing import SigningKey


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


class DocumentStore(Documents, Protocol):
    """Texts by content digest, which may be added to."""

    async def put(self, kind: str, body: str) -> str:
        """Keep the text and return its digest. Safe to repeat."""
        ...


class RegisterRow(Protocol):
    """What was made of the register's log, and whose work a change of it concerns."""

    async def standing(self) -> Standing | None:
        """What the register says now; None while nothing was imported."""
        ...

    async def move(self, standing: Standing) -> None:
        """Say so from now on; what stands at this version or a later one is left alone. Safe to repeat."""
        ...

    async def running(self) -> list[str]:
        """Every instance that runs."""
        ...

    async def asked(self, people: Sequence[str]) -> list[str]:
        """Every instance with unfinished work for any of them, or for nobody."""
        ...


class Waker(Protocol):
    """Tells an instance to look at the register."""

    async def wake(self, instance: str) -> None:
        """Safe to repeat; one that has ended is left alone."""
        ...


class Keys(Protocol):
    """The keys that administrators have enrolled."""

    async def key(self, name: str) -> SigningKey | None:
        """The key with this id, as it is enrolled or revoked now; none where nobody enrolled it."""
        ...

    async def sealing_key(self, name: str) -> SigningKey | None:
        """The same, as it was a few seconds ago at worst: for seals, which are many."""
        ...

    async def sealed_since(self) -> datetime | None:
        """When the first key of a server was enrolled; none while there is none."""
        ...


class Parentage(Protocol):
    """Which instances asked for which."""

    async def asked_for(self, parent: str, child: str, address: str) -> bool:
        """Whether the parent's log asks, at this address, for an instance of this name."""
        ...


class Closed(Protocol):
    """A cycle of which nothing runs any more."""

    @property
    def cycle(self) -> str:
        """Its id."""
        ...

    @property
    def disposed(self) -> Disposed:
        """As an order to dispose of it names it."""
        ...


class Keeping(Protocol):
    """What is kept about people and cycles, and how it is forgotten."""

    def require_keys(self) -> None:
        """Raises RefusedError where nothing is closed with keys, so that nothing can be shredded."""
        ...

    async def open_about(self, person: str) -> Sequence[str]:
        """What is not finished that concerns the person; none when nothing is."""
        ...

    async def closed(self, cycles: Sequence[str] | None = None) -> Sequence[Closed]:
        """Those of the cycles that are closed."""
        ...

    async def touched(self, cycles: Sequence[str], people: Sequence[str]) -> frozenset[str]:
        """Those of the cycles that one of these people had to do with."""
        ...

    async def forget(self, erased: PersonErased) -> None:
        """Shred what is personal of somebody. Safe to repeat."""
        ...

    async def dispose(self, fact: RecordsDisposed) -> None:
        """Shred what a cycle contains. Safe to repeat."""
        ...
