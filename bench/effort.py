"""How long is looked at everything."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """How often each thing is measured, and how long each look takes."""

    histories: int
    """Whole processes whose history is counted; they hardly differ."""
    rounds: int
    """Pairs of alternating slices."""
    tasks: int
    """Tasks a client completes in a slice; at most as many as the chain has, less one."""
    seconds: float
    """How long a slice of appends or of engine commands takes."""


FULL = Effort(histories=3, rounds=24, tasks=30, seconds=1.0)
QUICK = Effort(histories=1, rounds=3, tasks=10, seconds=0.2)
