"""A log that is exported and imported elsewhere is the same log, to the byte; one that was touched is refused."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from uuid import uuid4

import pytest

from engine.events import TaskCommented
from storage.database import Pool, connect
from storage.documents import PostgresDocuments
from storage.events import PostgresEventStore
from storage.exchange import writing
from storage.exchange.errors import StoreNotEmptyError, UnreadableExportError
from storage.exchange.exporting import Which, log_snapshot
from storage.exchange.importing import Imported, import_log
from storage.exchange.lines import LineError, members_of, read_line
from storage.exchange.stored import StoredEvent
from storage.outbox import PostgresOutbox
from storage.projector import Projector
from storage.verify import verify
from tests.storage.facts import NOW, append, claimed, completed, ended, opened, overdue, started

EVENTS = "select * from termwise.event order by position"
STREAMS = "select * from termwise.stream order by id"
#: The next event of a stream, as a termwise without hashes wrote it.
PUT = """
insert into termwise.event (position, stream, version, type, schema_v, command, nth, of, occurred_at, actor,
                            recorded_at, data)
select $1, id, version + 1, 'task-commented', 1, $3, 1, 1, $4, 'p-1', $4, $2::json
  from termwise.stream where name = 'm:1'
"""
Change = Callable[[list[bytes]], list[bytes]]


@pytest.fixture
async def other(second_database: str) -> AsyncIterator[Pool]:
    pool = await connect(second_database)
    yield pool
    await pool.close()


@pytest.fixture
async def lived(store: PostgresEventStore, pool: Pool) -> None:
    await PostgresDocuments(pool).put("definition", '{"title":"Prüfung eins","and":"\u2028"}')
    await store.append(
        append("m:1", 0, started("m:1"), opened("t1"), opened("t2", shown={"text": 'a\n"b" \u2028 é'}))
    )
    await store.append(append("m:1", 3, claimed("t1")))
    await store.append(append("m:2", 0, started("m:2", process="audit"), opened("t3")))
    await store.append(append("m:1/part", 0, started("m:1/part", root="m:1"), opened("t4")))
    await store.append(append("m:1", 4, completed("t1"), overdue("t2", "p-1", "p-3"), ended()))
    await Projector(pool).catch_up()


async def exported(pool: Pool, which: Which | None = None) -> list[bytes]:
    async with log_snapshot(pool) as log:
        lines = [writing.manifest_line(await log.manifest())]
        lines += [writing.document_line(each) async for each in log.documents()]
        lines += [writing.event_line(each) async for each in log.events(which or Which())]
    return [line.encode() for line in lines]


async def imported(pool: Pool, lines: Sequence[bytes]) -> Imported:
    return await import_log(pool, lines)


async def rows(pool: Pool, query: str) -> list[dict[str, object]]:
    return [dict(row) for row in await pool.fetch(query)]


async def test_what_was_imported_is_the_same_to_the_byte(lived: None, pool: Pool, other: Pool) -> None:
    lines = await exported(pool)

    taken = await imported(other, lines)

    assert taken == Imported(events=11, streams=3, documents=1)
    assert await rows(other, EVENTS) == await rows(pool, EVENTS)
    assert await rows(other, STREAMS) == await rows(pool, STREAMS)
    assert await rows(other, "select * from termwise.document") == await rows(
        pool, "select * from termwise.document"
    )
    assert await exported(other) == lines


async def test_its_read_models_are_the_same_and_it_is_sound(lived: None, pool: Pool, other: Pool) -> None:
    await imported(other, await exported(pool))

    for name in ("inbox", "cycles", "board", "outbox", "workload"):
        await Projector(other).rebuild(name)

    for table in ("inbox", "cycle", "board"):
        query = f"select to_jsonb(t) as row from termwise.{table} t order by to_jsonb(t)::text"  # noqa: S608 - of our own making
        assert await rows(other, query) == await rows(pool, query)
    assert (await verify(other)).problems == ()


async def test_appends_go_on_where_the_log_ends(lived: None, pool: Pool, other: Pool) -> None:
    await imported(other, await exported(pool))
    store = PostgresEventStore(other)

    await store.append(append("m:2", 2, claimed("t3")))

    assert [each.position for each in await store.read("m:2")] == [5, 6, 12]
    await store.settled()


async def test_a_command_that_is_repeated_after_the_import_has_its_first_answer(
    store: PostgresEventStore, pool: Pool, other: Pool
) -> None:
    first = append("m:1", 0, started("m:1"))
    await store.append(first)
    await imported(other, await exported(pool))
    there = PostgresEventStore(other)

    assert (await there.append(first)).status == "repeated"
    await there.settled()


async def test_nobody_is_written_to_about_what_was_imported(lived: None, pool: Pool, other: Pool) -> None:
    await imported(other, await exported(pool))
    await Projector(other).catch_up()

    assert await other.fetchval("select count(*) from termwise.outbox") > 0
    assert await PostgresOutbox(other).claim(100) == []
    # What happens from then on is told.
    store = PostgresEventStore(other)
    await store.append(append("m:2", 2, overdue("t3", "p-9")))
    await store.settled()
    await Projector(other).catch_up()
    assert [each.recipient for each in await PostgresOutbox(other).claim(100)] == ["p-9"]


async def test_a_text_with_lines_of_its_own_and_a_row_without_a_hash_come_through(
    lived: None, pool: Pool, other: Pool
) -> None:
    said = TaskCommented(at=NOW, by="p-1", task="t2", text="so", to=())
    text = json.dumps(json.loads(said.model_dump_json()), indent=2)
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(PUT, 12, text, uuid4(), NOW)
        await connection.execute("update termwise.head set position = 12")
        await connection.execute("update termwise.stream set version = version + 1 where name = 'm:1'")
    lines = await exported(pool)

    await imported(other, lines)

    assert "data_base64" in json.loads(lines[-1])
    assert await other.fetchval("select data::text from termwise.event where position = 12") == text
    assert await exported(other) == lines


async def test_an_event_is_a_cloud_event(lived: None, pool: Pool) -> None:
    event = json.loads((await exported(pool))[5])

    assert (event["specversion"], event["id"], event["type"]) == (
        "1.0",
        "m:1@4",
        "uk.termwise.event.task-claimed",
    )
    assert all(name == name.lower() and name.replace("_", "").isalnum() for name in event)
    assert (event["sequence"], event["partitionkey"], event["correlationid"]) == (
        "0000000000000004",
        "m:1",
        "m:1",
    )
    assert event["data"]["person"] == "p-1"
    assert event["time"].endswith("Z")


async def test_of_a_part_the_root_is_what_it_belongs_to(lived: None, pool: Pool) -> None:
    events = [json.loads(line) for line in await exported(pool)]

    assert {each["correlationid"] for each in events if each["subject"] == "m:1/part"} == {"m:1"}


async def test_only_what_is_chosen_is_exported(lived: None, pool: Pool) -> None:
    async def found(**which: object) -> list[str]:
        lines = await exported(pool, Which.model_validate(which))
        return [json.loads(line)["id"] for line in lines[2:]]

    assert await found(process="audit") == ["m:2@1", "m:2@2"]
    assert len(await found(cycle="m:1")) == 9
    assert await found(cycle="m:1/part") == ["m:1/part@1", "m:1/part@2"]
    assert await found(since=NOW.replace(year=2028)) == []
    assert len(await found(before=NOW.replace(hour=10))) == 8


async def test_a_store_that_has_begun_takes_no_import(lived: None, pool: Pool) -> None:
    with pytest.raises(StoreNotEmptyError, match="has 11 events already"):
        await imported(pool, await exported(pool))


def _change(at: int, old: bytes, new: bytes) -> Change:
    def change(lines: list[bytes]) -> list[bytes]:
        assert old in lines[at - 1], lines[at - 1]
        return [*lines[: at - 1], lines[at - 1].replace(old, new, 1), *lines[at:]]

    return change


#: What was done to the file, the line that is named, and what is said of it.
TOUCHED: list[tuple[Change, int, str]] = [
    (_change(6, b'"person":"p-1"', b'"person":"p-2"'), 6, "is not what its hash was made of"),
    (_change(6, b'"actor":"p-1"', b'"actor":"p-2"'), 6, "is not what its hash was made of"),
    (_change(6, b"task-claimed", b"task-dreamt"), 6, "its dataschema"),
    (_change(6, b'"kind":', b'"kind" :'), 6, "a program wrote it anew"),
    (_change(6, b"}}\n", b"}\n"), 6, "is not a JSON object"),
    (_change(6, b"2027-04-20T09", b"2027-04-20T10"), 6, "is not what its hash was made of"),
    (_change(6, b'"hash"', b'"hush"'), 6, "it has no 'hash'"),
    (_change(2, b"eins", b"zwei"), 2, "was altered"),
    (_change(1, b'"whole":true', b'"whole":false'), 1, "only the whole can be imported"),
    (_change(1, b'"format":1', b'"format":2'), 1, "use the newer version"),
    (lambda lines: [*lines[:5], *lines[6:]], 6, "events are missing"),
    (lambda lines: [*lines[:6], lines[5], *lines[6:]], 7, "position 4 follows position 4"),
    (lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]], 6, "position 5 follows position 3"),
    (lambda lines: lines[1:], 1, "begins with its manifest"),
    (lambda lines: lines[:-3], 10, "ends with 8 of 11 events"),
    (lambda lines: lines[:-1], 12, "the file ends before"),
    (lambda lines: [lines[0], *lines[2:]], 12, "0 of 1 documents"),
    (lambda lines: [lines[0], *lines], 2, "a second manifest"),
    (lambda lines: [*lines[:5], b"\n", *lines[5:]], 6, "is not a JSON object"),
    (lambda lines: [*lines[:5], b"\xff{}\n", *lines[5:]], 6, "is not UTF-8"),
    (lambda lines: [*lines[:5], b'{"type":"com.example.order"}\n', *lines[5:]], 6, "none that termwise exports"),
    (lambda lines: [*lines[:5], b"[" * 100_000 + b"\n", *lines[5:]], 6, "is not a JSON object"),
    (lambda lines: [], 0, "the file is empty"),
]  # fmt: skip


async def test_what_was_touched_is_refused_with_its_line_and_changes_nothing(
    lived: None, pool: Pool, other: Pool
) -> None:
    lines = await exported(pool)

    for change, line, said in TOUCHED:
        with pytest.raises(UnreadableExportError, match=f"line {line}: .*{said}"):
            await imported(other, change(lines))
        assert await other.fetchval("select count(*) from termwise.event") == 0
        assert await other.fetchval("select count(*) from termwise.document") == 0
        assert await other.fetchval("select position from termwise.head") == 0


async def test_spaces_between_the_members_are_no_part_of_what_was_hashed(
    lived: None, pool: Pool, other: Pool
) -> None:
    lines = [line.replace(b',"data":', b' , "data" : ', 1) for line in await exported(pool)]

    assert (await imported(other, lines)).events == 11


async def test_an_event_that_hashes_well_and_cannot_be_read_is_refused(
    lived: None, pool: Pool, other: Pool
) -> None:
    lines = await exported(pool)
    event = read_line(lines[5])
    assert isinstance(event, StoredEvent)
    lines[5] = _forged(event, event.data.replace('"person":"p-1"', '"unheard":1'))

    with pytest.raises(UnreadableExportError, match="position 4 cannot be read"):
        await imported(other, lines)


def _forged(event: StoredEvent, text: str) -> bytes:
    changed = {name: getattr(event, name) for name in StoredEvent.__slots__} | {"data": text}
    made = StoredEvent(**changed)
    return writing.event_line(StoredEvent(**changed | {"hash": made.hashed()})).encode()


@pytest.mark.parametrize(
    "text", ["{}", "", "{", '{"a":1,"a":2}', "[1]", '{"a":NaN}', '{"a":1} x', '{"a" 1}', "{1:2}", '{"a":1,}']
)
def test_what_is_no_object_is_said_to_be_none(text: str) -> None:
    with pytest.raises(LineError):
        members_of(text)


def test_a_member_is_read_with_the_text_it_was_written_as() -> None:
    members = members_of(' { "a" : {"b": 1.50 , "c":[ ] } , "d":"\\u00e9" } \n')

    assert (members["a"].raw, members["d"].value, members["d"].raw) == (
        '{"b": 1.50 , "c":[ ] }',
        "é",
        '"\\u00e9"',
    )
