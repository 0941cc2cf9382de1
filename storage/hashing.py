"""The hash of one event: what proves that its stored bytes are those that were written.

It covers what the event says and where it stands in its stream, not where it stands in this log: an export that is
imported elsewhere keeps its hashes. Position and time of recording are covered by the leaf of a sealed block.

The bytes that are hashed, with SHA-256, are in this order:

1. the line `termwise-event 1` and a line feed (byte 10);
2. one line of nine decimal numbers and a UUID in lower case, a space between each two, and a line feed: the version,
   the schema's version, the place among the events of its command, how many those are, the command, when it occurred
   in microseconds since 1970 (UTC), and the lengths in bytes of the four texts that follow;
3. the stream's name, the kind, the actor and the stored text, in UTF-8, with nothing between them.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def event_hash(  # noqa: PLR0913, PLR0917 - as many as an event has columns, in their order
    stream_name: str,
    version: int,
    kind: str,
    schema_v: int,
    command: UUID,
    nth: int,
    of: int,
    occurred_at: datetime,
    actor: str,
    data_text: str,
) -> bytes:
    """The 32 bytes of an event's hash. The same for ever: the layout is part of every export and every proof."""
    texts = [text.encode() for text in (stream_name, kind, actor, data_text)]
    name, said, who, data = map(len, texts)
    moment = (occurred_at - _EPOCH) // _MICROSECOND
    header = (
        f"termwise-event 1\n{version} {schema_v} {nth} {of} {command} {moment} {name} {said} {who} {data}\n"
    )
    return sha256(b"".join((header.encode(), *texts))).digest()
