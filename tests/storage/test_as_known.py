"""Lists and boards as they were at an earlier moment."""

from collections.abc import Mapping, Sequence

import asyncpg
import pytest

from engine.access.reader import OPERATOR, Reader
from engine.events import Event
from engine.records import Append, Recorded
from storage.as_known import KnownQueries, Moment, folded
from storage.database import Connection, Pool
from storage.errors import UnknownRecordError
from storage.events import PostgresEventStore
from storage.projections.board import BOARD
from storage.projections.projection import Projection
from storage.projector import Projector
from storage.queries import Queries
from storage.reads import LogReads, Selection
from storage.views import TaskFilter
from tests.storage import facts
from tests.storage.facts import NOW, append

#: What happens, one command after another: a stream, and its events.
COMMANDS: tuple[tuple[str, tuple[Event, ...]], ...] = (
    ("a", (facts.started("a"), facts.opened("t1"), facts.opened("t2"))),
    ("a/1", (facts.started("a/1", "a"), facts.opened("t3"))),
    ("a", (facts.claimed("t1"),)),
    ("b", (facts.started("b", stages=("plan",)), facts.opened("t4"), facts.opened("t5"))),
    ("a", (facts.delegated("t1"), facts.commented("t1"))),
    ("a", (facts.asked("t2"), facts.overdue("t2"))),
    ("a/1", (facts.deferred("t3"),)),
    ("b", (facts.completed("t4", minutes=20),)),
    ("a", (facts.granted("t2"),)),
    ("b", (facts.lapsed("t5"), facts.ended())),
    ("a", (facts.migrated(), facts.returned("t1"), facts.opened("t6"))),
    ("a/1", (facts.resumed("t3"), facts.skipped("t3"), facts.ended())),
    ("a", (facts.completed("t6"),)),
)
Answers = Mapping[str, object]


async def _answers(queries: Queries) -> Answers:
    roots = sorted({row.root for row in await queries.cycles()})
    return {
        "open": await queries.tasks(TaskFilter()),
        "asked of p-1": await queries.tasks(TaskFilter(mine="p-1")),
        "whatever became of them": await queries.tasks(TaskFilter(status=None)),
        "of a cycle": await queries.tasks(TaskFilter(root="a", status=None)),
        "cycles": await queries.cycles(),
        "running": await queries.cycles("running"),
        "boards": [await queries.board(root) for root in roots],
    }


async def _remembered(pool: Pool, store: PostgresEventStore, queries: Queries) -> Mapping[int, Answers]:
    """What the questions were answered with after each command, by the last position."""
    versions: dict[str, int] = {}
    remembered: dict[int, Answers] = {}
    position = 0
    for stream, events in COMMANDS:
        await store.append(append(stream, versions.get(stream, 0), *events))
        versions[stream] = versions.get(stream, 0) + len(events)
        position += len(events)
        await Projector(pool).catch_up()
        remembered[position] = await _answers(queries)
    return remembered


async def test_what_is_known_of_any_moment_is_what_was_seen_in_it(
    pool: Pool, store: PostgresEventStore, queries: Queries
) -> None:
    remembered = await _remembered(pool, store, queries)

    for position, seen in remembered.items():
        known = await _answers(KnownQueries(pool, OPERATOR, Moment(position=position)))
        assert known == seen, position


async def test_a_task_and_a_cycle_are_as_they_were(pool: Pool, store: PostgresEventStore) -> None:
    await store.append(
        append(
            "a",
            0,
            facts.started("a"),
            facts.opened("t1"),
            facts.claimed("t1"),
            facts.completed("t1"),
            facts.ended(),
        )
    )
    await Projector(pool).catch_up()
    then = KnownQueries(pool, OPERATOR, Moment(position=3))

    task, cycle = await then.task("t1"), await then.cycle("a")

    assert (task.status, task.assignee, task.revision) == ("open", "p-1", 2)
    assert (cycle.state, cycle.open, cycle.done) == ("running", 1, 0)
    with pytest.raises(UnknownRecordError, match="not there yet"):
        await KnownQueries(pool, OPERATOR, Moment(position=1)).task("t1")
    with pytest.raises(UnknownRecordError, match="had not begun"):
        await KnownQueries(pool, OPERATOR, Moment(position=0)).cycle("a")


