"""What a file of the log holds, line by line, as the tables hold it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from engine.model import Model
from storage.hashing import event_hash


class Manifest(Model):
    """The first line: what the file is, so that one which was cut off is known."""

    format: int = 1
    whole: bool
    """Whether it is the whole log, and can be imported."""
    events: int = 0
    """How many there are, where it is the whole log; so with the documents."""
    documents: int = 0


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A definition, calendar or directory, named by its content."""

    digest: str
    kind: str
    body: str = field(repr=False)
    put_at: datetime
    """When it was first needed."""
    proof: bytes | None = None
    """Of one in which something is sealed: that it was stored under this name."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """A row of the log, to the byte."""

    position: int
    stream: str
    version: int
    kind: str
    schema_v: int
    command: UUID
    nth: int
    of: int
    occurred_at: datetime
    actor: str
    recorded_at: datetime
    root: str
    """The instance that was started first."""
    data: str = field(repr=False)
    """The text as it is stored: what is personal may be sealed in it."""
    hash: bytes | None
    """None for an event that somebody saw, and not the row."""

    @property
    def name(self) -> str:
        """What it is known by everywhere."""
        return f"{self.stream}@{self.version}"

    def hashed(self) -> bytes:
        """The hash that what is said here has."""
        return event_hash(
            self.stream, self.version, self.kind, self.schema_v, self.command, self.nth, self.of,
            self.occurred_at, self.actor, self.data,
        )  # fmt: skip


Line = Manifest | StoredDocument | StoredEvent
