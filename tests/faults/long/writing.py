"""A process of writers: `python -m tests.faults.long.writing DSN ACKS PROCESS WRITERS SEED STREAMS COMMANDS PROCESSES`.

They know stale versions, give up waiting, ask again, and ask for what was done already. Each answer is in the file of
acknowledgements before the next command is sent, so that what was promised is known though the process is killed.
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from random import Random

from engine.records import Append
from storage.database import connect
from storage.errors import StoreUnavailableError
from storage.events import PostgresEventStore
from tests.faults.long.plan import Plan

#: Seconds a writer rests between two commands, at most; and how long it waits at its most impatient.
REST, IMPATIENT = 0.2, 0.002


#: Of what was acknowledged before this process was killed, the share that it sends again all the same.
AGAIN = 0.05


class Writer:
    """Sends commands until each has its answer, and keeps every answer."""

    def __init__(self, store: PostgresEventStore, acks: int, chance: Random) -> None:
        self._store = store
        self._acks = acks
        self._chance = chance

    async def work(self, plan: Plan, todo: list[tuple[int, int]]) -> None:
        while todo:
            stream, nth = todo.pop()
            await self._persist(plan.start(stream))
            hours = self._chance.choice((0, 0, 0, -9000, 9000))
            asked = plan.append(stream, nth, self._chance.randrange(40), hours)
            await self._persist(asked)
            if self._chance.random() < 0.3:  # As if the answer had been lost on its way.
                await self._persist(asked.model_copy(update={"expected": self._chance.randrange(40)}))
            await asyncio.sleep(self._chance.random() * REST)

    async def _persist(self, asked: Append) -> None:
        while True:
            patience = self._chance.choice((IMPATIENT, None, None, None))
            try:
                answer = await asyncio.wait_for(self._store.append(asked), patience)
            except TimeoutError:
                continue
            except StoreUnavailableError as error:
                # What the driver said: the checker tells how often it was what.
                self._note(asked, type(error.__cause__).__name__, 0)
                await asyncio.sleep(0.05)
                continue
            self._note(asked, answer.status, answer.version)
            if answer.status in ("appended", "repeated"):
                return
            assert answer.status == "conflict", answer
            asked = asked.model_copy(update={"expected": answer.version})

    def _note(self, asked: Append, status: str, version: int) -> None:
        line = json.dumps([str(asked.command), asked.stream, status, version])
        os.write(self._acks, f"{line}\n".encode())


def _promised(acks: Path) -> set[str]:
    """The commands that were answered before this process began."""
    lines = acks.read_text().splitlines() if acks.exists() else []
    told = [json.loads(line) for line in lines]
    return {command for command, _, status, _ in told if status in ("appended", "repeated")}


async def main(dsn: str, acks: Path, shape: tuple[int, ...]) -> None:
    process, writers, seed, *numbers = shape
    plan, chance = Plan(*numbers), Random(seed)  # noqa: S311
    promised = _promised(acks)
    todo = [
        (stream, nth)
        for stream, nth in plan.of(process)
        if chance.random() < AGAIN or str(plan.command(stream, nth)) not in promised
    ]
    chance.shuffle(todo)
    while True:
        try:
            pool = await connect(dsn, size=3)
            break
        except StoreUnavailableError:
            await asyncio.sleep(0.1)
    store = PostgresEventStore(pool)
    file = os.open(acks, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    each = [Writer(store, file, Random(chance.random())) for _ in range(writers)]  # noqa: S311
    await asyncio.gather(*(writer.work(plan, todo) for writer in each))
    await store.settled()
    pool.terminate()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), tuple(map(int, sys.argv[3:]))))
