"""The shared servers of `tests/conftest.py`."""

import asyncpg
import pytest
from temporalio.client import Client


@pytest.mark.parametrize("turn", ["first", "second"])
async def test_each_test_has_a_database_of_its_own(database: str, turn: str) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute("create table mine (text text)")
    assert await connection.fetchval("select count(*) from termwise.migration") > 0
    await connection.close()


async def test_temporal_answers_with_its_default_namespace(temporal_address: str) -> None:
    client = await Client.connect(temporal_address)

    assert await client.service_client.check_health()
    assert client.namespace == "default"
