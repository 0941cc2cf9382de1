"""What may stay in the open in which instance: as the definition says that it has pinned."""

import time
from collections import OrderedDict
from typing import Protocol

from engine import library
from engine.definition.openness import CLOSED, Openness, openness
from engine.definition.program import Program
from engine.errors import TermwiseError
from engine.events import InstanceMigrated, InstanceStarted
from engine.records import Append
from storage.database import CONNECT_TIMEOUT, Pool, translated
from storage.streams import stream_id

PINNED = "select definition from termwise.stream where id = $1"
TEXT = "select body from termwise.document where digest = $1 and kind = 'definition'"
#: Seconds after which it is asked again which definition an instance has: another process may move it to another.
_KNOWN_FOR = 30.0
_MOST = 10_000


class KnownOpenness(Protocol):
    """Says what of an instance may stay in the open."""

    def hear(self, append: Append) -> None:
        """Note what is about to be appended: it may say which definition the instance has."""
        ...

    async def of(self, stream: str) -> Openness:
        """By the definition of that instance; nothing where it is not known."""
        ...


class PostgresOpenness:
    """Looks it up once for each instance, and again now and then."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._of: OrderedDict[str, tuple[float, str]] = OrderedDict()
        self._by_digest: OrderedDict[str, Openness] = OrderedDict()

    def hear(self, append: Append) -> None:
        """Note what is about to be appended."""
        for event in append.events:
            if isinstance(event, InstanceStarted | InstanceMigrated):
                self._note(append.stream, event.definition)

    async def of(self, stream: str) -> Openness:
        """By the definition of that instance; nothing where it is not known."""
        until, digest = self._of.get(stream, (0.0, ""))
        if until <= time.monotonic():
            digest = await self._fetch(PINNED, stream_id(stream)) or digest
            self._note(stream, digest)
        if not digest or digest in self._by_digest:
            return self._by_digest.get(digest, CLOSED)
        text = "" if library.known(digest) else await self._fetch(TEXT, digest)
        return CLOSED if text is None else self._read(digest, text)

    async def _fetch(self, query: str, argument: object) -> str | None:
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                found = await connection.fetchval(query, argument)
        return None if found is None else str(found)

    def _note(self, stream: str, digest: str) -> None:
        self._of[stream] = (time.monotonic() + _KNOWN_FOR, digest)
        self._of.move_to_end(stream)
        if len(self._of) > _MOST:
            self._of.popitem(last=False)

    def _read(self, digest: str, text: str) -> Openness:
        try:
            program = library.put("definition", digest, text)
        except (TermwiseError, ValueError):
            return CLOSED  # A definition that nobody can read any more: then all of it is closed.
        self._by_digest[digest] = openness(program) if isinstance(program, Program) else CLOSED
        if len(self._by_digest) > _MOST:
            self._by_digest.popitem(last=False)
        return self._by_digest[digest]
