"""Withdrawing a block: whatever is open in it is no longer asked of anybody, and the log says why."""

from collections.abc import Iterator

from engine import addresses
from engine.events import (
    TERMWISE,
    CallWithdrawn,
    ChildWithdrawn,
    Event,
    Joined,
    RunWithdrawn,
    TaskWithdrawn,
    WaitWithdrawn,
)
from engine.run import Run


def withdraw(run: Run, block: str, reason: str) -> None:
    """Withdraw all that is open in a block, however deep; `addresses.ROOT` is the whole instance.

    Costs a look at everything that is open in the instance.
    """
    run.leave(block)
    for address, event in list(_open(run, reason)):
        if addresses.under(address, block):
            run.emit(event)


def _open(run: Run, reason: str) -> Iterator[tuple[str, Event]]:
    """Everything that is open in the instance: where, and the event that withdraws it."""
    state, at, by = run.state, run.at, TERMWISE
    for task in state.unfinished:
        yield state.tasks[task].address, TaskWithdrawn(at=at, by=by, task=task, reason=reason)
    for address in sorted(state.waits):
        yield address, WaitWithdrawn(at=at, by=by, address=address, reason=reason)
    for address in sorted(state.calls):
        yield address, CallWithdrawn(at=at, by=by, address=address, reason=reason)
    for address, each in sorted(state.composites.items()):
        # Its deadline would otherwise still come.
        if each.until and each.open:
            yield address, Joined(at=at, by=by, address=address, step=each.step, missing=(), because=reason)
    for child, asked in sorted(state.runs.items()):
        if not asked.began:
            yield asked.address, RunWithdrawn(at=at, by=by, address=asked.address, child=child, reason=reason)
    for child, address in sorted(state.children.items()):
        yield address, ChildWithdrawn(at=at, by=by, address=address, child=child, reason=reason)
