"""A pool over a fresh database, and a mail server that is open."""

from collections.abc import AsyncIterator, Iterator

import pytest

from storage.database import Pool, connect
from tests.post_office import PostOffice


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    pool = await connect(database)
    yield pool
    await pool.close()


@pytest.fixture
def office() -> Iterator[PostOffice]:
    office = PostOffice()
    office.open()
    yield office
    office.close()
