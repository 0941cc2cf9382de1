"""One event as a block holds it: a line of text with its place, its time and the hash of all it says."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.evidence.merkle import leaf_hash


@dataclass(frozen=True, slots=True)
class Leaf:
    """What is sealed of an event. Two are equal when their lines are."""

    position: int
    recorded_at: str
    """As `instant` writes it."""
    stream: str
    """Empty where no more is known of an event than a mark that was published."""
    version: int
    kind: str
    hash: str
    """Of the header and the stored text, in hexadecimal: see `storage/hashing.py`."""

    @property
    def line(self) -> str:
        """A JSON array in one line of ASCII: the same for ever, since roots are made of it."""
        whole = [self.position, self.recorded_at, self.stream, self.version, self.kind, self.hash]
        return json.dumps(whole, separators=(",", ":"))

    @property
    def name(self) -> str:
        """How an event is told to a reader."""
        return f"version {self.version} of {self.stream} ({self.kind})" if self.stream else "the event"


def read_leaf(line: str) -> Leaf:
    """The leaf of a line. Raises ValueError for what is none."""
    match json.loads(line):
        case [int(position), str(at), str(stream), int(version), str(kind), str(digest)]:
            return Leaf(position, at, stream, version, kind, digest)
        case _:
            raise ValueError("the line of a leaf has six values")


def instant(at: datetime) -> str:
    """A moment as it is hashed: in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def hashed(line: str) -> bytes:
    """A line as a leaf of the tree."""
    return leaf_hash(line.encode())
