"""What goes into the log and what comes back from it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from engine.commands import StartProcess
from engine.events import Event
from engine.model import Model
from engine.register.standing import Pins
from engine.signing import Signature


class Recorded(Model):
    """One event as the log holds it."""

    position: int
    """Place in the whole log: dense, from 1, in commit order."""
    stream: str
    """The instance id."""
    version: int
    """Place in its stream, from 1."""
    command: UUID
    recorded_at: datetime
    event: Event


class Begins(Model):
    """By whose order an instance begins: it is recorded only when that can be proved."""

    order: StartProcess
    signature: Signature | None = None
    """The person's; none where a worker asks for it."""
    sealed: str | None = None
    """The key of the worker that asked for it."""
    trust: str
    asked_at: datetime
    """When Temporal was asked to start it."""


class StreamCheck(Model):
    """A stream and the version it must have."""

    stream: str
    version: int
    """0: there is no such stream."""


class Append(Model):
    """The events of one command, to be made durable together or not at all."""

    stream: str
    expected: int | None
    """The version the stream must have now; 0 for a new one. None: any, for imports and notes."""
    command: UUID
    """Derived from business identity. A repeat returns the first result for ever."""
    events: tuple[Event, ...]
    checks: tuple[StreamCheck, ...] = ()
    """Further streams, whose version must be so at that moment. Nothing is appended to them."""
    pins: Pins | None = None
    """What the sender decided with; compared with the register before anything is appended. None: it is not."""
    begins: Begins | None = None
    """For the first events of an instance."""


class Appended(Model):
    """What the log answered."""

    status: Literal["appended", "repeated", "conflict", "stale", "refused"]
    version: int
    """appended, repeated: the version after that command. conflict: the version the stream has now.
    stale: the one expected; nothing was appended."""
    events: tuple[Event, ...] = ()
    """repeated: the events of the first time. conflict: those after `expected`. Else none."""
    moved: tuple[StreamCheck, ...] = ()
    """conflict: those of the checks that did not hold, with the version the stream has."""
    pins: Pins | None = None
    """stale: what the register says now."""
    why: str = ""
    """refused: the sentence for whoever asked; nothing was recorded."""
    code: str = ""
    """refused: what a script can match on."""
