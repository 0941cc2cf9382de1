"""The database itself: its structure, who may do what in it, a copy of it.

Example: termwise database backup records-2026-11-24.dump
"""

import sys
from pathlib import Path
from typing import Annotated

import asyncpg
from cyclopts import App, Parameter

from cli.options import PLAIN, Flag, Options
from cli.output import note, show, write_json
from cli.setup import settings
from storage import migrations
from storage.database import CONNECT_TIMEOUT, translated
from storage.roles import make_roles, role_statements
from workers.backups import back_up, put_back, put_back_keys
from workers.key_store import keys_address
from workers.wiring import database_address

app = App(name="database")

DryRun = Annotated[Flag, Parameter(help="Say what would be done, and do nothing.")]
File = Annotated[Path, Parameter(help="The file.")]
Keys = Annotated[Flag, Parameter(help="The key store, not the records. Keep the two apart.")]


@app.command
async def migrate(*, dry_run: DryRun = False, options: Options = PLAIN) -> None:
    """Bring the structure to what this version expects. Forward only; the services may run meanwhile.

    Services do the same when they start, if their account may. Example: termwise database migrate --dry-run
    """
    dsn = database_address(settings())
    names = await _pending(dsn) if dry_run else await migrations.migrate(dsn)
    if options.json:
        write_json({"would_apply" if dry_run else "applied": names})
    else:
        show(*(f"{'Would apply' if dry_run else 'Applied'} {name}." for name in names))
        show("" if names else "Nothing is missing.")


@app.command
async def roles(*, dry_run: DryRun = False, options: Options = PLAIN) -> None:
    """Make the roles termwise_reader, termwise_writer and termwise_projector, each with what it needs.

    None of them may change or remove an event. --dry-run prints the SQL. Example: termwise database roles
    """
    if not dry_run:
        await make_roles(database_address(settings()))
    if options.json:
        write_json({"sql": role_statements(), "applied": not dry_run})
    elif dry_run:
        sys.stdout.write(role_statements() + "\n")  # As it is: broken into lines of 80 it is no SQL any more.
    else:
        show(
            "The roles are there. Let each service log in as a member of one of them; see docs/operations.md."
        )


@app.command
async def backup(file: File, /, *, keys: Keys = False, options: Options = PLAIN) -> None:
    """Write all records to one new file that only you can read. The services may run meanwhile.

    The keys to what is personal are not in it: --keys writes those, and the master key is in neither.
    Example: termwise database backup records.dump
    """
    what = "keys" if keys else "records"
    note(f"Copying the {what} ...")
    await back_up(keys_address(settings()) if keys else database_address(settings()), file)
    size = file.stat().st_size
    if options.json:
        write_json({"file": str(file), "bytes": size})
    else:
        show(f"The {what} are in {file} ({size:,} bytes).", "Prove it now and then: restore it elsewhere.")


@app.command
async def restore(file: File, /, *, keys: Keys = False, options: Options = PLAIN) -> None:
    """Fill an empty database from such a file. Nothing that was recorded is ever written over.

    Then prove that all is there: termwise records verify. Example: termwise database restore records.dump
    """
    note(f"Putting the {'keys' if keys else 'records'} back ...")
    applied: list[str] = []
    if keys:
        await put_back_keys(keys_address(settings()), file)
    else:
        applied = await put_back(database_address(settings()), file)
    if options.json:
        write_json({"file": str(file), "applied": applied})
    elif keys:
        show("The keys are back. Whoever was erased since that copy must be erased again.")
    else:
        show("The records are back.", *(f"Applied {name}." for name in applied))
        show("Now prove that all is there: termwise records verify")


async def _pending(dsn: str) -> list[str]:
    with translated():
        connection = await asyncpg.connect(dsn, timeout=CONNECT_TIMEOUT)
        try:
            return await migrations.pending(connection)
        finally:
            await connection.close()
