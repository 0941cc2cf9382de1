"""Where ports meet adapters: the one place that knows both PostgreSQL and Temporal."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from temporalio.client import Client
from temporalio.envconfig import ClientConnectConfig

from definitions.catalogue import Catalogue
from definitions.trust import TrustFolder
from engine.access.reader import OPERATOR, Reader
from engine.access.reader import reader as reader_of
from engine.errors import TermwiseError
from engine.world import World
from storage import database
from storage.as_known import KnownQueries, Moment
from storage.database import Pool
from storage.documents import PostgresDocuments
from storage.drafts import PostgresDrafts
from storage.events import PostgresEventStore
from storage.privacy.keyring import Keyring
from storage.privacy.openness import PostgresOpenness
from storage.privacy.sealing import PersonalSealing
from storage.queries import Queries
from storage.reads import LogReads
from storage.register import PostgresRegister
from storage.sealing import PLAIN, Sealing
from storage.seen import SeenQueries
from storage.workload import WorkloadLedger
from workers import temporal
from workers.client import Termwise
from workers.embedded import postgres, servers
from workers.embedded import temporal as embedded_temporal
from workers.key_store import open_keyring
from workers.keys import Signer, key_ring
from workers.settings import Settings, temporal_connection
from workers.trust import trust_now


class NotRunningError(TermwiseError):
    """An embedded server that is needed does not run."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where PostgreSQL and Temporal are. `dsn` has a password in it: not for a log."""

    dsn: str
    temporal: ClientConnectConfig
    ui_url: str | None


def addresses(settings: Settings) -> Addresses:
    """Where the settings say the servers are; the embedded ones must run. Raises NotRunningError."""
    return Addresses(database_address(settings), *temporal_address(settings))


def database_address(settings: Settings) -> str:
    """Where PostgreSQL is, with the password: not for a log. Raises NotRunningError for an embedded one."""
    if settings.dsn is None and servers.status(settings.home).postgres is None:
        raise NotRunningError(
            "PostgreSQL does not run here; start it with `termwise up`, or set TERMWISE_DATABASE"
        )
    return settings.dsn or postgres.address(settings.home.absolute())


def temporal_address(settings: Settings) -> tuple[ClientConnectConfig, str | None]:
    """Where Temporal is, and its pages where they are ours. Raises NotRunningError for an embedded one."""
    connection, home = temporal_connection(), settings.home.absolute()
    if "target_host" in connection:
        return connection, None
    if servers.status(home).temporal is None:
        raise NotRunningError(
            "Temporal does not run here; start it with `termwise up`, or set TEMPORAL_ADDRESS"
        )
    connection["target_host"] = embedded_temporal.address(home)
    return connection, embedded_temporal.ui_url(home)


@dataclass(frozen=True, slots=True)
class Records:
    """The log and what is read from it."""

    pool: Pool
    store: PostgresEventStore
    documents: PostgresDocuments
    queries: Queries
    drafts: PostgresDrafts
    register: PostgresRegister
    workload: WorkloadLedger
    reads: LogReads
    keyring: Keyring | None = None
    """The keys that personal data are closed with; without them all is stored as it is."""
    sealing: Sealing = PLAIN
    reader: Reader = OPERATOR
    """Who reads: the queries answer, and cycles are read, with what they may see."""

    moment: Moment | None = None
    """As of when cycles are read and the queries answer; none: as things are."""

    known_on: date | None = None
    """The day that `moment` is the end of, where what was recorded is asked for."""

    def as_known(self, moment: Moment, known_on: date | None = None) -> "Records":
        """The same records as they were then. The workload and the register are not read this way."""
        known = KnownQueries(self.pool, self.reader, moment, self.sealing)
        return replace(self, queries=known, moment=moment, known_on=known_on)

    def read_by(self, reader: Reader) -> "Records":
        """The same records as this person may see them. Appends and documents are not read this way."""
        return replace(self, queries=SeenQueries(self.pool, reader), reader=reader)


@asynccontextmanager
async def open_records(dsn: str, *, size: int = 8, keyring: Keyring | None = None) -> AsyncIterator[Records]:
    """Connect to PostgreSQL, and close what is personal with these keys. Raises StoreUnavailableError."""
    pool = await database.connect(dsn, size=size)
    sealing = PersonalSealing(keyring, PostgresOpenness(pool)) if keyring else PLAIN
    store = PostgresEventStore(pool, sealing)
    try:
        yield Records(
            pool,
            store,
            PostgresDocuments(pool, keyring),
            Queries(pool),
            PostgresDrafts(pool, keyring),
            PostgresRegister(pool),
            WorkloadLedger(pool),
            LogReads(pool, sealing),
            keyring,
            sealing,
        )
    finally:
        await store.settled()
        await pool.close()


@asynccontextmanager
async def open_all_records(settings: Settings, *, size: int = 8) -> AsyncIterator[Records]:
    """The records that the settings lead to, with their keys.

    Raises NotRunningError, StoreUnavailableError, and SettingsError where no key store is named.
    """
    dsn = database_address(settings)
    async with open_keyring(settings) as keyring, open_records(dsn, size=size, keyring=keyring) as records:
        yield records


@dataclass(frozen=True, slots=True)
class Office:
    """All that a command of the CLI needs."""

    settings: Settings
    addresses: Addresses
    records: Records
    temporal: Client
    client: Termwise
    trust: TrustFolder
    catalogue: Catalogue

    def world(self, process: str) -> World:
        """The process with the trust as it is now, for a new instance."""
        program = self.catalogue.program(process)
        others = self.catalogue.run_by(program)
        return World(program, self.trust.calendar, self.trust.directory, others)


@asynccontextmanager
async def open_office(settings: Settings, reader: str | None = None) -> AsyncIterator[Office]:
    """Connect to both servers and read the trust. Raises what is wrong, each with its remedy.

    `reader` is the person in whose name the records are read, as it was typed; the operator's without one.
    """
    where = addresses(settings)
    async with open_all_records(settings, size=4) as records:
        trust = await trust_now(settings, records.register, records.documents)
        client = await temporal.connect(where.temporal, keyring=records.keyring)
        signer = Signer(key_ring(settings), trust.directory.trust.key)
        yield Office(
            settings=settings,
            addresses=where,
            records=read_as(records, trust, reader),
            temporal=client,
            client=Termwise(
                client, records.store, records.documents, settings.task_queue, records.register, signer
            ),
            trust=trust,
            catalogue=catalogue(settings.definitions),
        )


def read_as(records: Records, trust: TrustFolder, person: str | None) -> Records:
    """The records as the person may see them today: an id, a name or an e-mail. Raises UnknownNameError."""
    if person is None:
        return records
    known = trust.directory.by_name_or_id(person)
    today = trust.calendar.local_date(datetime.now(UTC))
    return records.read_by(reader_of(trust.directory, known.id, today))


def catalogue(folder: Path | None) -> Catalogue:
    """The definitions that come with termwise and those of the trust's own folder."""
    return Catalogue(*([folder] if folder else []))
