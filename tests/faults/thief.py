"""Somebody who reaches Temporal and sends what they like, and what is noted of it."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from engine.commands import (
    CompleteTask,
)
from engine.register.keys import RevokeKey
from engine.signing import Signed, sign
from storage.refusals import PostgresRefusals
from storage.views import TaskRow
from tests.desk import Desk
from tests.worlds import directory, named
from workers.enrolling import enrol_directly
from workers.keys import PrivateKey, new_key

ONE = """
steps:
- {task: sign, title: Sign it, who: school-improvement-officer}
"""
CHILDREN = """
inputs:
  tag: {type: text}
  schools: {type: list of school, default: all}
steps:
- for_each: visits
  over: {school: schools}
  run: as child instances
  steps:
  - {task: visit, title: Visit, who: headteacher at school}
"""
TRUST = "trees"
Forge = Callable[["Thief", CompleteTask, str], dict[str, Any]]


class Thief:
    """Somebody who reaches Temporal, and has a key of their own: the Chief's."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.chiefs = new_key()
        self.strangers = new_key()
        self.revoked = new_key()

    async def enrol(self) -> None:
        store = self.desk.records.store
        for key, person in ((self.chiefs, "Chief"), (self.revoked, "Officer")):
            whose = named(directory(), person)
            await enrol_directly(store, key.text, use="person", person=whose, reason="to attack with")
        chief = named(directory(), "Chief")
        revoked = RevokeKey(id=uuid4(), by=chief, key=self.revoked.id, reason="It was lost")
        await self.desk.client.register(revoked)

    async def send(self, instance: str, kind: str, *sent: object) -> str:
        """The code of the refusal."""
        handle = self.desk.temporal.get_workflow_handle(instance)
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await handle.execute_update(
                kind, args=list(sent), id=uuid4().hex, rpc_timeout=timedelta(seconds=20)
            )
        cause = refused.value.cause
        return cause.type or "" if isinstance(cause, ApplicationError) else ""


def signed(
    key: PrivateKey, command: CompleteTask, instance: str, at: datetime | None = None, trust: str = TRUST
) -> dict[str, Any]:
    """As a client of the thief's own would send it."""
    at = at or datetime.now(UTC)
    proof = sign(key._key, command, trust=trust, instance=instance, at=at)
    return json.loads(Signed[CompleteTask](command=command, signature=proof).model_dump_json())


def with_command(sent: dict[str, Any], **changes: object) -> dict[str, Any]:
    return {**sent, "command": {**sent["command"], **changes}}


def ours(thief: Thief) -> PrivateKey:
    return thief.desk.signer.keys.of("")


async def opened(desk: Desk, instance: str, count: int = 1) -> list[TaskRow]:
    async with asyncio.timeout(30):
        while len(tasks := await desk.tasks(instance)) < count:
            await asyncio.sleep(0.05)
    return tasks


async def history(desk: Desk, instance: str) -> int:
    return len((await desk.temporal.get_workflow_handle(instance).fetch_history()).events)


async def noticed(desk: Desk, instance: str, expected: set[tuple[str, str]]) -> None:
    """Wait until these refusals are written down, by code and kind, and no others."""
    async with asyncio.timeout(30):
        while {(row.code, row.kind) for row in await refusals(desk, instance)} < expected:
            await asyncio.sleep(0.05)
    assert {(row.code, row.kind) for row in await refusals(desk, instance)} == expected


async def refusals(desk: Desk, instance: str):  # noqa: ANN201
    await desk.judging.refusals.flush()
    return await PostgresRefusals(desk.records.pool).read(instance=instance)
