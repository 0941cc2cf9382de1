"""A cycle as one person may see it: what they may not see is not in it."""

from dataclasses import replace

from engine import addresses
from engine.access.reader import Reader
from engine.access.sight import Matter, Sight, sight
from engine.events import Event, InstanceCancelled, InstanceEnded, InstanceMigrated, InstanceStarted
from engine.state import State, Task
from reports.cycle import Cycle

#: What is told of an instance to whoever knows that it is.
_OUTLINE = (InstanceStarted, InstanceEnded, InstanceCancelled, InstanceMigrated)


def seen(cycle: Cycle, reader: Reader) -> Cycle:
    """The cycle with the events that the reader may see, and how much of the whole that is.

    A task's events are seen where all of the task is; other events where the answers of the instance are.
    """
    if reader.is_operator:
        return cycle
    states = {state.instance: state for state in (cycle.root, *cycle.parts)}
    log = tuple(record for record in cycle.log if _sees(reader, states[record.stream], record.event))
    return replace(cycle, log=log, sight=sight_of(cycle, reader), hidden=len(cycle.log) - len(log))


def sight_of(cycle: Cycle, reader: Reader) -> Sight:
    """How much of the cycle as a whole the reader sees; an outline where they see something in it."""
    root = cycle.root.started
    schools = {school for state in (cycle.root, *cycle.parts) for school in state.started.schools}
    whole = _of_instance(reader, cycle.root)
    somewhere = max((sight(reader, _matter(cycle.root, school)) for school in schools), default=Sight.NOTHING)
    party = root.by in reader.people or any(
        sight_of_task(reader, state, task) is Sight.ALL
        for state in (cycle.root, *cycle.parts)
        for task in state.tasks
    )
    return max(whole, min(somewhere, Sight.OUTLINE), Sight.OUTLINE if party else Sight.NOTHING)


def sight_of_task(reader: Reader, state: State, task: str) -> Sight:
    """How much of one task of an instance the reader sees."""
    return sight(reader, _task(state, state.tasks[task]))


def sight_of_event(reader: Reader, state: State, event: Event) -> Sight:
    """How much the reader sees of what an event of this instance is about: its task, or the instance."""
    task = getattr(event, "task", "")
    return sight_of_task(reader, state, task) if task in state.tasks else _of_instance(reader, state)


def _sees(reader: Reader, state: State, event: Event) -> bool:
    return isinstance(event, _OUTLINE) or sight_of_event(reader, state, event) >= Sight.ANSWERS


def _of_instance(reader: Reader, state: State) -> Sight:
    schools = state.started.schools
    return sight(reader, _matter(state, schools[0] if len(schools) == 1 else None))


def _matter(state: State, school: str | None) -> Matter:
    started = state.started
    return Matter(
        confidentiality=started.confidentiality,
        about=started.about,
        person=started.person,
        owner_role=started.owner_role,
        school=school,
    )


def _task(state: State, task: Task) -> Matter:
    asked = frozenset(filter(None, (*task.asked, task.done_by)))
    year_group = state.value(addresses.scope_of(task.address), "year_group")
    return replace(
        _matter(state, task.school),
        year_group=year_group if isinstance(year_group, str) else None,
        parties=asked,
        process=state.started.process,
        roles=frozenset(task.role.split(" or ")),
    )
