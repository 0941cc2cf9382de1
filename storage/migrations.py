"""Bring a database to the structure this code expects: numbered files, forward only, each applied once."""

from hashlib import sha256
from pathlib import Path

import asyncpg
import structlog

from storage.database import CONNECT_TIMEOUT, Connection, translated
from storage.errors import MigrationError

log = structlog.get_logger()

FOLDER = Path(__file__).with_name("migrations")

#: Held while migrating, so that of many starters one works and the others wait. "termwise" in hexadecimal.
LOCK = 0x7465726D77697365

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
    were edited or that is ahead of this code. A file that fails leaves the ones before it applied.
    """
    with translated():
        connection = await asyncpg.connect(dsn, timeout=CONNECT_TIMEOUT)
        try:
            await connection.execute(LOCKED, LOCK)
            return await _apply(connection, _files(folder))
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
        async with connection.transaction():
            await connection.execute(files[name])
            await connection.execute(RECORD, name, _digest(files[name]))
        log.info("migration.applied", name=name)
    return missing


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
