"""What a read model is: tables, and how events change them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.records import Recorded
from storage.database import Connection


@dataclass(frozen=True)
class Projection:
    """A read model made from the log alone, so that it can be dropped and made again.

    `apply` is given every event once, in runs of any length, inside the transaction that also moves the
    projection's checkpoint. Events of one stream come in order; those of a stream that was parked come after
    later ones of others. It must come to the same rows however the log is cut into runs. It names its own
    tables without a schema: a rebuild and a check put others in front of them.
    """

    name: str
    version: int
    """Raise it when `apply` or a table changes: the projector then makes the tables anew."""
    tables: Mapping[str, Sequence[str]]
    """Each table, and which of its columns follow from the log; none named means all."""
    apply: Callable[[Connection, Sequence[Recorded]], Awaitable[None]]
    forget: Callable[[Connection, Sequence[Recorded]], Awaitable[None]] | None = None
    """Where rows quote people: takes out what facts of erasing and disposing let nobody read any more. `apply` does it
    when such a fact comes by; it is repeated for what a stream that waited has written since."""
    inline: bool = False
    """Kept by the append itself, and so never behind. Its table has the columns `instance` and `position`."""
    keeps: bool = False
    """Its rows also remember what was done with them: a rebuild adds what is missing, and removes nothing."""
    gate: str | None = None
    """Where rows make something happen outside: marks those made anew, of events up to position `$1`, as done."""
