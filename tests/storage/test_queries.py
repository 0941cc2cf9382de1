"""What people ask."""

import pytest

from engine.acting import Standing
from storage.database import Pool
from storage.errors import AmbiguousIdError, UnknownRecordError
from storage.events import PostgresEventStore
from storage.projections import FOLLOWING
from storage.projector import Projector
from storage.queries import MINE, TASK, TASKS, Queries
from storage.views import TaskFilter
from tests.storage.facts import append, claimed, completed, ended, opened, overdue, returned, started


@pytest.fixture
async def year(store: PostgresEventStore, pool: Pool) -> None:
    """Two cycles: one with a part, one at its end."""
    await store.append(
        append("m:1", 0, started("m:1"), opened("ab1"), opened("ab2", school="beech", due=None))
    )
    await store.append(append("m:1:ash", 0, started("m:1:ash", root="m:1"), opened("cd1", stage="moderate")))
    await store.append(append("m:1", 3, claimed("ab1"), overdue("ab1"), opened("t3"), returned("t3")))
    await store.append(
        append(
            "m:2", 0, started("m:2"), opened("ef1", assignee="p-3", candidates=()), completed("ef1"), ended()
        )
    )
    await Projector(pool).catch_up()


@pytest.mark.parametrize(
    ("which", "found"),
    [
        (TaskFilter(), ["ab1", "cd1", "ab2"]),
        (TaskFilter(assignee="p-1"), ["ab1"]),
        (TaskFilter(candidate="p-1"), ["cd1", "ab2"]),
        (TaskFilter(mine="p-1"), ["ab1", "cd1", "ab2"]),
        (TaskFilter(mine="p-2"), ["cd1", "ab2"]),
        (TaskFilter(mine="p-9", standing_for=(Standing(person="p-1"),)), ["ab1", "cd1", "ab2"]),
        (TaskFilter(mine="p-9", standing_for=(Standing(person="p-2"),)), ["cd1", "ab2"]),
        (TaskFilter(mine="p-9", standing_for=(Standing(person="p-1", process="audit"),)), []),
        (
            TaskFilter(mine="p-9", standing_for=(Standing(person="p-1", role="headteacher"),)),
            ["ab1", "cd1", "ab2"],
        ),
        (TaskFilter(mine="p-9", standing_for=(Standing(person="p-1", role="ceo"),)), []),
        (TaskFilter(mine="p-9", status=None, standing_for=(Standing(person="p-3"),)), ["ef1"]),
        (TaskFilter(late=True), ["ab1"]),
        (TaskFilter(school="beech"), ["ab2"]),
        (TaskFilter(instance="m:1"), ["ab1", "ab2"]),
        (TaskFilter(root="m:1", school="ash"), ["ab1", "cd1"]),
        (TaskFilter(status="completed"), ["ef1"]),
        (TaskFilter(status=None, assignee="p-3"), ["ef1"]),
        (TaskFilter(limit=1), ["ab1"]),
    ],
)
async def test_tasks_are_found_soonest_first(
    year: None, queries: Queries, which: TaskFilter, found: list[str]
) -> None:
    assert [task.task for task in await queries.tasks(which)] == found


async def test_the_beginning_of_an_id_is_enough_when_it_is_the_only_one(year: None, queries: Queries) -> None:
    assert (await queries.task("cd")).task == "cd1"
    with pytest.raises(AmbiguousIdError, match="ab1, ab2"):
        await queries.task("ab")
    with pytest.raises(UnknownRecordError):
        await queries.task("%")
    with pytest.raises(UnknownRecordError):
        await queries.task("")


async def test_a_whole_id_is_never_ambiguous(store: PostgresEventStore, queries: Queries) -> None:
    await store.append(append("m:1", 0, started("m:1"), opened("ab"), opened("abc")))

    assert (await queries.task("ab")).task == "ab"


async def test_a_cycle_counts_its_own_tasks(year: None, queries: Queries) -> None:
    running, part, over = [await queries.cycle(each) for each in ("m:1", "m:1:ash", "m:2")]

    assert (running.open, running.done, running.overdue, running.position) == (2, 0, 1, 9)
    assert (part.root, part.parent, part.open) == ("m:1", "m:1", 1)
    assert (over.state, over.outcome, over.open, over.done) == ("ended", "finished", 0, 1)
    assert {each.id for each in await queries.cycles("running")} == {"m:1", "m:1:ash"}
    assert len(await queries.cycles()) == 3
    with pytest.raises(UnknownRecordError):
        await queries.cycle("m:9")


async def test_the_board_counts_a_cycle_with_its_parts(year: None, queries: Queries) -> None:
    cells = {(cell.school, cell.stage): cell for cell in await queries.board("m:1")}

    assert sorted(cells) == [
        ("", "collect"), ("", "moderate"), ("ash", "collect"), ("ash", "moderate"), ("beech", "collect"),
    ]  # fmt: skip
    trust, ash = cells["", "collect"], cells["ash", "collect"]
    assert (trust.open, trust.overdue, trust.returned, trust.waiting_for) == (2, 1, 1, {"headteacher": 2})
    assert (ash.open, ash.done, ash.returned, ash.waiting_for) == (1, 0, 1, {"headteacher": 1})
    assert ash.next_due is not None
    assert cells["beech", "collect"].next_due is None


async def test_the_lag_is_known(year: None, store: PostgresEventStore, queries: Queries) -> None:
    await store.append(append("m:3", 0, started("m:3")))

    lags = {each.projection: (each.position, each.head, each.behind) for each in await queries.lag()}
    assert lags == {each.name: (13, 14, 1) for each in FOLLOWING}


FILL = """
insert into termwise.inbox
select 'x' || n, 'm:' || n / 50, 'm:' || n / 50, 'p', 'c', 'd', 's', 'a', 1, 't', 'st',
       'school' || n % 30, null, 'r', case when n % 500 = 0 then 'open' else 'completed' end,
       'p' || n % 200, array['p' || n % 200], now(), null, null, n % 1000 = 0, 5, '{}',
       null, now(), null, 1, n
  from generate_series(1, 50000) n
"""


@pytest.mark.parametrize(
    "which",
    [
        TaskFilter(assignee="p7"),
        TaskFilter(candidate="p7"),
        TaskFilter(mine="p7"),
        TaskFilter(school="school3"),
        TaskFilter(late=True),
        TaskFilter(root="m:3"),
        TaskFilter(requests=True, decider="p7"),
    ],
)
async def test_closed_tasks_do_not_slow_a_question(pool: Pool, which: TaskFilter) -> None:
    await pool.execute(FILL)
    await pool.execute("analyze termwise.inbox")
    arguments = (which.assignee, which.candidate, which.mine, which.late, which.school, which.instance)

    further = (which.root, which.status, which.limit, which.step, which.requests, which.decider)
    covered = [["p8"], [None], [None]] if which.mine else [[], [], []]
    plan = await pool.fetch(f"explain {MINE if which.mine else TASKS}", *arguments, *further, *covered)
    by_start = await pool.fetch(f"explain {TASK}", "x123")

    assert "inbox_" in str(plan)
    assert "Seq Scan" not in str(plan)
    assert "inbox_pkey" in str(by_start)
