"""What leaves for Temporal is closed, and what arrives stops nothing."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.converter import WorkflowSerializationContext
from temporalio.exceptions import ApplicationError

from storage.privacy.errors import KeyStoreUnavailableError
from storage.privacy.key_store import open_key_store
from storage.privacy.keyring import Keyring
from storage.privacy.master import MasterFile
from tests.keys import key_database, open_keyring
from workers.payloads import ClosedPayloads, converter
from workflows.shown import Shown

HERE = WorkflowSerializationContext(namespace="default", workflow_id="m:1/packs/y6")


@pytest.fixture
async def keyring(postgres_dsn: str, tmp_path: Path) -> AsyncIterator[Keyring]:
    async with key_database(postgres_dsn) as dsn, open_keyring(dsn, tmp_path / "master.key") as keyring:
        yield keyring


async def test_values_are_closed_and_what_pages_show_is_not(keyring: Keyring) -> None:
    by = converter(keyring).with_context(HERE)

    closed, shown = await by.encode([{"note": "Wrenfeather"}, Shown("3 tasks, the next due on Friday")])

    assert b"Wrenfeather" not in closed.SerializeToString()
    assert closed.metadata["subject"] == b"workflow:m:1"
    assert json.loads(shown.data) == "3 tasks, the next due on Friday"
    assert await by.decode([closed, shown]) == [{"note": "Wrenfeather"}, "3 tasks, the next due on Friday"]
    assert await converter(keyring).decode([closed]) == [{"note": "Wrenfeather"}]


async def test_what_cannot_be_opened_is_a_word(keyring: Keyring) -> None:
    codec = ClosedPayloads(keyring).with_context(HERE)
    (closed,) = await codec.encode([Payload(metadata={"encoding": b"json/plain"}, data=b'"Wrenfeather"')])
    wrong = {"data": closed.data[:-1] + b"x"}, {"number": b"x"}, {"number": b"7"}, {"subject": b"\xff\x00"}

    arrived = [Payload(metadata={**closed.metadata, **{n: v for n, v in each.items() if n != "data"}},
                       data=each.get("data", closed.data)) for each in wrong]  # fmt: skip
    plain = Payload(metadata={"encoding": b"json/plain"}, data=b"{}")
    read = await codec.decode([*arrived, plain])
    await keyring.shred("workflow:m:1", "over")
    (after,) = await codec.decode([closed])

    assert [each.data for each in read] == [
        b'"unreadable"',
        b'"unreadable"',
        b'"erased"',
        b'"unreadable"',
        b"{}",
    ]
    assert after.data == b'"erased"'


async def test_what_an_error_says_is_closed_too(keyring: Keyring) -> None:
    by, failure = converter(keyring).with_context(HERE), Failure()

    await by.encode_failure(ApplicationError("Wrenfeather is not asked", type="refused"), failure)

    assert b"Wrenfeather" not in failure.SerializeToString()
    assert str(await by.decode_failure(failure)) == "refused: Wrenfeather is not asked"


async def test_nothing_leaves_in_the_open_while_the_key_store_is_away(tmp_path: Path) -> None:
    nowhere = await open_key_store("postgresql://nobody@127.0.0.1:1/keys?sslmode=disable")
    codec = ClosedPayloads(Keyring(nowhere, MasterFile(tmp_path / "master.key"))).with_context(HERE)

    with pytest.raises(KeyStoreUnavailableError, match="the key store is not available"):
        await codec.encode([Payload(metadata={"encoding": b"json/plain"}, data=b"{}")])
    await nowhere.close()
