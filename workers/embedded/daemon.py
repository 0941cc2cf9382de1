"""A server that outlives the command that starts it, known to live by the lock it holds.

The server inherits an open, locked file. The kernel drops that lock when the last process that has it
dies, however it dies. So "does it run?" and "is this pid still ours?" have one sure answer: no pid is
ever mistaken for the process that was given the same number later.
"""

import fcntl
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from pwd import struct_passwd
from typing import TypedDict

from engine.errors import TermwiseError

_PATIENCE = 90.0
_LAUNCHES = 3

# The shell leaves at once, so the server is nobody's child: no zombie, nothing to wait for.
_DETACH = '"$@" </dev/null >>"$0" 2>&1 & echo $!'


class ServerError(TermwiseError):
    """An embedded server that cannot be started or stopped."""

    def __init__(self, name: str, problem: str, log: Path | None = None) -> None:
        last = _last_line(log) if log else ""
        where = f" ({last}); its log is {log}" if last else ""
        super().__init__(f"{name} {problem}{where}")


def _last_line(log: Path) -> str:
    with suppress(OSError):
        lines = log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""
    return ""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time for the length of the block; the others wait."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def free_port(wanted: int = 0) -> int:
    """`wanted` if nobody listens there, otherwise one the kernel picks."""
    for port in (wanted, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise ServerError("this machine", "has no free port on 127.0.0.1")


def remembered_ports(file: Path, count: int) -> list[int]:
    """The ports used last time as far as they are free, else others; remembered from now on."""
    known = [int(word) for word in file.read_text().split()] if file.exists() else []
    ports = [free_port(known[n] if n < len(known) else 0) for n in range(count)]
    file.write_text(" ".join(map(str, ports)))
    return ports


class Identity(TypedDict, total=False):
    """The arguments of `subprocess.run` that make a program run as somebody else."""

    user: int
    group: int
    extra_groups: list[int]


def identity(account: struct_passwd | None) -> Identity:
    return Identity(user=account.pw_uid, group=account.pw_gid, extra_groups=[]) if account else Identity()


def detach(
    command: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str],
    account: struct_passwd | None = None,
    keep_open: Sequence[int] = (),
) -> int:
    """Run `command` in a session of its own, output to `log`; returns its pid."""
    shell = subprocess.run(
        ["/bin/sh", "-c", _DETACH, log, *command],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        env=environment,
        pass_fds=keep_open,
        start_new_session=True,
        umask=0o077,
        **identity(account),
    )
    return int(shell.stdout)


@dataclass(frozen=True, slots=True)
class Daemon:
    """One server; `folder` holds its lock and pid, `stop_signal` is what it takes as a polite request."""

    name: str
    folder: Path
    log: Path
    stop_signal: signal.Signals

    @property
    def _lock(self) -> Path:
        return self.folder / "pid"

    @property
    def pid(self) -> int | None:
        """The server's process id while it or a child of it lives."""
        try:
            with self._lock.open() as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return None
        except BlockingIOError:
            return int(self._lock.read_text() or 0) or None
        return None

    def start(self, launch: Callable[[int], int], ready: Callable[[], bool]) -> None:
        """Come back when the server answers. One that dies meanwhile is launched again, a few times.

        `launch` is given the file descriptor that the server must inherit, and returns the pid.
        """
        launches = 0
        deadline = time.monotonic() + _PATIENCE
        while not (self.pid and ready()):
            if time.monotonic() > deadline:
                raise ServerError(self.name, f"runs but does not answer after {_PATIENCE:.0f} s", self.log)
            if self.pid is None:
                if launches == _LAUNCHES:
                    raise ServerError(self.name, "does not start", self.log)
                self._launch(launch)
                launches += 1
            time.sleep(0.05)

    def _launch(self, launch: Callable[[int], int]) -> None:
        with self._lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(str(launch(file.fileno())))

    def stop(self) -> None:
        """Come back when no process of the server is left; nothing happens if there was none."""
        for request in (self.stop_signal, signal.SIGKILL):
            deadline = time.monotonic() + _PATIENCE / 3
            if pid := self.pid:
                with suppress(ProcessLookupError):
                    os.kill(pid, request)
            while self.pid and time.monotonic() < deadline:
                time.sleep(0.02)
        if self.pid:
            raise ServerError(self.name, f"does not stop; end process {self.pid} by hand", self.log)
