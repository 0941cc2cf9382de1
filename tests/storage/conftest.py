"""What the tests of the log begin with: a sealed log, and one of forty events."""

import pytest

from engine.evidence.published import Published
from storage.database import Pool
from storage.events import PostgresEventStore
from storage.evidence.sealer import seal
from storage.projector import Projector
from storage.queries import Queries
from tests.evidence import enrolled_key
from tests.storage.altering import AT_ONCE, published
from tests.storage.counting import SEEN
from tests.storage.facts import append, claimed, completed, ended, opened, started
from workers.keys import PrivateKey


@pytest.fixture
def queries(pool: Pool) -> Queries:
    return Queries(pool)


@pytest.fixture
async def key(store: PostgresEventStore) -> PrivateKey:
    return await enrolled_key(store)


@pytest.fixture
async def lived(store: PostgresEventStore, pool: Pool, key: PrivateKey) -> list[Published]:
    """Eight events in two blocks, as it was published; a ninth that is not sealed yet."""
    await store.append(append("m:1", 0, started("m:1"), opened("t1")))
    await store.append(append("m:1", 2, claimed("t1")))
    await store.append(append("m:1", 3, opened("t2")))
    await store.append(append("m:2", 0, started("m:2")))
    await store.append(append("m:1", 4, completed("t1"), ended()))
    while await seal(pool, key, events=4, age=AT_ONCE):
        pass
    await store.append(append("m:2", 1, opened("t3")))
    await Projector(pool).catch_up()
    return await published(pool, key)


@pytest.fixture
async def log_of_40(store: PostgresEventStore, pool: Pool) -> int:
    await pool.execute(SEEN)
    for n in range(10):
        await store.append(append(f"m:{n}", 0, started(f"m:{n}"), opened(f"t{n}"), claimed(f"t{n}")))
        await store.append(append(f"m:{n}", 3, completed(f"t{n}")))
    return 40
