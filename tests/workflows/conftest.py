"""A desk for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.desk import Desk, open_desk


@pytest.fixture
async def desk(database: str, temporal_address: str) -> AsyncIterator[Desk]:
    async with open_desk(database, temporal_address) as opened:
        yield opened
