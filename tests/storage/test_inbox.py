"""What each person is asked to do, as new as the log."""

from storage.events import PostgresEventStore
from storage.queries import Queries
from storage.views import TaskFilter
from tests.storage.facts import (
    DUE,
    NOW,
    append,
    asked,
    claimed,
    commented,
    completed,
    deferred,
    delegated,
    ended,
    granted,
    lapsed,
    opened,
    overdue,
    resumed,
    returned,
    skipped,
    started,
)

ANY = TaskFilter(status=None)


async def test_an_open_task_is_there_when_the_append_returns(
    store: PostgresEventStore, queries: Queries
) -> None:
    await store.append(append("m:1:ash", 0, started("m:1:ash", root="m:1"), opened("t1")))

    (task,) = await queries.tasks(TaskFilter())

    expected = {
        "task": "t1", "instance": "m:1:ash", "root": "m:1", "process": "moderation", "definition": "d1",
        "cycle": "Moderation, summer 1", "step": "collect", "address": "collect/t1", "round": 1,
        "title": "Send the samples", "stage": "collect", "school": "ash", "year_group": "4",
        "role": "headteacher", "status": "open", "assignee": None, "candidates": ("p-1", "p-2"),
        "due_at": DUE.at, "due_on": DUE.on, "due_why": "because", "overdue": False, "minutes": 20,
        "shown": {"sample": "six books", "scores": [1, 2.5]}, "outcome": None, "opened_at": NOW,
        "closed_at": None, "revision": 1, "position": 2, "deferred_until": None,
        "delegated_by": None, "request": None, "took": None, "comments": 0, "attachments": 0,
        "deputy": None,
    }  # fmt: skip
    assert task.model_dump() == expected


async def test_a_task_goes_through_its_life(store: PostgresEventStore, queries: Queries) -> None:
    await store.append(append("m:1", 0, started("m:1"), opened("t1")))
    await store.append(append("m:1", 2, claimed("t1"), overdue("t1")))
    taken = await queries.task("t1")
    await store.append(append("m:1", 4, completed("t1"), ended()))
    done = await queries.task("t1")

    assert (taken.status, taken.assignee, taken.overdue, taken.revision) == ("open", "p-1", True, 3)
    assert (done.status, done.outcome, done.revision, done.position) == ("completed", "sent", 4, 5)
    assert done.closed_at is not None
    assert await queries.tasks(TaskFilter()) == []


async def test_one_append_may_hold_a_whole_life(store: PostgresEventStore, queries: Queries) -> None:
    await store.append(
        append("m:1", 0, started("m:1"), opened("t1"), claimed("t1"), returned("t1"), opened("t2", round=2))
    )

    first, second = await queries.tasks(ANY)

    assert (first.status, first.assignee, first.outcome, first.revision) == (
        "returned",
        "p-1",
        "send back",
        3,
    )
    assert (second.status, second.assignee, second.round, second.position) == ("open", None, 2, 5)


async def test_a_task_that_is_put_off_comes_back_with_another_deadline(
    store: PostgresEventStore, queries: Queries
) -> None:
    await store.append(append("m:1", 0, started("m:1"), opened("t1")))
    await store.append(append("m:1", 2, overdue("t1"), deferred("t1")))
    away = await queries.task("t1")
    await store.append(append("m:1", 4, resumed("t1")))
    back = await queries.task("t1")

    assert (away.status, str(away.deferred_until), away.overdue) == ("deferred", "2027-04-30", True)
    assert (back.status, back.deferred_until, back.overdue) == ("open", None, False)
    assert (str(back.due_on), back.revision) == ("2027-05-07", 4)
    assert [task.task for task in await queries.tasks(TaskFilter())] == ["t1"]


async def test_a_skipped_and_an_unanswered_task_are_listed_as_that(
    store: PostgresEventStore, queries: Queries
) -> None:
    await store.append(append("m:1", 0, started("m:1"), opened("t1"), opened("t2"), deferred("t1")))
    await store.append(append("m:1", 4, skipped("t1"), lapsed("t2")))

    (skip,), (lapse,) = [await queries.tasks(TaskFilter(status=each)) for each in ("skipped", "lapsed")]

    assert (skip.outcome, skip.deferred_until, lapse.outcome) == ("skipped", None, "silent")
    assert skip.closed_at
    assert lapse.closed_at


async def test_a_refused_append_leaves_no_row(store: PostgresEventStore, queries: Queries) -> None:
    first = append("m:1", 0, started("m:1"), opened("t1"))
    await store.append(first)
    await store.append(first.model_copy(update={"events": (opened("t8"),)}))
    await store.append(append("m:1", 0, opened("t9")))

    assert [task.task for task in await queries.tasks(ANY)] == ["t1"]


async def test_what_people_ask_of_each_other_is_in_the_row(
    store: PostgresEventStore, queries: Queries
) -> None:
    await store.append(append("m:1", 0, started("m:1"), opened("t1"), claimed("t1"), opened("t2")))
    await store.append(append("m:1", 4, delegated("t1"), asked("t1"), commented("t1"), commented("t1")))
    both = await queries.tasks(TaskFilter(requests=True, decider="p-3"))
    await store.append(append("m:1", 8, commented("t1"), granted("t1")))
    later = await queries.task("t1")
    await store.append(append("m:1", 10, completed("t1", minutes=30)))
    done = await queries.task("t1")

    (wish,) = both
    assert (wish.task, wish.assignee, wish.delegated_by, wish.comments) == ("t1", "p-2", "p-1", 2)
    assert wish.request
    assert (wish.request.by, str(wish.request.until)) == ("p-2", "2027-05-07")
    assert await queries.tasks(TaskFilter(requests=True, decider="p-9")) == []
    assert (later.request, str(later.due_on), later.comments) == (None, "2027-05-07", 3)
    assert (done.took, done.delegated_by, done.status) == (30, "p-1", "completed")
