"""The register as people meet it: the folder begins it, and then it counts."""

import shutil
from pathlib import Path

import pytest

from cli.setup import settings
from tests.cli.conftest import ROOT, Shell, services
from workers.trust import import_first
from workers.wiring import open_all_records


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the trust that the test may change."""
    folder = tmp_path / "trust"
    shutil.copytree(ROOT / "examples/scholars", folder)
    monkeypatch.setenv("TERMWISE_TRUST", str(folder))
    return folder


def renamed(folder: Path) -> None:
    """Daniel Okafor has another name in the folder."""
    file = folder / "people.yaml"
    file.write_text(file.read_text().replace("Daniel Okafor", "Daniel Okafor-Reid"))


async def test_the_folder_becomes_the_register_and_is_then_left_aside(shell: Shell, folder: Path) -> None:
    async with services():
        cycle = await shell.started()
        renamed(folder)

        still = await shell("tasks", by="Daniel Okafor")
        stranger = await shell("tasks", by="Daniel Okafor-Reid")

    assert still.code == 0
    assert "there is no person 'Daniel Okafor-Reid'" in stranger.err
    assert cycle in (await shell("cycles")).out


async def test_doctor_says_that_the_folder_says_something_else_and_where_to_look(
    shell: Shell, folder: Path
) -> None:
    async with services():
        await shell.started()
        same = await shell("doctor")
        renamed(folder)
        other = await shell("doctor")

    assert "the folder of the trust says the same" in " ".join(same.out.split())
    said = " ".join(other.out.split())
    assert "the folder of the trust says something else of people; the register counts" in said
    assert "termwise people import --dry-run" in said
    assert other.code == 7


async def test_until_the_first_import_the_folder_counts(shell: Shell, folder: Path) -> None:
    renamed(folder)

    before = await shell("tasks", by="Daniel Okafor-Reid")
    given = settings()
    async with open_all_records(given) as records:
        await import_first(given, records.store, records.register, records.documents)
    after = await shell("tasks", by="Daniel Okafor-Reid")

    assert (before.code, after.code) == (0, 0)


async def test_a_broken_folder_stops_no_worker_and_the_register_is_no_cycle(
    shell: Shell, folder: Path
) -> None:
    async with services():
        cycle = await shell.started()
        (folder / "people.yaml").write_text("people: [")
        shown = await shell("show", cycle)
        register = await shell("show", "register")

    assert shown.code == 0
    assert register.code == 4
    assert "there is no cycle 'register'" in register.err
