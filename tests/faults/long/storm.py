"""Writers, readers and a projector at work in processes of their own, while somebody does them harm."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from random import Random
from typing import TypeAlias

from tests.faults.long.checker import Acks, Checked, check
from tests.faults.long.plan import Plan

ROOT = Path(__file__).parents[3]
WRITERS = 32

Harm: TypeAlias = Callable[[], Awaitable[str | None]]
"""Does one thing and says what, or None when there was nobody to do it to."""


@dataclass
class Service:
    """A process that is started again when it was killed."""

    command: tuple[str, ...]
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *self.command, env=environment, cwd=ROOT
        )

    async def kill(self) -> bool:
        """At once and without a word, then again from the beginning. False when it had ended."""
        if self.process is None or self.process.returncode is not None:
            return False
        with suppress(ProcessLookupError):
            self.process.kill()
        if await self.process.wait() != -signal.SIGKILL:
            return False
        await self.start()
        return True

    async def finished(self) -> int:
        """Its exit code, also when it was killed and started again meanwhile."""
        while True:
            assert self.process
            process = self.process
            code = await process.wait()
            if process is self.process and code != -signal.SIGKILL:
                return code
            await asyncio.sleep(0.05)

    async def end(self) -> int:
        assert self.process
        self.process.terminate()
        return await self.process.wait()


@dataclass
class Storm:
    """One run: what is to be written where, and what was done to those who did it."""

    dsn: str
    folder: Path
    plan: Plan
    seed: int = 7
    done: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        plan, package = self.plan, "tests.faults.long"
        self._acks = [self.folder / f"acks-{n}" for n in range(plan.processes)]
        self._seen = [self.folder / f"seen-{n}" for n in range(2)]
        shape = (WRITERS // plan.processes, self.seed, plan.streams, plan.commands, plan.processes)
        self.writers = [
            Service((f"{package}.writing", self.dsn, str(file), str(n), *map(str, shape)))
            for n, file in enumerate(self._acks)
        ]
        self.readers = [Service((f"{package}.following", self.dsn, str(file))) for file in self._seen]
        self.projector = Service((f"{package}.projecting", self.dsn))

    async def run(
        self, harms: Sequence[Harm], pause: float, mended: Callable[[], Awaitable[None]]
    ) -> Checked:
        """Let all work and do harm in turn until everything is written; mend what is broken, then check."""
        for each in (*self.readers, self.projector, *self.writers):
            await each.start()
        over = asyncio.Event()
        harming = asyncio.create_task(self._harm(harms, pause, over))
        codes = await asyncio.gather(*(each.finished() for each in self.writers))
        over.set()
        await harming  # To its end: what it fills, it empties again.
        await mended()
        codes += [await each.end() for each in self.readers]
        assert not any(codes), codes
        # Killed a moment ago, it may not have come so far as to hear that it is asked to end.
        assert await self.projector.end() in (0, -signal.SIGTERM)
        self.acks = Acks.read(self._acks)
        return await check(self.dsn, self.acks, self._seen, self.plan.ids())

    @property
    def writing(self) -> bool:
        """Whether any writer is still at work."""
        return any(each.process is None or each.process.returncode is None for each in self.writers)

    def answered(self, status: str) -> int:
        """How often the writers were given this answer so far."""
        return sum(file.read_text().count(f'"{status}"') for file in self._acks if file.exists())

    async def kill_a_writer(self) -> str | None:
        return "writers killed" if await self._any(self.writers).kill() else None

    async def kill_the_projector(self) -> str | None:
        return "projectors killed" if await self.projector.kill() else None

    def _any(self, services: Sequence[Service]) -> Service:
        return Random(sum(self.done.values())).choice(services)  # noqa: S311

    async def _harm(self, harms: Sequence[Harm], pause: float, over: asyncio.Event) -> None:
        for harm in cycle(harms):
            await asyncio.sleep(pause)
            if over.is_set():
                return
            if did := await harm():
                self.done[did] += 1
