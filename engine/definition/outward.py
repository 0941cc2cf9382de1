"""The grammar of steps that reach beyond the instance: activities that are called, processes that are run."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from engine.definition.values import Expr, Key, Name, Stage, StepName
from engine.model import Model

Activity = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,99}$")]
"""As its author named it: `fetch_figures`."""
OnFailure = Literal["ask", "go on"]


class Retry(Model):
    """How often a call is tried before it counts as failed. The pause doubles each time, up to an hour."""

    at_most: Annotated[int, Field(ge=1, le=100)] = 5
    """Tries in all."""
    first_seconds: Annotated[int, Field(ge=1, le=3_600)] = 1
    """The pause after the first try."""


class CallStep(Model):
    """Have an activity of a plug-in do something, and go on with what it gives."""

    call: StepName
    activity: Activity
    """Which activity, as its author named it."""
    args: dict[Name, Expr] = Field(default={}, alias="with")
    """What it is given: one map of these names and values; nothing at all when there are none."""
    retry: Retry = Retry()
    """How often it is tried before it counts as failed."""
    timeout_seconds: Annotated[int, Field(ge=1, le=86_400)] = 60
    """For one try."""
    on_failure: OnFailure = "ask"
    """`ask`: the owner decides, in a task of their own, whether to try again or to go on without."""
    stage: Stage = None


class RunStep(Model):
    """Start another process as a cycle of its own, and wait for its end or not."""

    run: StepName
    process: Key
    """The definition that there is when the cycle around this step is started."""
    set: dict[Name, Expr] = {}
    """Its inputs."""
    wait: bool = True
    """Whether to go on only at its end."""
    school: Expr | None = None
    """The school whose work it is; what its own inputs say when left out."""
    cancel: Literal["with parent", "never"] | None = None
    """Whether cancelling this cycle cancels it too. Left out: with the parent if that waits for it."""
    on_failure: OnFailure = "ask"
    """What follows when it cannot be started, as for a call."""
    stage: Stage = None
