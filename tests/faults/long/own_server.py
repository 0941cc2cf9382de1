"""A PostgreSQL of one's own, to be treated badly."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import asyncpg

from workers.embedded import postgres, servers
from workers.embedded.daemon import locked

BACKENDS = "select pid from pg_stat_activity where application_name = 'termwise' and pid <> pg_backend_pid()"
TERMINATE = "select pg_terminate_backend($1)"


@dataclass
class OwnServer:
    """Started, killed and started again at the same address."""

    home: Path

    def start(self) -> str:
        """Come back when it answers; its address. Nothing happens where it runs."""
        self.home.chmod(0o755)  # Started by root, PostgreSQL runs as another account and must get in.
        (self.home / "postgres").mkdir(exist_ok=True)
        with locked(self.home / "lock"):
            return postgres.start(self.home)

    def stop(self) -> None:
        servers.stop(self.home)

    @property
    def pid(self) -> int | None:
        return servers.status(self.home).postgres

    async def settle(self) -> None:
        """Start it if it is down, and come back when it lets people in."""
        while True:
            await asyncio.to_thread(self.start)
            with suppress(OSError, asyncpg.PostgresError):
                connection = await asyncpg.connect(postgres.address(self.home))
                await connection.close()
                return
            await asyncio.sleep(0.1)

    async def kill(self) -> str | None:
        """The server itself, with -9; then start it again."""
        if pid := self.pid:
            os.kill(pid, signal.SIGKILL)
            await self.settle()
            return "servers killed with -9"
        await self.settle()
        return None

    async def kill_a_backend(self) -> str | None:
        """One process of the server, with -9: the server throws everybody out and recovers."""
        for pid in await self._backends(1):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                return "backends killed with -9"
        return None

    async def terminate_backends(self) -> str | None:
        """Cut some connections, politely."""
        return "connections cut" if await self._backends(3, terminate=True) else None

    async def _backends(self, most: int, *, terminate: bool = False) -> list[int]:
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            connection = await asyncpg.connect(postgres.address(self.home))
            try:
                pids = [row["pid"] for row in await connection.fetch(BACKENDS)]
                chosen = Random(len(pids)).sample(pids, min(most, len(pids)))  # noqa: S311
                if terminate:
                    await connection.executemany(TERMINATE, [(pid,) for pid in chosen])
                return chosen
            finally:
                await connection.close(timeout=2)
        return []


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """A file system of its own at `folder`, that can be filled. Needs root."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