async def test_what_had_happened_by_a_moment_counts_whenever_it_was_recorded(
    pool: Pool, store: PostgresEventStore
) -> None:
    await store.append(append("a", 0, facts.started("a"), facts.opened("t1"), facts.completed("t1")))
    await store.append(append("b", 0, facts.started("b"), facts.opened("t2")))
    await Projector(pool).catch_up()

    then = KnownQueries(pool, OPERATOR, Moment(position=9, occurred_until=NOW))

    assert [row.task for row in await then.tasks(TaskFilter())] == ["t1", "t2"]


async def test_nothing_is_shown_of_an_earlier_day_that_the_reader_may_not_see_today(
    pool: Pool, store: PostgresEventStore
) -> None:
    reader = Reader(person="p-9")
    await store.append(append("a", 0, facts.started("a", confidentiality="public"), facts.opened("t1")))
    await Projector(pool).catch_up()
    then = KnownQueries(pool, reader, Moment(position=2))
    open_to_all = await then.tasks(TaskFilter()), await then.cycles()

    await store.append(append("a", 2, facts.migrated(confidentiality="sensitive")))
    await Projector(pool).catch_up()

    assert [len(each) for each in open_to_all] == [1, 1]
    assert not await then.tasks(TaskFilter())
    assert not await then.cycles()
    for ask in (then.board("a"), then.cycle("a"), then.task("t1")):
        with pytest.raises(UnknownRecordError, match="there is no"):
            await ask


class _Untitled:
    """Keeps the title of a task to itself."""

    async def seal(self, append: Append, bodies: Sequence[str]) -> Sequence[str]:
        del append
        return [body.replace("Send the samples", "~1") for body in bodies]

    async def opened(self, texts: Sequence[str]) -> Sequence[str]:
        return [text.replace("~1", "Send the samples") for text in texts]


async def test_what_is_sealed_is_opened_to_look_back_on_it(pool: Pool) -> None:
    sealing = _Untitled()
    store = PostgresEventStore(pool, sealing)
    await store.append(append("a", 0, facts.started("a"), facts.opened("t1")))
    await store.settled()

    tasks = await KnownQueries(pool, OPERATOR, Moment(position=2), sealing).tasks(TaskFilter())
    events = await LogReads(pool, sealing).read(Selection())

    assert [row.title for row in tasks] == ["Send the samples"]
    assert [each.event for each in events] == [facts.started("a"), facts.opened("t1")]


async def test_looking_back_cannot_change_what_others_read(
    pool: Pool, store: PostgresEventStore, queries: Queries
) -> None:
    async def careless(connection: Connection, events: list[Recorded]) -> None:
        del events
        await connection.execute("delete from termwise.board")

    await store.append(append("a", 0, facts.started("a"), facts.opened("t1")))
    await Projector(pool).catch_up()
    broken = Projection(name="board", version=9, tables=BOARD.tables, apply=careless)  # type: ignore[arg-type]

    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with folded(pool, Selection(), (broken,)):
            pass

    assert await queries.board("a")


async def test_connections_forget_what_they_have_looked_back_on(
    pool: Pool, store: PostgresEventStore, queries: Queries
) -> None:
    await store.append(append("a", 0, facts.started("a"), facts.opened("t1")))
    await Projector(pool).catch_up()
    then = KnownQueries(pool, OPERATOR, Moment(position=1))

    for _ in range(3 * pool.get_max_size()):
        assert not await then.tasks(TaskFilter())
        assert len(await queries.tasks(TaskFilter())) == 1
