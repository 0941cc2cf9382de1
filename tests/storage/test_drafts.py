"""Drafts: kept for one person, gone with their task, and no business of a rebuild."""

import pytest

from engine.errors import RefusedError
from storage.database import Pool
from storage.drafts import PostgresDrafts
from storage.events import PostgresEventStore
from storage.projections.inbox import INBOX
from storage.rebuild import rebuild
from tests.storage.facts import append, claimed, completed, opened, started


async def test_a_draft_is_kept_for_one_person_and_replaced(pool: Pool, store: PostgresEventStore) -> None:
    await store.append(append("m:1", 0, started("m:1"), opened("t1")))
    drafts = PostgresDrafts(pool)

    await drafts.save("t1", "p-1", {"note": "half"})
    await drafts.save("t1", "p-1", {"note": "whole", "rows": [{"code": "1", "cost": None}]})
    kept = await drafts.read("t1", "p-1")

    assert kept is not None
    assert kept.answers == {"note": "whole", "rows": [{"code": "1", "cost": None}]}
    assert await drafts.read("t1", "p-2") is None
    assert await drafts.clear("t1", "p-1")
    assert not await drafts.clear("t1", "p-1")


async def test_no_draft_outlives_its_task(pool: Pool, store: PostgresEventStore) -> None:
    await store.append(append("m:1", 0, started("m:1"), opened("t1"), opened("t2")))
    drafts = PostgresDrafts(pool)
    for person in ("p-1", "p-2"):
        await drafts.save("t1", person, {"note": "half"})
    await drafts.save("t2", "p-1", {"note": "half"})

    await store.append(append("m:1", 3, claimed("t1")))
    assert await drafts.read("t1", "p-1")
    await store.append(append("m:1", 4, completed("t1")))

    assert await drafts.read("t1", "p-1") is None
    assert await drafts.read("t1", "p-2") is None
    assert await drafts.read("t2", "p-1")
    with pytest.raises(RefusedError, match="the task is closed"):
        await drafts.save("t1", "p-1", {"note": "late"})


async def test_a_rebuild_leaves_drafts_alone(pool: Pool, store: PostgresEventStore) -> None:
    await store.append(append("m:1", 0, started("m:1"), opened("t1"), opened("t2")))
    drafts = PostgresDrafts(pool)
    await drafts.save("t1", "p-1", {"note": "half"})
    await store.append(append("m:1", 3, completed("t2")))

    await rebuild(pool, INBOX)

    assert await drafts.read("t1", "p-1")
