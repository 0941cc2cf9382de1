"""What time, the register and other instances tell an instance. Nobody sends these."""

from datetime import datetime
from typing import Literal

from pydantic import JsonValue

from engine.deadlines import Deadline
from engine.order import Order


class RenewInstance(Order):
    """Decide with the calendar and the directory that the register has now. Harmless when it does already."""

    kind: Literal["renew"] = "renew"
    calendar: str
    directory: str


class PassTime(Order):
    """Let the clock reach what was due. Harmless when nothing is."""

    kind: Literal["pass-time"] = "pass-time"


class PassEvent(Order):
    """The instance this one is part of was told that something happened outside."""

    kind: Literal["pass-event"] = "pass-event"
    event: str
    reason: str
    values: dict[str, JsonValue] = {}
    raised_by: str
    """The person who raised it there."""
    until: Deadline | None = None
    """When a clock that it stops goes on at the latest."""


class EndChild(Order):
    """A child reports its end."""

    kind: Literal["end-child"] = "end-child"
    at: datetime
    """When it ended, by its own clock; the parent's time is never earlier."""
    address: str
    child: str
    outcome: str
    values: dict[str, JsonValue]


class EndCall(Order):
    """An activity that was called has given its result, or has failed for good."""

    kind: Literal["end-call"] = "end-call"
    address: str
    attempt: int
    result: JsonValue = None
    why: str | None = None
    """Why it failed; none when it did not."""


class EndRun(Order):
    """A process that is run has ended, has begun and is not waited for, or cannot begin."""

    kind: Literal["end-run"] = "end-run"
    at: datetime
    address: str
    child: str
    attempt: int | None = None
    """Of which attempt to start it this is said; none where it is said of its end."""
    outcome: str = ""
    reports: dict[str, JsonValue] = {}
    why: str | None = None
    """Why it cannot begin."""
