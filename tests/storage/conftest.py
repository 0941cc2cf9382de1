"""A pool and a store over a fresh database."""

from collections.abc import AsyncIterator

import pytest

from storage.database import Pool, connect
from storage.events import PostgresEventStore
from storage.queries import Queries


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    pool = await connect(database)
    yield pool
    await pool.close()


@pytest.fixture
async def store(pool: Pool) -> AsyncIterator[PostgresEventStore]:
    store = PostgresEventStore(pool)
    yield store
    await store.settled()


@pytest.fixture
def queries(pool: Pool) -> Queries:
    return Queries(pool)
