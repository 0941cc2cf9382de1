"""A home of embedded servers, and the processes that work in it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from workers.embedded import servers

START = """
import sys, time
from pathlib import Path
from workers.embedded import servers
print(servers.start(Path(sys.argv[1]), owned=sys.argv[2] == "owned").dsn, flush=True)
time.sleep(float(sys.argv[3]))
"""


@contextmanager
def lair() -> Iterator[Path]:
    """A home of its own. Not below pytest's temporary folder, which is closed to other accounts."""
    with TemporaryDirectory(prefix="termwise-test-") as folder:
        Path(folder).chmod(0o755)
        home = Path(folder) / "home"
        yield home
        servers.remove(home)


def processes(home: Path) -> list[str]:
    """The command lines of all processes that work in `home`; the dead are not listed."""
    found = [read(file) for file in Path("/proc").glob("[0-9]*/cmdline")]
    return [command for command in found if str(home) in command]


def read(file: Path) -> str:
    try:
        return file.read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether it does within twenty seconds."""
    deadline = time.monotonic() + 20
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds()


def eventually_no_process(home: Path, named: str = "") -> bool:
    """Whether none is left, or none with that in its command line, within twenty seconds."""
    return eventually(lambda: not [command for command in processes(home) if named in command])


def another_process(home: Path, *, owned: str = "unowned", stay: float = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", START, str(home), owned, str(stay)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


def kill(pid: int | None) -> None:
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
