"""What the writers of a storm are to do: known beforehand, so that a checker knows what must be there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

from engine.records import Append
from tests.storage.facts import append, claimed, completed, opened, started

_COMMANDS = UUID("7465726d-7769-5365-8000-000073746f72")


@dataclass(frozen=True)
class Plan:
    """So many commands in so many streams; each command is given to two processes, so that they quarrel over it."""

    streams: int
    commands: int
    processes: int = 4

    def ids(self) -> set[UUID]:
        """Every command that must be in the log at the end."""
        return {
            self.command(stream, nth) for stream in range(self.streams) for nth in range(self.commands + 1)
        }

    def of(self, process: int) -> Iterator[tuple[int, int]]:
        """Stream and number of each command that this process sends."""
        for stream in range(self.streams):
            for nth in range(1, self.commands + 1):
                if process in ((stream + nth) % self.processes, (stream + nth + 1) % self.processes):
                    yield stream, nth

    def command(self, stream: int, nth: int) -> UUID:
        """The same in every process."""
        return uuid5(_COMMANDS, f"{stream}/{nth}")

    def start(self, stream: int) -> Append:
        """What must come first in a stream; all who write there try it."""
        name = f"storm:{stream}"
        return self._named(append(name, 0, started(name)), stream, 0)

    def append(self, stream: int, nth: int, expected: int, hours: int) -> Append:
        """One to three events, at a time of a client whose clock is so many hours wrong."""
        task = f"s{stream}n{nth}"
        every = [opened(task), claimed(task), completed(task)][: 1 + nth % 3]
        events = [each.model_copy(update={"at": each.at + timedelta(hours=hours)}) for each in every]
        return self._named(append(f"storm:{stream}", expected, *events), stream, nth)

    def _named(self, asked: Append, stream: int, nth: int) -> Append:
        return asked.model_copy(update={"command": self.command(stream, nth)})
