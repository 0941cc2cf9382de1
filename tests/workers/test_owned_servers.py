"""Who starts the embedded servers of one home: several at once, and owners whose end is theirs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workers.lairs import another_process, eventually, eventually_no_process, kill, lair, processes
from workers.embedded import servers


@pytest.fixture
def home() -> Iterator[Path]:
    with lair() as home:
        yield home


def watchdog_waits(home: Path) -> bool:
    """Whether somebody stands in line for the lock that the owners share: what waits has an arrow in the list."""
    owners = f":{(home / 'owners').stat().st_ino} "
    return any("->" in lock and owners in lock for lock in Path("/proc/locks").read_text().splitlines())


def test_many_who_start_at_once_share_one_pair_of_servers(home: Path) -> None:
    starters = [another_process(home) for _ in range(4)]

    addresses = {starter.communicate()[0] for starter in starters}

    assert len(addresses) == 1
    assert [starter.returncode for starter in starters] == [0, 0, 0, 0]
    assert len([command for command in processes(home) if "/postgres -D " in command]) == 1
    assert len([command for command in processes(home) if "start-dev" in command]) == 1


def test_owned_servers_die_with_the_last_owner_even_a_killed_one(home: Path) -> None:
    with (
        another_process(home, owned="owned", stay=60) as first,
        another_process(home, owned="owned", stay=60) as last,
    ):
        assert first.stdout
        assert last.stdout
        first.stdout.readline()
        last.stdout.readline()

        assert eventually(lambda: watchdog_waits(home))
        kill(first.pid)
        first.wait()
        # What the first held went with it. Had that been all, the watchdog would not be waiting.
        assert watchdog_waits(home)
        assert servers.status(home).postgres

        kill(last.pid)
        last.wait()
        assert eventually_no_process(home)


def test_servers_started_for_good_outlive_an_owner_who_started_them(home: Path) -> None:
    with another_process(home, owned="owned", stay=60) as owner:
        assert owner.stdout
        owner.stdout.readline()
        servers.start(home)

        kill(owner.pid)
        owner.wait()

    assert eventually_no_process(home, "workers.embedded.watchdog"), "it has looked, and let them run"
    status = servers.status(home)
    assert status.postgres
    assert status.temporal
