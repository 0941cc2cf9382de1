"""A store over a fresh database."""

from collections.abc import AsyncIterator

import pytest

from storage.database import Pool
from storage.events import PostgresEventStore
from storage.queries import Queries


@pytest.fixture
async def store(pool: Pool) -> AsyncIterator[PostgresEventStore]:
    store = PostgresEventStore(pool)
    yield store
    await store.settled()


@pytest.fixture
def queries(pool: Pool) -> Queries:
    return Queries(pool)
