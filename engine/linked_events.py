"""What is done elsewhere for an instance: children, activities and other processes."""

from typing import Annotated, Literal

from pydantic import JsonValue

from engine.fact import Fact
from engine.personal import WORDS, Answered
from engine.step_events import Item


class ChildStarted(Fact):
    """A part runs as an instance of its own. Recorded first; the workflow then starts it."""

    kind: Literal["child-started"] = "child-started"
    address: str
    child: str
    item: Item


class ChildEnded(Fact):
    """The child reported its end."""

    kind: Literal["child-ended"] = "child-ended"
    address: str
    child: str
    outcome: str
    values: Annotated[dict[str, JsonValue], Answered()]


class ChildWithdrawn(Fact):
    """The work goes on without this child. Recorded first; the workflow then cancels it."""

    kind: Literal["child-withdrawn"] = "child-withdrawn"
    address: str
    child: str
    reason: Annotated[str, WORDS]


class CallRequested(Fact):
    """An activity is to be called. Recorded first; the workflow then calls it."""

    kind: Literal["call-requested"] = "call-requested"
    address: str
    step: str
    activity: str
    arguments: Annotated[dict[str, JsonValue], Answered()]
    attempt: int
    """From 1; another begins when the owner wants it tried again."""
    at_most: int
    first_seconds: int
    timeout_seconds: int


class CallFinished(Fact):
    """The activity gave its result."""

    kind: Literal["call-finished"] = "call-finished"
    address: str
    result: Annotated[JsonValue, WORDS]


class CallFailed(Fact):
    """The activity failed as often as it may."""

    kind: Literal["call-failed"] = "call-failed"
    address: str
    attempt: int
    why: Annotated[str, WORDS]


class CallWithdrawn(Fact):
    """The work goes on without this call. Recorded first; the workflow then cancels it."""

    kind: Literal["call-withdrawn"] = "call-withdrawn"
    address: str
    reason: Annotated[str, WORDS]


class RunRequested(Fact):
    """Another process is to be started. Recorded first; the workflow then starts it."""

    kind: Literal["run-requested"] = "run-requested"
    address: str
    step: str
    process: str
    child: str
    """The id that its key gives it."""
    definition: str
    inputs: Annotated[dict[str, JsonValue], Answered()]
    school: str | None
    wait: bool
    cancel: Literal["with parent", "never"]
    attempt: int


class RunFinished(Fact):
    """The process ended; or it began, where it is not waited for."""

    kind: Literal["run-finished"] = "run-finished"
    address: str
    child: str
    outcome: str
    reports: Annotated[dict[str, JsonValue], Answered()] = {}


class RunFailed(Fact):
    """The process could not be started."""

    kind: Literal["run-failed"] = "run-failed"
    address: str
    step: str
    child: str
    attempt: int
    why: Annotated[str, WORDS]


class RunWithdrawn(Fact):
    """The work goes on without this process. Recorded first; the workflow then cancels it, if it is to be."""

    kind: Literal["run-withdrawn"] = "run-withdrawn"
    address: str
    child: str
    reason: Annotated[str, WORDS]
