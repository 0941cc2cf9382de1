"""What an instance decides with, from the documents it has pinned."""

from typing import get_args

from engine import library
from engine.state import State
from engine.world import World
from workers.wiring import Records


async def pinned_world(records: Records, state: State) -> World:
    """The definition, the calendar and the directory that the instance has now."""
    started = state.started
    for kind in get_args(library.Kind):
        await keep(records, kind, getattr(started, kind))
    for digest in started.processes.values():
        library.put("definition", digest, await records.documents.get(digest))
    return library.world(started.definition, started.calendar, started.directory, started.processes)


async def keep(records: Records, kind: library.Kind, digest: str) -> None:
    """Have a document at hand."""
    if not library.known(digest):
        library.put(kind, digest, await records.documents.get(digest))
