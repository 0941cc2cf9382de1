"""Exporting and importing from the command line: to files that fit, within what a person may see."""

import json
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.cli.conftest import services as at_work


@pytest.fixture
async def lived(shell: Shell) -> str:
    """A cycle that has begun at one school; the services have stopped."""
    async with at_work():
        cycle = await shell.started()
        [task] = await shell.tasks(cycle)
        await shell("tasks", "complete", task, "--set", "mark=low", "--set", "rooms=4", by="p-0005")
        await shell.says("board", "1 of 2 done", cycle)
    return cycle


async def exported(shell: Shell, file: Path, *words: str, by: str | None = None) -> str:
    result = await shell("records", "export", "--output", str(file), *words, by=by)
    assert result.code == 0, result.err
    return file.read_text("utf-8")


async def test_a_log_is_exported_whole_and_imported_into_an_empty_database(
    lived: str, shell: Shell, second_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await exported(shell, tmp_path / "log.jsonl", "--format", "cloudevents")
    story = (await shell("history", lived)).out
    monkeypatch.setenv("TERMWISE_DATABASE", second_database)

    done = await shell("records", "import", str(tmp_path / "log.jsonl"), "--json")

    assert done.code == 0, done.err
    assert done.json["events"] == json.loads(first.splitlines()[0])["data"]["events"]
    assert await exported(shell, tmp_path / "again.jsonl", "--format", "cloudevents") == first
    assert (await shell("history", lived)).out == story
    assert (await shell("records", "verify")).code == 0
    assert (await shell("records", "import", str(tmp_path / "log.jsonl"))).code == 3


async def test_what_is_sealed_leaves_sealed_and_is_taken_in_only_with_its_keys(
    lived: str, shell: Shell, second_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = await exported(shell, tmp_path / "log.jsonl", "--format", "cloudevents")
    assert "Claire Whitmore" not in text
    altered = tmp_path / "altered.jsonl"
    line = next(nth for nth, each in enumerate(text.splitlines(), 1) if '"proof":' in each)
    lines = text.splitlines(keepends=True)
    lines[line - 1] = lines[line - 1].replace("glenfield", "glenfeild", 1)
    altered.write_text("".join(lines), "utf-8")
    monkeypatch.setenv("TERMWISE_DATABASE", second_database)

    result = await shell("records", "import", str(altered))

    assert (result.code, f"line {line}: the directory" in result.err) == (2, True), result.err


async def test_each_format_is_written_to_a_file_that_only_its_owner_reads(
    lived: str, shell: Shell, tmp_path: Path
) -> None:
    for written, beginning in (
        ("xes", b"<?xml"),
        ("ocel", b'{"objectTypes"'),
        ("csv", b"cycle,"),
        ("xlsx", b"PK"),
    ):
        file = tmp_path / f"log.{written}"

        result = await shell("records", "export", "--format", written, "--output", str(file), "--json")

        assert result.code == 0, result.err
        assert file.read_bytes().startswith(beginning)
        assert (result.json["bytes"], stat.S_IMODE(file.stat().st_mode)) == (file.stat().st_size, 0o600)
    assert [each.name for each in tmp_path.iterdir() if "part" in each.name] == []


async def test_only_what_is_chosen_leaves(lived: str, shell: Shell) -> None:
    one = await shell("records", "export", "--format", "cloudevents", "--cycle", lived)
    none = await shell("records", "export", "--format", "csv", "--to", "2020-01-01")

    assert {json.loads(line)["subject"] for line in one.out.splitlines()[1:]} == {lived}
    assert len(none.out.splitlines()) == 1
    assert (await shell("records", "export", "--format", "xes", "--process", "tidi")).code == 4


async def test_what_cannot_be_is_said_in_one_sentence(shell: Shell, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text('{"a": 1}\n')

    for words, code, said in (
        (["export", "--format", "xlsx"], 2, "say with --output"),
        (
            ["export", "--format", "csv", "--from", "2027-01-02", "--to", "2027-01-01"],
            2,
            "--to is before --from",
        ),
        (["export", "--format", "csv", "--output", str(tmp_path / "no" / "file")], 2, "cannot be written"),
        (["import", str(tmp_path / "nothing")], 2, "cannot be read"),
        (["import", str(wrong)], 2, "line 1: it has no 'type'"),
    ):
        result = await shell("records", *words)
        assert (result.code, said in result.err) == (code, True), result.err
