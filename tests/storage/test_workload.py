"""The workload ledger in PostgreSQL."""

from datetime import date, timedelta

import pytest

from engine.events import TaskCompleted, TaskReleased
from storage.database import Pool
from storage.events import PostgresEventStore
from storage.projector import Projector
from storage.workload import WorkloadLedger
from tests.storage.facts import NOW, append, claimed, completed, deferred, opened, skipped, started

#: The week in which the tasks of `facts` are due, and that in which they are done.
DUE, DONE = date(2027, 4, 26), date(2027, 4, 19)
FIRST, UNTIL = date(2027, 1, 4), date(2027, 9, 1)


def released(task: str) -> TaskReleased:
    return TaskReleased(at=NOW, by="p-1", task=task)


def done_by(person: str, task: str, minutes: int | None = None) -> TaskCompleted:
    return completed(task).model_copy(update={"by": person, "minutes": minutes})


@pytest.fixture
def ledger(pool: Pool) -> WorkloadLedger:
    return WorkloadLedger(pool)


async def told(
    ledger: WorkloadLedger, person: str | None = None
) -> dict[tuple[str, date], tuple[float, int, int]]:
    weeks = await ledger.weeks(FIRST, UNTIL, person)
    return {(week.person, week.monday): (week.to_do, week.done, week.took) for week in weeks}


async def test_work_is_shared_until_somebody_has_it_and_theirs_who_did_it(
    store: PostgresEventStore, pool: Pool, ledger: WorkloadLedger
) -> None:
    await store.append(append("m:1", 0, started("m:1"), opened("a", minutes=60, candidates=("p-1", "p-2"))))
    await Projector(pool).catch_up()
    assert await told(ledger) == {("p-1", DUE): (30, 0, 0), ("p-2", DUE): (30, 0, 0)}

    await store.append(append("m:1", 2, claimed("a")))
    await Projector(pool).catch_up()
    assert await told(ledger) == {("p-1", DUE): (60, 0, 0)}

    await store.append(append("m:1", 3, released("a")))
    await Projector(pool).catch_up()
    assert await told(ledger) == {("p-1", DUE): (30, 0, 0), ("p-2", DUE): (30, 0, 0)}

    await store.append(append("m:1", 4, done_by("p-2", "a", 95)))
    await Projector(pool).catch_up()
    assert await told(ledger) == {("p-2", DONE): (0, 60, 95)}


async def test_what_nobody_timed_took_what_was_expected(
    store: PostgresEventStore, pool: Pool, ledger: WorkloadLedger
) -> None:
    await store.append(append("m:1", 0, started("m:1"), opened("a", minutes=60), done_by("p-1", "a")))
    await Projector(pool).catch_up()

    (week,) = await ledger.weeks(FIRST, UNTIL, "p-1")
    assert (week.done, week.took, week.said, week.tasks) == (60, 60, 0, 1)


async def test_what_is_put_off_moves_and_what_is_skipped_is_no_work(
    store: PostgresEventStore, pool: Pool, ledger: WorkloadLedger
) -> None:
    later = DUE + timedelta(weeks=4)
    await store.append(
        append("m:1", 0, started("m:1"), opened("a", assignee="p-1"), opened("b", assignee="p-1"))
    )
    await store.append(append("m:1", 3, deferred("a").model_copy(update={"on": later}), skipped("b")))
    await Projector(pool).catch_up()

    assert [monday for _, monday in await told(ledger)] == [later]


async def test_made_anew_it_is_the_same(
    store: PostgresEventStore, pool: Pool, ledger: WorkloadLedger
) -> None:
    await store.append(append("m:1", 0, started("m:1"), opened("a", candidates=("p-1", "p-2"))))
    await store.append(append("m:1", 2, claimed("a"), released("a"), done_by("p-2", "a")))
    projector = Projector(pool)
    await projector.catch_up()
    before = await told(ledger)

    await projector.rebuild("workload")

    assert await told(ledger) == before
