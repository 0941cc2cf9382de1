"""The walk of docs/evidence.md: seal, verify, prove, and find what somebody with all rights has done."""

import json
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from tests.cli.conftest import ROOT, Shell


def checked(file: Path, *words: str) -> tuple[int, str]:
    """What the script says that strangers use."""
    command = [sys.executable, "-I", ROOT / "docs/verify_proof.py", file, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


async def test_a_cycle_is_sealed_published_proven_and_what_was_altered_is_named(
    termwise: Shell, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roots = tmp_path / "kept" / "roots.jsonl"
    monkeypatch.setenv("TERMWISE_ROOTS_FILE", str(roots))
    cycle = await termwise.started()

    sealed = await termwise("records", "seal")
    again = await termwise("records", "seal", "--json")
    sound = await termwise("records", "verify", "--roots", str(roots))
    story = await termwise("history", cycle, "--verify")
    proof = await termwise("records", "prove", f"{cycle}@2")

    assert sealed.out.startswith("Sealed events 1 to ")
    assert "Published: 1 root." in sealed.out
    assert (again.code, again.json) == (0, {"blocks": [], "published": 0})
    assert (sound.code, "Compared with 1 published root." in sound.out) == (0, True), sound.out
    assert (story.code, "Nothing was altered, removed or inserted since." in story.out) == (0, True), (
        story.out
    )
    (tmp_path / "proof.json").write_text(proof.out)
    code, said = checked(tmp_path / "proof.json", "--roots", str(roots))
    assert (code, said.endswith("That block is among the roots that were published.\nPROVEN.\n")) == (
        0,
        True,
    ), said

    connection = await asyncpg.connect(database)
    await connection.execute("alter table termwise.event disable trigger all")
    await connection.execute(
        "update termwise.event set actor = 'p-0009' "
        "where version = 2 and stream = (select id from termwise.stream where name = $1)",
        cycle,
    )
    await connection.close()
    found, told = await termwise("records", "verify", "--json"), await termwise("history", cycle, "--verify")
    refused = await termwise("records", "prove", f"{cycle}@2")

    assert found.code == told.code == 7
    assert any(
        "version 2 of" in each and "was altered after it was sealed" in each
        for each in found.json["problems"]
    )
    assert "This story was tampered with." in told.out
    assert "is not as block 1 was sealed" in " ".join(refused.err.split())


@pytest.mark.parametrize("event", ["tidy", "tidy@", "@1", "tidy@one", "tidy@99999999999"])
async def test_what_names_no_event_is_told_how_to_name_one(shell: Shell, event: str) -> None:
    refused = await shell("records", "prove", event)

    assert (refused.code, "say which as CYCLE@VERSION" in " ".join(refused.err.split())) == (2, True)


async def test_roots_that_cannot_be_read_are_told(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "roots").write_text(json.dumps({"hash": "none"}) + "\nmore\n")

    missing = await shell("records", "verify", "--roots", str(tmp_path / "none"))
    strange = await shell("records", "verify", "--roots", str(tmp_path / "roots"))

    assert "cannot be read" in missing.err
    assert "line 1 of the published roots is not one of ours" in strange.out
    assert strange.code == 7
