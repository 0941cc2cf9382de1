"""What is attacked."""

from collections.abc import AsyncIterator

import pytest

from tests.desk import Desk, open_desk


@pytest.fixture
async def desk(database: str, temporal_address: str) -> AsyncIterator[Desk]:
    """A desk with its register filled."""
    async with open_desk(database, temporal_address) as opened:
        await opened.fill_register()
        yield opened
