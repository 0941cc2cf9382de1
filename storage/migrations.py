"""Bring a database to the structure this code expects: numbered files, forward only, each applied once.

Workers of the version before may run meanwhile. A file waits only shortly for a table that they use, because all who
come after it wait behind it; then it lets them pass, and tries again.
"""

import asyncio
from hashlib import sha256
from pathlib import Path

import asyncpg
import structlog

from storage.database import CONNECT_TIMEOUT, Connection, translated
from storage.errors import MigrationError, MigrationWaitsError
from storage.roles import grant_again

log = structlog.get_logger()

FOLDER = Path(__file__).with_name("migrations")

#: Held while migrating, so that of many starters one works and the others wait. "termwise" in hexadecimal.
LOCK = 0x7465726D77697365

#: How long a file waits for a table, how long it then lets others pass, in seconds, and how often it tries.
HURRIED = "set local lock_timeout = '2s'"
LET_PASS = 1.0
TRIES = 30

LOCKED = "select pg_advisory_lock($1)"
BEGIN = """
create schema if not exists termwise;
create table if not exists termwise.migration (
  name text primary key,
  sha256 text not null,
  applied_at timestamptz not null default clock_timestamp()
)
"""
BEGUN = "select to_regclass('termwise.migration') is not null"
APPLIED = "select name, sha256 from termwise.migration order by name"
RECORD = "insert into termwise.migration (name, sha256) values ($1, $2)"


async def migrate(dsn: str, folder: Path = FOLDER) -> list[str]:
    """Apply what is missing and return its names, oldest first; empty when there was nothing to do.

    Safe to run from many processes at once. Refuses, changing nothing, a database whose applied files
    were edited or that is ahead of this code. A file that fails leaves the ones before it applied. Raises
    MigrationWaitsError when a table stays in use, and MigrationError for a role that may not change the structure;
    where nothing is missing, any role that may read will do.
    """
    with translated():
        connection = await asyncpg.connect(dsn, timeout=CONNECT_TIMEOUT)
        try:
            if not await pending(connection, folder):
                return []
            await connection.execute(LOCKED, LOCK)
            return await _apply(connection, _files(folder))
        except asyncpg.InsufficientPrivilegeError as error:
            raise MigrationError(
                f"this role may not change the structure of the database ({error}); apply the migrations with the "
                "owner's address first: `termwise database migrate`"
            ) from error
        finally:
            await connection.close()


async def pending(connection: Connection, folder: Path = FOLDER) -> list[str]:
    """The names of what `migrate` would apply. Changes nothing. Raises MigrationError as `migrate` would."""
    begun = await connection.fetchval(BEGUN)
    rows = await connection.fetch(APPLIED) if begun else []
    return _missing(_files(folder), {row["name"]: row["sha256"] for row in rows})


def _files(folder: Path) -> dict[str, str]:
    return {file.stem: file.read_text("utf-8") for file in sorted(folder.glob("*.sql"))}


async def _apply(connection: Connection, files: dict[str, str]) -> list[str]:
    await connection.execute(BEGIN)
    applied = {row["name"]: row["sha256"] for row in await connection.fetch(APPLIED)}
    missing = _missing(files, applied)
    for name in missing:
        await _apply_one(connection, name, files[name])
        log.info("migration.applied", name=name)
    if missing:
        await grant_again(connection)
    return missing


async def _apply_one(connection: Connection, name: str, text: str) -> None:
    for attempt in range(1, TRIES + 1):
        try:
            async with connection.transaction():
                await connection.execute(HURRIED)
                await connection.execute(text)
                await connection.execute(RECORD, name, _digest(text))
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError) as error:
            if attempt == TRIES:
                raise MigrationWaitsError(name) from error
            log.warning("migration.waiting", name=name, attempt=attempt)
            await asyncio.sleep(LET_PASS)
        else:
            return


def _missing(files: dict[str, str], applied: dict[str, str]) -> list[str]:
    if ahead := sorted(set(applied) - set(files)):
        raise MigrationError(
            f"the database is ahead of this termwise: it has {ahead[-1]!r}; install the newer version"
        )
    if edited := [name for name, digest in applied.items() if digest != _digest(files[name])]:
        raise MigrationError(
            f"migration {edited[0]!r} was edited after it was applied; restore it and add a new one"
        )
    missing = [name for name in files if name not in applied]
    if missing and applied and missing[0] < max(applied):
        raise MigrationError(
            f"migration {missing[0]!r} is older than {max(applied)!r}, already applied; renumber it"
        )
    return missing


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
