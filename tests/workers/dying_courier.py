"""A courier that is killed: `python dying_courier.py DSN PORT LEASE AFTER`.

It delivers over a real connection, and the letter after AFTER others is its last: the process kills itself
when the mail server has accepted it and the outbox does not know.
"""

import asyncio
import os
import signal
import sys

from engine.people import Directory
from storage.database import connect
from storage.events import PostgresEventStore
from storage.outbox import Message, PostgresOutbox
from storage.queries import Queries
from tests.worlds import directory
from workers.channels import channels
from workers.correspondence import Correspondence
from workers.courier import Courier
from workers.settings import Settings


class DyingOutbox(PostgresOutbox):
    left = 0

    async def sent(self, message: Message, carrier: str) -> None:
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1
        await super().sent(message, carrier)


async def everybody() -> Directory:
    return directory()


async def main(dsn: str, port: str, lease: str, after: str) -> None:
    settings = Settings(smtp_host="127.0.0.1", smtp_port=int(port), smtp_starttls=False)
    pool = await connect(dsn)
    outbox = DyingOutbox(pool, float(lease))
    outbox.left = int(after)
    correspondence = Correspondence(Queries(pool), PostgresEventStore(pool), everybody)
    await Courier(outbox, correspondence, channels(settings)).run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
