"""What leaves for other programs, piece by piece: as far as the reader of the records may see it."""

from collections.abc import AsyncIterator
from datetime import datetime, time, timedelta
from pathlib import Path

from engine.access.reader import Reader
from engine.access.sight import Sight
from engine.cloud_events import SOURCE
from engine.events import EVENT
from engine.records import Recorded
from engine.state import State
from engine.timezone import LONDON
from reports.cycle import Cycle
from reports.exchange import xes
from reports.exchange.csv_table import csv_lines
from reports.exchange.ocel import OcelWriter
from reports.exchange.outline import outlined
from reports.exchange.people import Called
from reports.exchange.tables import TABLES, Name, rows
from reports.exchange.workbook import WorkbookWriter
from reports.seeing import sight_of_event
from storage.exchange import writing
from storage.exchange.exporting import Which, log_snapshot
from storage.exchange.stored import Manifest, StoredEvent
from workers.choosing import Choice, chosen_cycles
from workers.wiring import Records

_TITLE = "termwise"


async def cloud_events(records: Records, choice: Choice, source: str = SOURCE) -> AsyncIterator[str]:
    """The log, line by line. Without any choice the operator gets the whole of it, which can be imported again."""
    if not records.reader.is_operator:
        yield writing.manifest_line(Manifest(whole=False), source)
        async for cycle in chosen_cycles(records, choice, whole=False):
            states = {state.instance: state for state in (cycle.root, *cycle.parts)}
            for record in cycle.log:
                if choice.days.has(record.event.at):
                    yield writing.event_line(
                        _as_seen(records.reader, record, cycle, states[record.stream]), source
                    )
        return
    async with log_snapshot(records.pool) as log:
        if choice.is_everything:
            yield writing.manifest_line(await log.manifest(), source)
            async for document in log.documents():
                yield writing.document_line(document, source)
        else:
            yield writing.manifest_line(Manifest(whole=False), source)
        async for event in log.events(_which(choice)):
            yield writing.event_line(event, source)


async def xes_log(records: Records, choice: Choice, called: Called, case: xes.Case) -> AsyncIterator[str]:
    """One document; the cycles that began in the days that are chosen, whole."""
    for piece in xes.beginning(_TITLE):
        yield piece
    async for cycle in chosen_cycles(records, choice, whole=True):
        for piece in xes.traces(cycle, called, case):
            yield piece
    yield xes.end()


async def ocel_log(records: Records, choice: Choice, called: Called) -> AsyncIterator[str]:
    """One document, of the same cycles."""
    with OcelWriter() as writer:
        yield writer.beginning()
        async for cycle in chosen_cycles(records, choice, whole=True):
            for piece in writer.events(cycle):
                yield piece
        for piece in writer.end(called):
            yield piece


async def csv_table(records: Records, choice: Choice, called: Called, name: Name) -> AsyncIterator[str]:
    """One table; of the days that are chosen: begun, opened or happened in them."""
    for line in csv_lines([TABLES[name]]):
        yield line
    async for cycle in chosen_cycles(records, choice, whole=False):
        for line in csv_lines(rows(name, cycle, called, choice.days)):
            yield line


async def workbook(records: Records, choice: Choice, called: Called, path: Path) -> dict[str, int]:
    """Every table, each on a sheet; how many rows each has."""
    counts: dict[str, int] = {}
    with WorkbookWriter(path) as book:
        for name, columns in TABLES.items():
            sheet = book.sheet(name.capitalize(), columns)
            # The cycles are read for each sheet: a sheet must be finished before the next begins.
            async for cycle in chosen_cycles(records, choice, whole=False):
                for row in rows(name, cycle, called, choice.days):
                    sheet.add(row)
            counts[name] = sheet.count
    return counts


def _as_seen(reader: Reader, record: Recorded, cycle: Cycle, state: State) -> StoredEvent:
    """An event as somebody reads it: its data are not the stored bytes, so it has no hash."""
    whole = sight_of_event(reader, state, record.event) is Sight.ALL
    event = record.event if whole else outlined(record.event)
    return StoredEvent(
        record.position, record.stream, record.version, event.kind, 1, record.command, 1, 1, event.at, event.by,
        record.recorded_at, cycle.root.instance, EVENT.dump_json(event).decode(), None,
    )  # fmt: skip


def _which(choice: Choice) -> Which:
    midnight = time(0, tzinfo=LONDON)
    first, last = choice.first, choice.last
    return Which(
        process=choice.process,
        cycle=choice.cycle,
        since=datetime.combine(first, midnight) if first else None,
        before=datetime.combine(last + timedelta(days=1), midnight) if last else None,
    )
