"""Withdrawing blocks: whatever is open in them is no longer asked of anybody, and the log says why."""

from collections.abc import Callable, Collection, Iterator

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


def withdraw(run: Run, blocks: Collection[str], reason: str) -> None:
    """Withdraw all that is open in these blocks, however deep; `addresses.ROOT` is the whole instance.

    Costs one look at everything that is open in the instance, however many blocks there are.
    """
    wanted = frozenset(blocks)
    run.leave(wanted)
    for event in list(_open(run, lambda address: not wanted.isdisjoint(addresses.around(address)), reason)):
        run.emit(event)


def _open(run: Run, inside: Callable[[str], bool], reason: str) -> Iterator[Event]:
    """The events that withdraw everything that is open at the addresses meant."""
    state, at, by = run.state, run.at, TERMWISE
    for task in state.unfinished:
        if inside(state.tasks[task].address):
            yield TaskWithdrawn(at=at, by=by, task=task, reason=reason)
    for address in sorted(filter(inside, state.waits)):
        yield WaitWithdrawn(at=at, by=by, address=address, reason=reason)
    for address in sorted(filter(inside, state.calls)):
        yield CallWithdrawn(at=at, by=by, address=address, reason=reason)
    for address in sorted(filter(inside, _for_eaches(run))):
        # Its deadline would otherwise still come, and somebody could still join.
        step = state.composites[address].step
        yield Joined(at=at, by=by, address=address, step=step, missing=(), because=reason)
    for child, asked in sorted(state.runs.items()):
        if not asked.began and inside(asked.address):
            yield RunWithdrawn(at=at, by=by, address=asked.address, child=child, reason=reason)
    for child, address in sorted(state.children.items()):
        if inside(address):
            yield ChildWithdrawn(at=at, by=by, address=address, child=child, reason=reason)


def _for_eaches(run: Run) -> Iterator[str]:
    """The addresses of those that run."""
    steps = run.world.program.steps
    for address, composite in run.state.composites.items():
        if composite.open and composite.step in steps and steps[composite.step].kind == "for_each":
            yield address
