"""What comes from outside: waits and what ends them, and clocks that stand still."""

from typing import Annotated, Literal

from pydantic import JsonValue

from engine.deadlines import Deadline, Moment
from engine.fact import Fact
from engine.model import Model
from engine.personal import THEIR_ANSWERS, THEIRS, Answered
from engine.step_events import Item


class Awaited(Model):
    """An event that ends a wait."""

    event: str
    raised_by: tuple[str, ...] = ()
    match: Annotated[dict[str, JsonValue], Answered()] = {}
    """The values that it must come with."""


class WaitOpened(Fact):
    """The instance waits for an event from outside, a date, or whichever comes first."""

    kind: Literal["wait-opened"] = "wait-opened"
    address: str
    step: str
    event: str | None
    raised_by: tuple[str, ...] = ()
    until: Deadline | None
    school: str | None = None
    awaited: tuple[Awaited, ...] = ()
    """Every event that ends it, where there are several or they must come with values."""
    stopped: tuple[str, ...] = ()
    """The stops that hold its clock from the beginning."""


class WaitEnded(Fact):
    """What was waited for came."""

    kind: Literal["wait-ended"] = "wait-ended"
    address: str
    happened: bool
    """True when the event came, false when the date did."""
    reason: Annotated[str | None, THEIRS] = None
    event: str | None = None
    """Which event it was."""
    values: Annotated[dict[str, JsonValue], Answered()] = {}
    """What was said with it."""


class WaitWithdrawn(Fact):
    """It is no longer waited for."""

    kind: Literal["wait-withdrawn"] = "wait-withdrawn"
    address: str
    reason: Annotated[str, THEIRS]


class EventRaised(Fact):
    """Something happened outside, and the definition says what is to be done about it."""

    kind: Literal["event-raised"] = "event-raised"
    event: str
    of: str
    """What it happened to: `cycle`, `school` or `person`."""
    subject: str = ""
    """Which school or person."""
    do: str
    """What is done about it; the facts that follow say how."""
    reason: Annotated[str, THEIRS]
    values: Annotated[dict[str, JsonValue], THEIR_ANSWERS] = {}


class ClockStopped(Fact):
    """The deadlines of a school, or of all there is, stand still; those of these tasks and waits among them."""

    kind: Literal["clock-stopped"] = "clock-stopped"
    stop: str
    """The name of this stop."""
    event: str
    school: str
    reason: Annotated[str, THEIRS]
    ends_on: str | None = None
    """The event after which the clock goes on."""
    until: Deadline | None = None
    """When it goes on at the latest."""
    exempt: tuple[str, ...] = ()
    """Statuses of deadlines that do not stop."""
    only: tuple[str, ...] = ()
    """The steps whose deadlines stop; all when empty."""
    tasks: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    person: str | None = None
    """Whose process stands still while they are away, at whatever school; `school` is then empty."""


class Rescheduled(Model):
    """The deadline of a task whose clock goes on, and the moments around it that are still to come."""

    task: str
    due: Deadline | None
    undated: str | None = None
    """Why there is no deadline any more: the calendar ends too early."""
    moments: tuple[Moment, ...] = ()
    late: bool = False
    """Whether it was late before; then its deadline has not moved, and it stays late."""


class RescheduledWait(Model):
    """When a wait ends whose clock goes on."""

    address: str
    until: Deadline


class ClockStarted(Fact):
    """The clock of a school goes on. Every deadline moved by the school days for which it had stood still."""

    kind: Literal["clock-started"] = "clock-started"
    stop: str
    event: str | None = None
    """The event that ended the stop; none when its time was over."""
    school: str
    tasks: tuple[Rescheduled, ...] = ()
    waits: tuple[RescheduledWait, ...] = ()


class MatterOpened(Fact):
    """Steps began beside the others, because something happened outside."""

    kind: Literal["matter-opened"] = "matter-opened"
    address: str
    event: str
    item: Item
