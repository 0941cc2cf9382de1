"""What an instance decides with: its pinned definition, the calendar and the directory it was given."""

from dataclasses import dataclass

from engine.calendar import Calendar
from engine.definition.program import Program
from engine.people import Directory

#: The rules of this engine. A change of behaviour raises it and keeps the old way for older instances.
ENGINE_VERSION = 1


@dataclass(frozen=True, slots=True)
class World:
    """Pinned by content digests in the instance's first event; replaced only by an event."""

    program: Program
    calendar: Calendar
    directory: Directory
