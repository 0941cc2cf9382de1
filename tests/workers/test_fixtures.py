"""The shared servers of `tests/conftest.py`."""

from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest
from temporalio import workflow
from temporalio.client import Client
from temporalio.testing import TimeSkipper, TimeSkippingConfig
from temporalio.worker import Worker


@workflow.defn(sandboxed=False)
class Fortnight:
    @workflow.run
    async def run(self) -> str:
        await workflow.sleep(timedelta(days=14))
        return "over"


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


async def test_temporal_can_skip_time(temporal_address: str) -> None:
    """Off by default in the server; without it no demo could play a term in seconds."""
    skipper = TimeSkipper(await Client.connect(temporal_address), config=TimeSkippingConfig(enabled=False))
    queue = str(uuid4())

    async with Worker(skipper.client, task_queue=queue, workflows=[Fortnight]):
        handle = await skipper.client.start_workflow(Fortnight.run, id=queue, task_queue=queue)
        await skipper.fast_forward(handle, timedelta(days=15))

        assert await handle.result() == "over"
