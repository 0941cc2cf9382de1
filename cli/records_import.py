"""Import an exported log into an empty store."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO

from cyclopts import Parameter

from cli.options import PLAIN, Options, UsageError
from cli.output import note, show, write_json
from cli.setup import settings
from storage.exchange.errors import UnreadableExportError
from workers.importing import import_export

#: Bytes of the longest line there can be: a register of a large trust is a few million.
_LONGEST = 256_000_000
_EVERY = 50_000


async def import_(
    file: Annotated[Path, Parameter(help="What `termwise records export --format cloudevents` has written.")],
    /,
    *,
    options: Options = PLAIN,
) -> None:
    """Take an exported log into an empty database: the same positions, versions, times and hashes.

    All of it or nothing: a file that was altered or cut off is refused, with the line. Nobody is written to about
    what it tells of. TERMWISE_DATABASE says which database.

    Example: TERMWISE_DATABASE=postgresql://localhost/second termwise records import log.jsonl
    """
    note(f"Reading {file} ...")
    try:
        with file.open("rb") as opened:
            imported = await import_export(settings(), _lines(opened), _tell)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror or error}") from error
    if options.json:
        write_json(imported)
        return
    show(
        f"Imported {imported.events} events of {imported.streams} streams, and {imported.documents} documents.",
        "Lists and boards are made. `termwise records verify` proves it.",
    )


def _lines(opened: BinaryIO) -> Iterator[bytes]:
    number = 0
    while line := opened.readline(_LONGEST + 1):
        number += 1
        if len(line) > _LONGEST:
            raise UnreadableExportError(
                number, f"it is longer than {_LONGEST} bytes; was the file changed by a program?"
            )
        yield line


def _tell(events: int) -> None:
    if events % _EVERY == 0:
        note(f"{events} events ...")
