"""What one person may see, as PostgreSQL answers it."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from definitions.trust import load_trust
from engine.access.reader import reader
from storage.database import Pool
from storage.errors import UnknownRecordError
from storage.events import PostgresEventStore
from storage.projector import Projector
from storage.seen import SeenQueries
from storage.views import TaskFilter
from tests.storage.facts import append, opened, started

ON = date(2026, 11, 2)
DIRECTORY = load_trust(Path("examples/scholars")).directory
HEAD, OTHER_HEAD, SIO = "p-0005", "p-0051", "p-0002"
PUPILS = {"confidentiality": "personal", "about": "pupils", "owner_role": "school-improvement-officer"}


def seen_by(pool: Pool, person: str) -> SeenQueries:
    return SeenQueries(pool, reader(DIRECTORY, person, ON))


@pytest.mark.parametrize("lists", ["behind", "caught up"])
async def test_a_task_is_seen_by_whom_it_concerns_from_the_first_moment(
    store: PostgresEventStore, pool: Pool, lists: str
) -> None:
    cycle = started("m:1", **PUPILS, schools=("glenfield", "brook-lane"))
    await store.append(
        append("m:1", 0, cycle, opened("ab1", school="glenfield"), opened("cd1", school="brook-lane"))
    )
    if lists == "caught up":
        await Projector(pool).catch_up()

    assert [row.task for row in await seen_by(pool, HEAD).tasks(TaskFilter())] == ["ab1"]
    assert [row.task for row in await seen_by(pool, OTHER_HEAD).tasks(TaskFilter())] == ["cd1"]
    assert [row.shown for row in await seen_by(pool, SIO).tasks(TaskFilter())] == [{}, {}]
    with pytest.raises(UnknownRecordError):
        await seen_by(pool, OTHER_HEAD).task("ab1")


async def test_of_a_cycle_the_schools_are_shown_of_which_somebody_may_know(
    store: PostgresEventStore, pool: Pool
) -> None:
    await store.append(append("m:1", 0, started("m:1", **PUPILS, schools=("glenfield", "brook-lane"))))
    await Projector(pool).catch_up()

    async def shown(person: str) -> tuple[str, ...]:
        queries = seen_by(pool, person)
        return await queries.schools(await queries.cycle("m:1"))

    assert await shown(HEAD) == ("glenfield",)
    assert await shown(OTHER_HEAD) == ("brook-lane",)
    assert await shown(SIO) == ("glenfield", "brook-lane")


async def test_as_many_are_found_as_are_asked_for_though_others_stand_between(
    store: PostgresEventStore, pool: Pool
) -> None:
    here, there = ("glenfield",), ("brook-lane",)
    await store.append(append("m:1", 0, started("m:1", **PUPILS, schools=there), *(_tasks("a", 30, *there))))
    await store.append(append("m:2", 0, started("m:2", **PUPILS, schools=here), *(_tasks("b", 3, *here))))

    found = await seen_by(pool, HEAD).tasks(TaskFilter(limit=3))

    assert [row.task for row in found] == ["b0", "b1", "b2"]


async def test_a_cycle_is_listed_though_many_that_began_later_are_not_for_the_reader(
    store: PostgresEventStore, pool: Pool
) -> None:
    first = started("m:1", **PUPILS, schools=("glenfield",))
    await store.append(append("m:1", 0, first))
    for number in range(2, 12):
        later = started(f"m:{number}", **PUPILS, schools=("brook-lane",))
        await store.append(
            append(f"m:{number}", 0, later.model_copy(update={"at": later.at + timedelta(days=1)}))
        )
    await Projector(pool).catch_up()

    assert [row.id for row in await seen_by(pool, HEAD).cycles(limit=2)] == ["m:1"]
    assert len(await seen_by(pool, OTHER_HEAD).cycles(limit=2)) == 2


def _tasks(name: str, count: int, school: str):  # noqa: ANN202 - the events of `facts`
    return [opened(f"{name}{number}", school=school) for number in range(count)]
