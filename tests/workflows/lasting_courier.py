"""A courier's worker that runs until it is killed: `python lasting_courier.py DSN TEMPORAL PORT QUEUE`."""

import asyncio
import sys

from storage.database import connect
from tests.known import at_ten, known
from workers import temporal
from workers.courier import courier
from workers.couriering import courier_worker
from workers.settings import Settings


async def main(dsn: str, address: str, port: str, queue: str) -> None:
    settings = Settings(smtp_host="127.0.0.1", smtp_port=int(port), smtp_starttls=False)
    it = courier(settings, await connect(dsn), known(), clock=at_ten, lease=2.0)
    client = await temporal.connect({"target_host": address})
    await courier_worker(client, it, queue).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
