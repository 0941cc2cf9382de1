"""What a change of the register would do to open work: for those who look before they change it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from engine.access.sight import Sight
from engine.events import TaskReplanned
from engine.evolve import replay
from engine.model import Model
from engine.people import Directory
from engine.register.register import Register
from engine.register.touched import touched
from engine.renewing import rehearse
from engine.state import State
from engine.timezone import local_date
from engine.versions.moving import unknown_in
from reports.seeing import sight_of_task
from workers.pinned import pinned_world
from workers.wiring import Records


class Consequence(Model):
    """What would happen to one open task of one person."""

    person: str | None
    """The opaque id of whoever is asked now; None where nobody is."""
    task: str
    title: str
    instance: str
    cycle: str
    """Its name."""
    what: str
    """In words: `goes to Rosa Quist: Ewan Macrae has left Brook Lane`."""
    to: tuple[str, ...] = ()
    """The opaque ids of those who would be asked."""


class Consequences(Model):
    """What would happen, as far as whoever reads the records may see it."""

    seen: tuple[Consequence, ...]
    unseen: int
    """How many others there are."""


async def consequences(
    records: Records, old: Register, new: Directory, at: datetime | None = None
) -> Consequences:
    """What would happen to open work if the register said this from now on; by instance and task.

    Nothing is changed. Raises StoreUnavailableError.
    """
    now = at or datetime.now(UTC)
    found: list[Consequence] = []
    unseen = 0
    for instance in await records.register.asked(touched(old.directory, new, local_date(now))):
        state = replay(await records.store.read(instance))
        if state is None or state.status != "running":
            continue
        world = await pinned_world(records, state)
        after = replace(world, directory=new)
        if any(unknown_in(after, state)):
            continue  # It is another trust's, and will not follow.
        for event in rehearse(state, world, after, now):
            if isinstance(event, TaskReplanned):
                if sight_of_task(records.reader, state, event.task) < Sight.ANSWERS:
                    unseen += 1
                else:
                    found += _of(state, event, new)
    return Consequences(seen=tuple(found), unseen=unseen)


def _of(state: State, event: TaskReplanned, new: Directory) -> Iterator[Consequence]:
    task = state.tasks[event.task]
    names = " or ".join(new.person(each).name for each in event.to or event.candidates)
    goes = (
        f"{'goes' if event.to else 'is left'} to {names}"
        if names
        else "can be asked of nobody, and its owner is told"
    )
    # For who is asked still, nothing changes.
    for person in [each for each in task.asked if each not in event.candidates] or (None,):
        yield Consequence(
            person=person,
            task=task.id,
            title=task.title,
            instance=state.instance,
            cycle=state.started.name,
            what=f"{goes}: {event.reason}",
            to=event.candidates,
        )
