"""Whose signature is believed: the walk of docs/security.md, with a key for each person, on real servers."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.common import RawValue

from tests.cli.conftest import Shell, services
from workers.keys import new_key

DANIEL, PRIYA = "p-0002", "p-0003"
FIRST = ("--directly", "--reason", "The first key")


@pytest.fixture
async def office(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shell]:
    """All services at work with the machine's key; whoever types signs with a key of Daniel Okafor's."""
    async with services():
        made = await new(shell, DANIEL)
        done = await shell("keys", "enrol", made["public"], "--for", DANIEL, "--label", "laptop", by=PRIYA)
        assert done.code == 0, done.err
        monkeypatch.setenv("TERMWISE_KEY", made["file"])
        yield shell


async def new(shell: Shell, person: str) -> dict[str, str]:
    """A key that was made for somebody."""
    result = await shell("keys", "new", "--for", person, "--json")
    assert result.code == 0, result.err
    return dict(result.json)


async def listed(shell: Shell, *words: str) -> dict[str, Any]:
    """The keys that are enrolled, by their ids."""
    return {each["id"]: each for each in (await shell("keys", "list", *words, "--json")).json["keys"]}


def anew() -> list[str]:
    """What a cycle is started with that nobody has started."""
    return ["--set", f"tag={uuid4().hex}", "--set", "schools=glenfield"]


def signing(monkeypatch: pytest.MonkeyPatch, made: dict[str, str]) -> None:
    """Whoever types signs with this key from now on."""
    monkeypatch.setenv("TERMWISE_KEY", made["file"])


async def test_a_key_is_made_for_its_owner_alone_and_is_never_written_over(shell: Shell) -> None:
    made = await new(shell, DANIEL)
    again = await shell("keys", "new", "--for", DANIEL)
    nobody = await shell("keys", "new")

    assert Path(made["file"]).stat().st_mode & 0o777 == 0o600
    assert "there is a key in" in again.err
    assert again.code != 0
    assert (nobody.code, "say whose key it is" in nobody.err) == (2, True)


async def test_a_person_signs_for_themselves_and_for_nobody_else(office: Shell) -> None:
    cycle = await office.started()
    [task] = await office.tasks(cycle)

    other = await office("tasks", "skip", task, "--code", "no-rooms", by="Claire Whitmore")

    assert other.code == 3
    assert "does not speak for p-0005" in other.err


async def test_only_an_administrator_enrols(office: Shell) -> None:
    public = new_key().text

    refused = await office("keys", "enrol", public, "--for", DANIEL, by="Daniel Okafor")

    assert refused.code == 3
    assert "may not enrol a key: that is for an administrator of the trust" in " ".join(refused.err.split())
    assert public not in {each["public"] for each in (await listed(office)).values()}


async def test_a_key_that_nobody_enrolled_is_not_believed(
    office: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    signing(monkeypatch, await new(office, "stranger"))

    refused = await office("start", "tidy", *anew(), by="Daniel Okafor")

    assert refused.code == 3
    assert "enrol" in refused.err


async def test_whose_key_it_is_revokes_it_and_it_is_worth_nothing_at_once(office: Shell) -> None:
    [key] = [each["id"] for each in (await listed(office)).values() if each["person"] == DANIEL]

    revoked = await office("keys", "revoke", key, "--reason", "The laptop was stolen", by="Daniel Okafor")
    refused = await office("start", "tidy", *anew(), by="Daniel Okafor")

    assert revoked.code == 0, revoked.err
    assert refused.code == 3
    assert "revoked" in refused.err
    assert key not in await listed(office)
    assert (await listed(office, "--all"))[key]["until"]


async def test_an_unknown_key_cannot_be_revoked(office: Shell) -> None:
    refused = await office("keys", "revoke", "none", "--reason", "A mistake", by="Daniel Okafor")

    assert (refused.code, "there is no key 'none'" in refused.err) == (4, True)


async def test_what_was_refused_is_listed_for_administrators_only(office: Shell) -> None:
    [task] = await office.tasks(await office.started())
    await office("tasks", "skip", task, "--code", "no-rooms", by="Claire Whitmore")

    told = await office.says("refusals", "Claire Whitmore", "--as", "Priya Raval")
    mine = await office("refusals", "--json", "--person", "Claire Whitmore", by="Priya Raval")
    none = await office("refusals", "--json", "--person", "Hannah Lister", by="Priya Raval")
    closed = await office("refusals", by="Daniel Okafor")

    assert told.code == 0
    assert [each["person"] for each in mine.json["refusals"]] == ["p-0005"]
    assert none.json["refusals"] == []
    assert (closed.code, "for administrators of the trust" in closed.err) == (3, True)


async def test_a_key_that_others_can_read_is_not_used(office: Shell, tmp_path: Path) -> None:
    file = tmp_path / "home/keys/p-0002.key"
    file.chmod(0o640)

    refused = await office("start", "tidy", *anew(), by="Daniel Okafor")

    assert refused.code != 0
    assert "chmod 600" in refused.err


async def test_the_first_key_of_a_server_is_written_directly_and_a_reason_is_asked_for(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = (await shell("keys", "new", "--server", "--json")).json
    silent = await shell("keys", "enrol", made["public"], "--server", "--directly")
    unsaid = await shell("keys", "enrol", made["public"], *FIRST)
    done = await shell("keys", "enrol", made["public"], "--server", *FIRST)
    again = await shell("keys", "enrol", made["public"], "--server", *FIRST)
    signing(monkeypatch, made)
    async with services():
        started = await shell("start", "tidy", *anew(), by="Daniel Okafor")

    assert (silent.code, "give the reason" in silent.err) == (2, True)
    assert (unsaid.code, "say whose key it is" in unsaid.err) == (2, True)
    assert done.code == 0, done.err
    assert (again.code, "enrolled before" in again.err) == (3, True)
    assert started.code == 0, started.err


async def test_what_is_signed_by_hand_is_carried_out(
    office: Shell, tmp_path: Path, temporal_address: str
) -> None:
    cycle = (await office("start", "tidy", *anew(), "--json", by="Daniel Okafor")).json["instance"]
    command = {"kind": "cancel", "id": str(uuid4()), "by": DANIEL, "reason": "Begun by mistake"}
    file = tmp_path / "command.json"
    file.write_text(json.dumps(command))

    signed = await office("keys", "sign", cycle, str(file))
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"kind": "canel"}')
    unread = await office("keys", "sign", cycle, str(wrong))

    handle = (await Client.connect(temporal_address)).get_workflow_handle(cycle)
    # As the `temporal` command sends it: the very bytes.
    typed = RawValue(Payload(metadata={"encoding": b"json/plain"}, data=signed.out.strip().encode()))
    first = await handle.execute_update("cancel", typed)
    shown = await office("show", cycle, "--json")

    assert first["instance"] == cycle
    assert shown.json["state"] == "cancelled"
    assert unread.code in {2, 4}
    assert "did you mean 'cancel'" in unread.err
