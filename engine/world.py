"""What an instance decides with: its pinned definition, the calendar and the directory it was given."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.calendar import Calendar
from engine.definition.program import Program
from engine.errors import UnknownNameError
from engine.people import Directory

#: The rules of this engine. A change of behaviour raises it and keeps the old way for older instances.
ENGINE_VERSION = 1


@dataclass(frozen=True, slots=True)
class World:
    """Pinned by content digests in the instance's first event; replaced only by an event."""

    program: Program
    calendar: Calendar
    directory: Directory
    processes: Mapping[str, Program] = field(default_factory=dict)
    """The definitions that it, and those it runs, may run."""

    def running(self, process: str) -> "World":
        """The world of a process that this one runs. Raises UnknownNameError."""
        if process not in self.processes:
            raise UnknownNameError("process pinned with this cycle", process, self.processes)
        others = {key: program for key, program in self.processes.items() if key != process}
        return replace(self, program=self.processes[process], processes=others)
