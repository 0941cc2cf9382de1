"""Servers to be attacked, and a table of what became of each attack."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.long.checker import Checked
from tests.faults.long.own_server import OwnServer
from workers.embedded import servers

ROWS = pytest.StashKey[list[str]]()


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that other accounts may enter, with its server's data; gone after the attack."""
    place = Path(tempfile.mkdtemp(prefix="termwise-attack-"))
    place.chmod(0o755)
    yield place
    servers.remove(place)


@pytest.fixture
def server(place: Path) -> Iterator[OwnServer]:
    server = OwnServer(place)
    server.start()
    yield server
    server.stop()


class Table:
    """What was seen, one row for each attack."""

    def __init__(self, rows: list[str]) -> None:
        self._rows = rows

    def add(self, attack: str, what: str, checked: Checked) -> None:
        found = "; ".join(checked.problems[:3]) or "none"
        self._rows.append(f"| {attack} | {what} | {checked.events} | {found} |")


@pytest.fixture
def table(pytestconfig: pytest.Config) -> Table:
    return Table(pytestconfig.stash.setdefault(ROWS, []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if rows := terminalreporter.config.stash.get(ROWS, []):
        terminalreporter.write_line("| attack | what was done | events | violations |")
        terminalreporter.write_line("|---|---|---|---|")
        for row in rows:
            terminalreporter.write_line(row)
