"""Both embedded servers of one home: start them, stop them, see what runs.

Any number of processes may call these at once. Starting twice is starting once. Servers started as
owned live until the last of their owners is gone, even one that was killed: each owner shares a lock,
and a watchdog waits to have it alone.
"""

import fcntl
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from workers.embedded import postgres, temporal
from workers.embedded.daemon import ServerError, detach, locked


@dataclass(frozen=True, slots=True)
class Running:
    """Where to reach the servers."""

    dsn: str = field(repr=False)
    """With the password in it: not for a log."""
    temporal_address: str
    ui_url: str | None
    """None where Temporal is not ours."""


@dataclass(frozen=True, slots=True)
class Status:
    """The process ids of what runs in a home, None for what does not."""

    postgres: int | None
    temporal: int | None


def start(
    home: Path, *, dsn: str | None = None, temporal_address: str | None = None, owned: bool = False
) -> Running:
    """Start what is not given and does not run yet; come back when it answers.

    With `owned`, what this call starts is stopped when this process and all others that asked the
    same are gone. Without, it runs until `stop`, also when an owner had started it.
    """
    home = _made(home)
    if owned:
        own(home)
    with locked(home / "lock"), ThreadPoolExecutor() as both:
        _tie(home, owned=owned)
        database = None if dsn else both.submit(postgres.start, home)
        service = None if temporal_address else both.submit(temporal.start, home)
        return Running(
            dsn=database.result() if database else dsn or "",
            temporal_address=service.result() if service else temporal_address or "",
            ui_url=temporal.ui_url(home) if service else None,
        )


def stop(home: Path) -> None:
    """Stop what runs in `home`; come back when no process is left. The data stay."""
    if home.exists():
        with locked(home / "lock"):
            _stop(home)


def remove(home: Path) -> None:
    """Stop what runs in `home` and delete all its data."""
    if home.exists():
        with locked(home / "lock"):
            _stop(home)
            postgres.remove(home)
            shutil.rmtree(home)


def status(home: Path) -> Status:
    """What runs at this moment."""
    return Status(postgres=postgres.daemon(home).pid, temporal=temporal.daemon(home).pid)


def own(home: Path) -> None:
    """Keep owned servers of `home` alive for as long as this process lives."""
    owners = os.open(_made(home) / "owners", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(owners, fcntl.LOCK_SH)  # Never closed here: the kernel does it when this process ends.


def stop_when_unowned(home: Path) -> None:
    """What the watchdog does: wait for the last owner to go, then stop the servers if still owned."""
    with (home / "owners").open() as owners, suppress(FileNotFoundError):
        fcntl.flock(owners, fcntl.LOCK_EX)
        with locked(home / "lock"):
            if _owned(home).exists():
                _stop(home)


def _made(home: Path) -> Path:
    home = home.absolute()
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ServerError("termwise", f"cannot make its home {home} ({error}); set TERMWISE_HOME") from error
    return home


def _owned(home: Path) -> Path:
    return home / "owned"


def _tie(home: Path, *, owned: bool) -> None:
    """Decide, before anything is started, whether it lives with its owners or until told to stop."""
    if not owned:
        _owned(home).unlink(missing_ok=True)
    elif status(home) == Status(None, None):
        _owned(home).touch()
        rooms = Path(__file__).parents[2]
        detach(
            [sys.executable, "-m", "workers.embedded.watchdog", home],
            log=home / "watchdog.log",
            environment={"PYTHONPATH": str(rooms)},
        )


def _stop(home: Path) -> None:
    temporal.daemon(home).stop()
    postgres.daemon(home).stop()
    _owned(home).unlink(missing_ok=True)
