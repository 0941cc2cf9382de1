"""A process that follows the log: `python -m tests.faults.long.following DSN FILE`.

It asks for what comes after the last that it saw, writes down what it saw, and ends at SIGTERM when there is no
more. It does not look for holes: a log that lets a reader skip is to be found out by the checker.
"""

import asyncio
import signal
import sys
from pathlib import Path

from storage.database import connect
from storage.errors import StoreUnavailableError
from storage.events import PostgresEventStore


async def main(dsn: str, file: Path) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    store: PostgresEventStore | None = None
    after = 0
    with file.open("w", buffering=1) as seen:
        while True:
            ending = stop.is_set()
            try:
                store = store or PostgresEventStore(await connect(dsn, size=1))
                events = await store.read_all(after, 200)
            except StoreUnavailableError:
                await asyncio.sleep(0.05)
                continue
            for each in events:
                seen.write(f"{each.position} {each.stream} {each.version} {each.command}\n")
                after = each.position
            if ending and not events:
                return
            await asyncio.sleep(0 if events else 0.003)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
