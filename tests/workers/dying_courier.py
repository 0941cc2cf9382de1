"""A courier that is killed: `python dying_courier.py DSN PORT LEASE AFTER`.

It delivers over a real connection, and the letter after AFTER others is its last: the process kills itself
when the mail server has accepted it and the outbox does not know.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from uuid import UUID

from activities.courier import Round
from storage.database import connect
from storage.outbox import Message, PostgresOutbox
from tests.known import at_ten, known
from workers.courier import with_outbox
from workers.settings import Settings


class DyingOutbox(PostgresOutbox):
    left = 0

    async def sent(self, message: Message, carrier: str, unneeded: Sequence[UUID] = ()) -> None:
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1
        await super().sent(message, carrier, unneeded)


async def main(dsn: str, port: str, lease: str, after: str) -> None:
    settings = Settings(smtp_host="127.0.0.1", smtp_port=int(port), smtp_starttls=False)
    pool = await connect(dsn)
    outbox = DyingOutbox(pool, float(lease))
    outbox.left = int(after)
    it = with_outbox(outbox, settings, pool, known(), clock=at_ten)
    while True:
        await it.round(Round(), asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
