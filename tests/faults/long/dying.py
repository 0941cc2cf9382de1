"""A process that dies at a given step: forked, so that a hundred of them cost little.

A step is one statement to PostgreSQL, or one of the words that begin and end a transaction. It dies before the
statement is sent, or when it was answered.
"""

import asyncio
import os
import signal
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

from storage.database import Pool, connect

#: Through which of the driver's methods everything goes.
METHODS = ("execute", "executemany", "fetch", "fetchrow", "fetchval")

Work = Callable[[Pool], Awaitable[object]]


def dies(dsn: str, step: int, work: Work, *, answered: bool) -> bool:
    """Do the work in a process that dies at its step; False when it was done before that."""
    child = os.fork()
    if child == 0:
        _count_down(step, answered=answered)
        code = 1
        try:
            asyncio.run(_work(dsn, work))
            code = 0
        except Exception:  # noqa: BLE001 - whatever it is, the parent sees the code and people the cause
            traceback.print_exc()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    died = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert died or os.waitstatus_to_exitcode(status) == 0, status
    return died


async def _work(dsn: str, work: Work) -> None:
    pool = await connect(dsn, size=2)
    await work(pool)
    await pool.close()


def _count_down(step: int, *, answered: bool) -> None:
    left = step

    def counted(real: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def method(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as the driver's
            nonlocal left
            left -= 1
            if left == 0 and not answered:
                os.kill(os.getpid(), signal.SIGKILL)
            answer = await real(*arguments, **options)
            if left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        return method

    for name in METHODS:
        setattr(asyncpg.Connection, name, counted(getattr(asyncpg.Connection, name)))
