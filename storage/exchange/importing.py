"""An exported log into an empty store: the same positions, versions, times and hashes, or nothing at all."""

from collections.abc import Callable, Iterable, Sequence
from typing import assert_never

import asyncpg

from engine.library import TamperedDocumentError
from engine.model import Model
from storage.checkpoints import held, move
from storage.database import Connection, Pool, translated
from storage.errors import UnreadableEventError
from storage.exchange.checking import Checker, facts_of
from storage.exchange.errors import StoreNotEmptyError, UnreadableExportError
from storage.exchange.lines import LineError, read_line
from storage.exchange.stored import Manifest, StoredDocument, StoredEvent
from storage.folding import fold
from storage.privacy.directories import SealedDirectories
from storage.projections.outbox import OUTBOX
from storage.reading import page
from storage.sealing import PLAIN, Sealing
from storage.streams import stream_id
from storage.unhurried import UNHURRIED

#: Events that are stored, and read back, at a time.
BATCH = 500
HEAD = "select position from termwise.head for update"
BEGUN = "select to_regclass('termwise.event') is not null"
EMPTY = "select not exists (select from termwise.event) and not exists (select from termwise.stream)"
PUT_DOCUMENT = """
insert into termwise.document (digest, kind, body, put_at, proof) values ($1, $2, $3, $4, $5) on conflict do nothing
"""
PUT_STREAMS = """
insert into termwise.stream (id, name, version, root, process, title, cycle, definition)
select * from unnest($1::uuid[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[],
                     $8::text[])
"""
PUT_EVENTS = """
insert into termwise.event (position, stream, version, type, schema_v, command, nth, of, occurred_at, actor,
                            recorded_at, data, hash)
select position, stream, version, type, schema_v, command, nth, of, occurred_at, actor, recorded_at, data::json, hash
  from unnest($1::bigint[], $2::uuid[], $3::integer[], $4::text[], $5::smallint[], $6::uuid[], $7::smallint[],
              $8::smallint[], $9::timestamptz[], $10::text[], $11::timestamptz[], $12::text[], $13::bytea[])
    as e(position, stream, version, type, schema_v, command, nth, of, occurred_at, actor, recorded_at, data, hash)
"""
VERSIONS = """
update termwise.stream s set version = v.version
  from unnest($1::uuid[], $2::integer[]) as v(id, version) where s.id = v.id and s.version <> v.version
"""
MOVE_HEAD = "update termwise.head set position = $1"
#: What was said where the log comes from is not said again here.
SAID = "update termwise.outbox set status = 'withdrawn', error = 'told where the log was imported from'"


class Imported(Model):
    """What was taken in."""

    events: int
    streams: int
    documents: int


async def is_begun(pool: Pool) -> bool:
    """Whether the tables of a log are there. Raises StoreNotEmptyError where there is anything in them."""
    with translated():
        async with pool.acquire() as connection:
            if not await connection.fetchval(BEGUN):
                return False
            if not await connection.fetchval(EMPTY):
                raise StoreNotEmptyError(await connection.fetchval("select position from termwise.head") or 0)
            return True


async def import_log(
    pool: Pool,
    lines: Iterable[bytes],
    sealing: Sealing = PLAIN,
    directories: SealedDirectories | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Imported:
    """Take the whole of it in, in one transaction; `progress` is told how many events are stored so far.

    Letters about what has happened are not sent again. Read models are made by whoever calls this. Raises
    UnreadableExportError, which names the line, or StoreNotEmptyError; then nothing was changed.
    """
    with translated():
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute(UNHURRIED)
            await connection.fetchval(HEAD)  # Whoever appends waits, and then finds another head.
            if not await connection.fetchval(EMPTY):
                raise StoreNotEmptyError(await connection.fetchval(HEAD) or 0)
            taken = await _Intake(connection, sealing, directories, progress).all(lines)
            await held(connection, OUTBOX)
            await fold(connection, OUTBOX, sealing=sealing)
            await connection.execute(SAID)
            await move(connection, OUTBOX, taken.events)
            return taken


class _Intake:
    """Stores batch after batch, and knows at which line it is."""

    def __init__(
        self,
        connection: Connection,
        sealing: Sealing,
        directories: SealedDirectories | None,
        progress: Callable[[int], None],
    ) -> None:
        self._connection = connection
        self._sealing = sealing
        self._directories = directories
        self._progress = progress
        self._check = Checker()
        self._streams: list[StoredEvent] = []
        self._events: list[StoredEvent] = []
        self._line = 0

    async def all(self, lines: Iterable[bytes]) -> Imported:
        """The lines of a whole file."""
        try:
            for self._line, line in enumerate(lines, start=1):
                await self._take(line)
            self._check.end()
        except LineError as error:
            raise UnreadableExportError(self._line, str(error)) from error
        await self._store()
        names = list(self._check.versions)
        ids = [stream_id(name) for name in names]
        await self._connection.execute(VERSIONS, ids, list(self._check.versions.values()))
        await self._connection.execute(MOVE_HEAD, self._check.events)
        return Imported(events=self._check.events, streams=len(names), documents=self._check.documents)

    async def _take(self, line: bytes) -> None:
        read = read_line(line)
        if self._line == 1:
            self._check.begin(read)
            return
        match read:
            case Manifest():
                raise LineError("a second manifest; were two files joined?")
            case StoredDocument():
                self._check.document(read)
                await self._prove(read)
                await self._connection.execute(
                    PUT_DOCUMENT, read.digest, read.kind, read.body, read.put_at, read.proof
                )
            case StoredEvent():
                if self._check.event(read):
                    self._streams.append(read)
                self._events.append(read)
                if len(self._events) >= BATCH:
                    await self._store()
            case _:
                assert_never(read)

    async def _prove(self, document: StoredDocument) -> None:
        """What was sealed must open with the keys that there are here: without them the log could not be read."""
        if document.proof is None:
            return
        if self._directories is None:
            raise LineError(
                "a directory is closed with keys, and no key store is set up here; set TERMWISE_KEYS"
            )
        try:
            await self._directories.opened(document.digest, document.body, document.proof)
        except TamperedDocumentError as error:
            raise LineError(str(error)) from error

    async def _store(self) -> None:
        if not self._events:
            return
        await self._connection.execute(
            PUT_STREAMS, *_columns([_stream_row(each) for each in self._streams], 8)
        )
        try:
            await self._connection.execute(
                PUT_EVENTS, *_columns([_event_row(each) for each in self._events], 13)
            )
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
            said = next(iter(error.args), "")
            raise UnreadableExportError(
                self._line, f"the events up to here cannot be stored ({said})"
            ) from error
        await self._read_back()
        self._progress(self._check.events)
        self._streams, self._events = [], []

    async def _read_back(self) -> None:
        """What is stored must be what this version can read."""
        first = self._events[0].position
        try:
            await page(self._connection, first - 1, len(self._events), self._sealing)
        except UnreadableEventError as error:
            raise UnreadableExportError(self._line, f"up to here: {error}") from error


def _stream_row(event: StoredEvent) -> tuple[object, ...]:
    facts = facts_of(event)
    return (
        stream_id(event.stream), event.stream, event.version, facts.root, facts.process, facts.title, facts.cycle,
        facts.definition,
    )  # fmt: skip


def _event_row(event: StoredEvent) -> tuple[object, ...]:
    return (
        event.position, stream_id(event.stream), event.version, event.kind, event.schema_v, event.command, event.nth,
        event.of, event.occurred_at, event.actor, event.recorded_at, event.data, event.hash,
    )  # fmt: skip


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return [[row[column] for row in rows] for column in range(width)]
