"""What an instance decides with: its pinned definition, the calendar and the directory it was given."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.calendar import Calendar
from engine.definition.program import Program
from engine.errors import RefusedError, UnknownNameError
from engine.people import Directory

#: The rules of this engine. A change of behaviour raises it and keeps the old way for older instances.
ENGINE_VERSION = 2
#: Since this one, late tasks go up a ladder although their definition names nobody.
LADDERS = 2
#: Since this one, who was asked for a role does nothing with it once they no longer hold it.
ROLES_TODAY = 2


def require_known(engine: int) -> None:
    """Refuse rules that are not known here. A command carries those of its day: so a history stays as it was."""
    if not 1 <= engine <= ENGINE_VERSION:
        raise RefusedError(
            f"this needs the rules of engine {engine}, and this worker knows those up to {ENGINE_VERSION}; "
            "install the newer termwise where the worker runs"
        )


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
