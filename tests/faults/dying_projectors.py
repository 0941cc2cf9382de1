"""Projectors that kill themselves, one after the other, each a little later in its work: `... DSN`.

Half follow the log; half make tables anew, and the next goes on where one died. It prints how many were killed.
"""

import asyncio
import os
import signal
import sys

from asyncpg.connection import Connection

from storage.database import connect
from storage.projections import FOLLOWING, INLINE
from storage.projector import advance
from storage.rebuild import rebuild

DEATHS = 24
#: Events taken in at a time.
FEW = 3


async def follow(dsn: str) -> None:
    pool = await connect(dsn)
    while any([await advance(pool, each, FEW) for each in FOLLOWING]):
        pass


async def make_anew(dsn: str) -> None:
    pool = await connect(dsn)
    for each in (*INLINE, *FOLLOWING):
        await rebuild(pool, each, anew=False)


def die_at(statement: int) -> None:
    """Be killed before that statement is sent, whichever it is."""
    left = iter(range(statement))
    execute, fetch = Connection.execute, Connection._execute

    def count() -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    async def counted_execute(self: Connection, *given: object, **named: object) -> object:  # type: ignore[type-arg]
        count()
        return await execute(self, *given, **named)  # type: ignore[arg-type]

    async def counted_fetch(self: Connection, *given: object, **named: object) -> object:  # type: ignore[type-arg]
        count()
        return await fetch(self, *given, **named)  # type: ignore[attr-defined]

    Connection.execute = counted_execute  # type: ignore[method-assign, assignment]
    Connection._execute = counted_fetch  # type: ignore[attr-defined]


def main(dsn: str) -> None:
    killed = 0
    for number in range(DEATHS):
        # A process of its own, already loaded: what dies is as real, and costs a hundredth of the time.
        child = os.fork()
        if child == 0:
            die_at(5 + 7 * number)
            asyncio.run(follow(dsn) if number % 2 else make_anew(dsn))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    print(killed)  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main(*sys.argv[1:])
