"""Gather all that is held about one person, from the log and from what is kept beside it."""

import json
from collections.abc import AsyncIterator, Collection, Iterable
from datetime import datetime

from engine.people import Directory
from engine.records import Recorded
from engine.register.fact import REGISTER, RegisterFact
from reports.masking import KnownAs, Mask
from reports.subject_access import Line, Pack, Sorter, Table
from reports.wording import moment
from storage.person_records import PostgresPersonRecords
from storage.refusals import PostgresRefusals
from workers.wiring import Records

_PAGE = 500
_ALL = 1_000_000


async def subject_access(
    records: Records, directory: Directory, person: str, also: Collection[str], now: datetime
) -> Pack:
    """The pack of a person. `also`: further names by which they are looked for. Reads the whole log."""
    register = await records.store.read(REGISTER)
    facts = [each.event for each in register if isinstance(each.event, RegisterFact)]
    names = KnownAs(facts)
    known = sorted({*names.of(person), *also})
    mask = Mask(names.others(person))
    sorter = Sorter(person, known, mask, directory)
    lines: list[Line] = []
    after = 0
    while events := await records.store.read_all(after, _PAGE):
        lines += sorter.lines(events)
        after = _last(events)
    entry = mask.value(directory.person(person).model_dump(mode="json", by_alias=True))
    return Pack(
        trust=directory.trust.name,
        person=person,
        name=directory.person(person).name,
        made_at=now,
        known_as=(person, *known),
        entry=entry if isinstance(entry, dict) else {},
        lines=tuple(lines),
        tables=tuple([each async for each in _tables(records, person, mask, now)]),
        events=after,
    )


async def _tables(records: Records, person: str, mask: Mask, now: datetime) -> AsyncIterator[Table]:
    held = PostgresPersonRecords(records.pool)

    def when(at: datetime | None) -> str:
        return moment(at.astimezone(now.tzinfo)) if at else ""

    yield _table(
        "Tasks",
        "Each task that was asked of you, alone or with others, and what became of it.",
        ("Task", "Cycle", "As", "Asked", "Became", "Closed"),
        (
            (
                mask.text(t.title),
                mask.text(t.cycle),
                t.role,
                when(t.opened_at),
                t.outcome or t.status,
                when(t.closed_at),
            )
            for t in await held.tasks(person)
        ),
    )
    yield _table(
        "Letters",
        "Messages to you. What they said is made when they are sent and not kept.",
        ("Kind", "About", "Planned", "Sent", "State"),
        (
            (
                each.kind.replace("-", " "),
                each.instance or "",
                when(each.planned_at),
                when(each.sent_at),
                each.status,
            )
            for each in await held.letters(person)
        ),
    )
    yield _table(
        "Drafts",
        "Answers that you have begun and not sent.",
        ("Task", "Saved", "What"),
        (
            (each.task, when(each.saved_at), mask.text(json.dumps(each.answers, ensure_ascii=False)))
            for each in await records.drafts.of(person)
        ),
    )
    yield _table(
        "Refusals",
        "What was refused, where it said that it came from you.",
        ("When", "What", "Why"),
        (
            (when(each.until), " ".join(filter(None, (each.kind, each.about, each.instance))), each.why)
            for each in await PostgresRefusals(records.pool).read(person, limit=_ALL)
        ),
    )


def _table(title: str, why: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Table:
    return Table(title=title, why=why, columns=columns, rows=tuple(rows))


def _last(events: list[Recorded]) -> int:
    return events[-1].position
