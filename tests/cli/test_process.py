"""The command as a process of its own: exit codes, nothing but sentences, `up` and `down`."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import local_worker
from cli.main import COMMANDS
from tests.cli.conftest import ROOT, Shell
from workers.embedded import servers


def termwise(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TERMWISE_", "TEMPORAL_", "PG"))
    }
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *words],
        env={**kept, "TERMWISE_HOME": str(home), "PYTHONPATH": str(ROOT), "COLUMNS": "80", **environment},
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
    )


@pytest.fixture
def lair() -> Iterator[Path]:
    """A home whose servers are stopped after the test."""
    folder = Path(tempfile.mkdtemp(prefix="termwise-cli-"))
    folder.chmod(0o755)
    yield folder
    termwise(folder, "down")
    servers.remove(folder)


@pytest.mark.parametrize("command", COMMANDS)
async def test_every_command_has_help_with_an_example(shell: Shell, command: str) -> None:
    shown = await shell(command, "--help")

    assert shown.code == 0
    assert f"Example: termwise {command}" in shown.out
    assert "--json" in shown.out or "Commands" in shown.out
    assert all(len(line) <= 80 for line in shown.out.splitlines())


@pytest.mark.parametrize(
    ("words", "environment", "code"),
    [
        (["--version"], {}, 0),
        (["cycles"], {}, 5),
        (["down"], {}, 0),
        (["doctor"], {}, 5),
        (["cycles", "--stat"], {}, 2),
        (["cycles"], {"TERMWISE_HOMES": "x"}, 2),
        (["define", "simulate", "moderation"], {"TERMWISE_TRUST": "/nowhere"}, 2),
        (["define", "check", "nothing"], {}, 4),
    ],
)
def test_a_process_ends_with_a_code_that_means_something(
    tmp_path: Path, words: list[str], environment: dict[str, str], code: int
) -> None:
    ended = termwise(tmp_path, *words, **environment)

    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr + ended.stdout


def test_a_worker_waits_for_servers_and_ends_well_when_asked_to(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("w") as written:
        worker = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "worker", "--json"],
            env={**os.environ, "TERMWISE_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            stderr=written,
        )
    while "server.awaited" not in log.read_text() and worker.poll() is None:
        time.sleep(0.05)
    worker.terminate()

    assert worker.wait(20) == 0
    line = json.loads(log.read_text().splitlines()[0])
    assert (line["event"], line["server"], line["level"]) == ("server.awaited", "PostgreSQL", "warning")


def test_up_starts_everything_once_and_down_stops_it(lair: Path) -> None:
    first = json.loads(termwise(lair, "up", "--json").stdout)
    second = json.loads(termwise(lair, "up", "--json").stdout)
    well = termwise(lair, "doctor")
    given = ["--set", "half_term=2026-27 summer 1", "--set", "submission=2027-06-25", "--as", "Daniel Okafor"]
    started = termwise(lair, "start", "moderation", *given)
    down = termwise(lair, "down", "--json")

    assert first == second
    assert well.returncode == 0, well.stdout
    assert started.returncode == 0, started.stderr
    assert json.loads(down.stdout)["stopped"] == {"worker": True, "temporal": True, "postgres": True}
    assert servers.status(lair) == servers.Status(None, None)
    assert "service.stopped" in (lair / "worker/log").read_text()
    assert local_worker.daemon(lair).pid is None
