"""A process that keeps the read models, as the service does: `python -m tests.faults.long.projecting DSN`."""

import asyncio
import signal
import sys

from storage.database import connect
from storage.errors import StoreUnavailableError
from storage.projector import Projector


async def main(dsn: str) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    while not stop.is_set():
        try:
            pool = await connect(dsn, size=12)
        except StoreUnavailableError:
            await asyncio.sleep(0.1)
            continue
        await Projector(pool).run(stop)
        pool.terminate()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
