"""What a command would do, decided on the log as it is now. Nothing is sent."""

from datetime import datetime

from engine.commands import PersonCommand
from engine.decide import decide
from engine.errors import UnknownNameError
from engine.events import Event
from engine.evolve import replay
from workers.pinned import pinned_world
from workers.wiring import Records


async def rehearse(
    records: Records, instance: str, command: PersonCommand, at: datetime
) -> tuple[Event, ...]:
    """The events it would record. Raises RefusedError where it would be refused."""
    state = replay(await records.store.read(instance))
    if state is None:
        raise UnknownNameError("cycle", instance, ())
    return decide(await pinned_world(records, state), state, command, at)
