"""Words to find things by: names of cycles, titles of tasks and what they show, and what people said about them.

Whoever asks is shown only what they may see: see `storage/search.py`. Of a cycle in which somebody was erased, or
whose time is over, nothing but its name is found any more.
"""

from collections.abc import Iterator, Mapping, Sequence

from engine.events import InstanceStarted, TaskAttached, TaskCommented, TaskOpened
from engine.fact import TERMWISE, Fact
from engine.records import Recorded
from engine.register.record_facts import PersonErased, RecordsDisposed
from storage.database import Connection
from storage.projections.columns import columns
from storage.projections.projection import Projection

WRITE = """
insert into search (id, kind, instance, task, position, at, people, title, body)
select id, kind, instance, task, position, at, string_to_array(people, ' '), title, body
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[], $7::text[], $8::text[],
              $9::text[]) as i(id, kind, instance, task, position, at, people, title, body)
"""
FORGET = """
delete from search r using termwise.stream s
 where r.instance = s.name and s.root = any($1::text[]) and r.kind <> 'cycle'
"""
#: What follows from the log; the words are PostgreSQL's.
TOLD = ("id", "kind", "instance", "task", "position", "at", "people", "title", "body")
#: PostgreSQL's limit for the words of one text, with room for a title.
_LONGEST = 200_000


async def apply(connection: Connection, events: Sequence[Recorded]) -> None:
    """A row for each text."""
    rows = [row for each in events for row in _rows(each)]
    if rows:
        await connection.execute(WRITE, *columns(rows, 9))
    # Those cycles are closed, and nothing comes later in them: it is the same however the log is cut.
    await forget(connection, events)


async def forget(connection: Connection, events: Sequence[Recorded]) -> None:
    """Take out the words of the cycles that these facts say are gone."""
    if gone := [cycle for each in events for cycle in _forgotten(each.event)]:
        await connection.execute(FORGET, gone)


def _forgotten(event: Fact) -> tuple[str, ...]:
    match event:
        case PersonErased():
            return (*event.cycles, *event.whole, *event.named)
        case RecordsDisposed():
            return (event.disposed.cycle,)
        case _:
            return ()


def _rows(each: Recorded) -> Iterator[tuple[object, ...]]:
    where = (each.stream, getattr(each.event, "task", None), each.position, each.event.at)
    match each.event:
        case InstanceStarted() as event:
            yield event.instance, "cycle", *where, event.person or "", event.name, event.title
        case TaskOpened() as event:
            yield event.task, "task", *where, "", event.title, " ".join(_texts(event.shown))[:_LONGEST]
        case TaskCommented() as event:
            yield _id(each), "comment", *where, _author(event.by), "", event.text[:_LONGEST]
        case TaskAttached() as event:
            yield _id(each), "comment", *where, _author(event.by), "", event.label[:_LONGEST]
        case _:
            pass


def _id(each: Recorded) -> str:
    return f"{each.stream}@{each.version}"


def _author(by: str) -> str:
    return "" if by == TERMWISE else by


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, Sequence):
        for each in value:
            yield from _texts(each)


SEARCH = Projection(name="search", version=1, tables={"search": TOLD}, apply=apply, forget=forget)
