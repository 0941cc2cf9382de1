"""A whole small cycle leaves nothing personal in the log, in stored documents, or in what Temporal keeps."""

import json
import shutil
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from cli.setup import settings
from tests.cli.conftest import ROOT, Shell, services
from tests.keys import key_database, open_keyring
from workers import temporal
from workers.key_store import open_keyring as keys_of
from workers.wiring import temporal_address

OFFICER, HEAD = "Daniel Okafor", "p-0005"
#: Nobody is called so, and nobody would write so by chance.
WORDS = (
    "Quillfeather",
    "quillfeather",
    "7654321",
    "Blunderquill",
    "Dampcellar",
    "Mossbottom",
    "Fernpocket",
    "Okafor",
)


@pytest.fixture
async def keys(postgres_dsn: str, tmp_path: Path) -> AsyncIterator[str]:
    file = tmp_path / "master.key"
    async with key_database(postgres_dsn) as dsn:
        async with open_keyring(dsn, file):
            pass
        yield dsn


@pytest.fixture
async def private(
    shell: Shell, keys: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Shell]:
    """A trust whose head of Glenfield has a name like no other, with keys of its own."""
    trust = tmp_path / "trust"
    shutil.copytree(ROOT / "examples/scholars", trust)
    people = trust / "people.yaml"
    known = "name: Claire Whitmore, email: claire.whitmore@scholars.example"
    assert known in people.read_text()
    people.write_text(
        people.read_text().replace(
            known, "name: Zeph Quillfeather, email: zeph.quillfeather@x.example, trn: '7654321'"
        )
    )
    for name, value in (("KEYS", keys), ("MASTER_KEY", str(tmp_path / "master.key")), ("TRUST", str(trust))):
        monkeypatch.setenv(f"TERMWISE_{name}", value)
    async with services():
        yield shell


async def played(termwise: Shell) -> str:
    """A small cycle, with everything in it that people write."""
    cycle = await termwise.started()
    (look,) = await termwise.tasks(cycle)
    await termwise("tasks", "comment", look, "They say Blunderquill was there.", by=HEAD)
    await termwise("tasks", "complete", look, "--set", "mark=high", "--set", "rooms=3", by=HEAD)
    (agree,) = await termwise.tasks(cycle, "agree")
    await termwise("tasks", "return", agree, "--reason", "the Dampcellar", by=OFFICER)
    (again,) = await termwise.tasks(cycle)
    draft = json.dumps({"mark": "low", "shelves": [{"name": "Fernpocket", "books": 3}]})
    form = Path(settings().home) / "form.json"
    form.write_text(draft)
    await termwise("tasks", "draft", again, "--form", str(form), by=HEAD)
    await termwise("tasks", "complete", again, "--form", str(form), "--set", "rooms=4", by=HEAD)
    refused = await termwise("tasks", "claim", agree, by=HEAD)
    assert refused.code
    (agree,) = await termwise.tasks(cycle, "agree")
    await termwise("tasks", "complete", agree, "--outcome", "yes_it_is", by=OFFICER)
    raised = await termwise("raise", cycle, "visitor-came", "--reason", "Mossbottom came", by=HEAD)
    assert "All is tidy" in raised.out, raised.err
    return cycle


async def stored() -> str:
    connection = await asyncpg.connect(settings().dsn)
    rows = await connection.fetch(
        "select to_jsonb(e)::text from termwise.event e union all select to_jsonb(d)::text from termwise.document d"
    )
    await connection.close()
    assert rows
    return "\n".join(row[0] for row in rows)


def texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Every text in it, and what base64 hides."""
    if isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str):
        yield value
        try:
            yield b64decode(value, validate=True).decode(errors="replace")
        except ValueError:
            return


async def kept_by_temporal(workflow: str, **connected: Any) -> str:  # noqa: ANN401 - the keys, or none
    client = await temporal.connect(temporal_address(settings())[0], **connected)
    history = await client.get_workflow_handle(workflow).fetch_history()
    return "\n".join(texts(json.loads(history.to_json())))


async def test_nothing_personal_is_stored_anywhere_but_in_what_is_read_every_day(private: Shell) -> None:
    cycle = await played(private)
    register = f"register@{settings().task_queue}"
    named = await private(
        "people", "set", HEAD, "--name", "Zeph Quillfeather-Mossbottom", "--reason", "Fernpocket", by="p-0004"
    )
    assert named.code == 0, named.err

    log, histories = await stored(), await kept_by_temporal(cycle)
    story = (await private("history", cycle)).out

    assert '"severity"' not in log
    assert "task-commented" in log
    assert [word for word in WORDS if word in log] == []
    assert [word for word in WORDS if word in histories] == []
    assert [word for word in WORDS if word in await kept_by_temporal(register)] == []
    # What administrators need to see is there all the same.
    assert "Tidying" in histories
    assert '"high"' in log  # Of a scale, and not personal: statistics may go on counting it.
    for word in ("Zeph Quillfeather", "Blunderquill", "Dampcellar", "Mossbottom came"):
        assert word in " ".join(story.split())
    assert (await private("records", "verify")).code == 0


async def test_after_shredding_it_says_erased_and_the_master_key_can_be_replaced(private: Shell) -> None:
    cycle = await played(private)

    planned = await private("records", "rotate-key", "--dry-run")
    rotated = await private("records", "rotate-key")
    read = await private("history", cycle)
    given = settings()
    async with keys_of(given) as keyring:
        for subject in (f"instance:{cycle}", f"workflow:{cycle}"):
            assert await keyring.shred(subject, "its time is over") == 1
        client = await temporal.connect(temporal_address(given)[0], keyring=keyring)
        result = await client.get_workflow_handle(cycle, result_type=str).result()
    story = await private("history", cycle)

    assert "would be closed with a new master key" in planned.out
    assert "The master key is now" in rotated.out
    assert "Blunderquill" in read.out
    assert result == "erased"
    assert "Blunderquill" not in story.out
    assert "erased" in story.out
    assert (await private("doctor", "--json")).json["findings"]


async def test_a_key_store_that_is_missing_or_not_named_is_said_in_one_sentence(
    private: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMWISE_KEYS", "postgresql://nobody@127.0.0.1:1/keys?sslmode=disable")
    away = await private("people", "show", HEAD)
    looked = await private("doctor", "--json")
    monkeypatch.delenv("TERMWISE_KEYS")
    unnamed = await private("people", "show", HEAD)

    assert "the key store is not available" in away.err
    assert away.code == 5
    assert {each["about"]: each["state"] for each in looked.json["findings"]}["key store"] == "away"
    assert "TERMWISE_KEYS is not set" in unnamed.err
