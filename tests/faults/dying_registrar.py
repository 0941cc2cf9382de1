"""A worker that is killed when it is about to move the register's row: its facts are in the log, and nothing else."""

import asyncio
import dataclasses
import os
import signal
import sys

from engine.register.standing import Standing
from storage.register import PostgresRegister
from tests.desk import open_desk


class DyingRegister(PostgresRegister):
    """Moves the row up to a version, and dies at the next."""

    last = 0

    async def move(self, standing: Standing) -> None:
        if standing.version > self.last:
            os.kill(os.getpid(), signal.SIGKILL)
        await super().move(standing)


async def main(dsn: str, address: str, queue: str, last: str) -> None:
    async with open_desk(dsn, address) as desk:
        register = DyingRegister(desk.records.pool)
        register.last = int(last)
        desk.records = dataclasses.replace(desk.records, register=register)
        desk.queue = queue
        async with desk.worker():
            print("ready", flush=True)  # noqa: T201 - the test waits for it
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
