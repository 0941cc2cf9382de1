"""The key store: a PostgreSQL database of its own, so that no backup of the log has the keys to it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg

from engine.model import Model
from storage.database import CONNECT_TIMEOUT, Pool, open_pool, translated
from storage.errors import StoreRefusedError, StoreUnavailableError
from storage.migrations import migrate
from storage.privacy.errors import KeyStoreRefusedError, KeyStoreUnavailableError

#: Of each process: keys are known for a while, and so seldom looked up.
CONNECTIONS = 4
CREATE = "create database termwise_keys"
_MIGRATIONS = Path(__file__).with_name("migrations")

FIND = "select subject, number, master, wrapped from termwise.data_key where subject = any($1::text[])"
#: A master key that is being retired is held until then: nothing is closed with it afterwards.
ADD = """
insert into termwise.data_key (subject, number, master, wrapped)
select k.subject, k.number, m.id, k.wrapped
  from unnest($2::text[], $3::integer[], $4::bytea[]) as k(subject, number, wrapped)
 cross join (select id from termwise.master_key where id = $1 and retired_at is null for share) m
on conflict do nothing
"""
SHRED = """
update termwise.data_key set wrapped = null, master = null, shredded_at = clock_timestamp(), why = $2
 where subject = $1 and wrapped is not null
"""
#: What was there before an update stays in the file until it is cleaned.
CLEAN = "vacuum termwise.data_key"
IN_FORCE = "select id from termwise.master_key where retired_at is null"
RETIRE = "update termwise.master_key set retired_at = clock_timestamp() where retired_at is null and id <> $1"
INSTALL = "insert into termwise.master_key (id) values ($1) on conflict do nothing"
TO_WRAP = """
select subject, number, master, wrapped from termwise.data_key
 where master <> $1 order by subject, number limit $2
"""
WRAP = """
update termwise.data_key set master = $3, wrapped = $4
 where subject = $1 and number = $2 and wrapped is not null
"""
STATE = """
select count(*) filter (where wrapped is not null) as keys, count(*) filter (where wrapped is null) as shredded,
       count(*) filter (where master <> (select id from termwise.master_key where retired_at is null)) as to_wrap,
       (select id from termwise.master_key where retired_at is null) as master
  from termwise.data_key
"""


class Wrapped(Model):
    """A key as it is kept; without `wrapped` it was shredded."""

    subject: str
    number: int
    master: str | None
    wrapped: bytes | None


class KeyStoreState(Model):
    """What is in the key store."""

    keys: int
    shredded: int
    to_wrap: int
    """Still closed with a master key that is being replaced."""
    master: str | None
    """The id of the master key in force; None while there is none."""


@contextmanager
def _answering() -> Iterator[None]:
    try:
        with translated():
            yield
    except StoreUnavailableError as error:
        raise KeyStoreUnavailableError(error.__cause__ or error) from error
    except StoreRefusedError as error:
        raise KeyStoreRefusedError(error.__cause__ or error) from error
    except asyncpg.UndefinedTableError as error:
        raise KeyStoreUnavailableError(
            "it has no tables yet; `termwise up` or a termwise worker makes them"
        ) from error


class PostgresKeyStore:
    """Keys by subject. Every method raises KeyStoreUnavailableError when it is away."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def find(self, subjects: Sequence[str]) -> list[Wrapped]:
        """Every key that these subjects have, and had."""
        return [Wrapped(**row) for row in await self._fetch(FIND, subjects)]

    async def add(self, master: str, keys: Sequence[tuple[str, int, bytes]]) -> None:
        """Keep first or next keys: subject, number, and the key as this master key closes it.

        Left out are those for which somebody was quicker; all of them, where the master key is no longer in force.
        """
        # In one order, so that two who make the same keys do not wait for each other.
        columns = [list(column) for column in zip(*sorted(keys), strict=True)]
        await self._execute(ADD, master, *columns)

    async def shred(self, subject: str, why: str) -> int:
        """Destroy the keys of a subject; how many there were. Safe to repeat."""
        done = int((await self._execute(SHRED, subject, why)).rpartition(" ")[2])
        if done:
            await self._execute(CLEAN)
        return done

    async def in_force(self) -> str | None:
        """The id of the master key that closes new keys."""
        rows = await self._fetch(IN_FORCE)
        return rows[0]["id"] if rows else None

    async def install(self, master: str) -> None:
        """New keys are closed with this one from now on. Safe to repeat."""
        with _answering():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection, connection.transaction():
                await connection.execute(RETIRE, master)
                await connection.execute(INSTALL, master)

    async def to_wrap(self, master: str, limit: int) -> list[Wrapped]:
        """The next keys that are closed with another master key."""
        return [Wrapped(**row) for row in await self._fetch(TO_WRAP, master, limit)]

    async def wrap(self, keys: Sequence[Wrapped]) -> None:
        """Keep these as they are closed now; what was shredded meanwhile stays shredded."""
        with _answering():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                await connection.executemany(WRAP, [(k.subject, k.number, k.master, k.wrapped) for k in keys])

    async def state(self) -> KeyStoreState:
        """How many keys there are, and under which master key."""
        ((row),) = await self._fetch(STATE)
        return KeyStoreState(**row)

    async def close(self) -> None:
        """Leave the database."""
        await self._pool.close()

    async def _fetch(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        with _answering():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                return list(await connection.fetch(query, *arguments))

    async def _execute(self, query: str, *arguments: object) -> str:
        with _answering():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                return str(await connection.execute(query, *arguments))


async def create_embedded(server: str) -> None:
    """Have a server of ours make the database `termwise_keys` unless it is there. Safe to repeat."""
    with _answering():
        connection = await asyncpg.connect(server, timeout=CONNECT_TIMEOUT)
        try:
            with suppress(asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
                await connection.execute(CREATE)
        finally:
            await connection.close()


async def migrate_keys(dsn: str) -> None:
    """Give the database the structure of a key store. Safe to repeat. Raises KeyStoreUnavailableError."""
    with _answering():
        await migrate(dsn, _MIGRATIONS)


async def open_key_store(dsn: str) -> PostgresKeyStore:
    """The key store at this address. It is connected to when it is first asked."""
    with _answering():
        return PostgresKeyStore(await open_pool(dsn, size=CONNECTIONS))
