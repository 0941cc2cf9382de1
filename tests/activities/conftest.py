"""A web server that keeps what it is sent."""

from collections.abc import AsyncIterator

import pytest

from tests.endpoint import Endpoint, listening


@pytest.fixture
async def web() -> AsyncIterator[Endpoint]:
    async with listening() as web:
        yield web
