"""Stopping an instance for good."""

from engine.events import InstanceCancelled, TaskWithdrawn
from engine.run import Run


def cancel(run: Run, by: str, reason: str) -> None:
    """Withdraw its open tasks, and end it without an outcome. Its children are cancelled with it."""
    for task in run.state.unfinished:
        run.emit(TaskWithdrawn(at=run.at, by=by, task=task, reason="the cycle was cancelled"))
    run.emit(InstanceCancelled(at=run.at, by=by, reason=reason))
