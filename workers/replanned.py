"""What another calendar would move: every open deadline, from where to where and why, before anything is changed."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.calendar import Calendar
from engine.date_events import DeadlineMoved
from engine.evolve import replay
from engine.model import Model
from engine.replanning_dates import moved_deadlines
from engine.state import State
from storage.errors import UnknownRecordError
from workers.pinned import pinned_world
from workers.wiring import Records


class WouldMove(Model):
    """One deadline that would be on another day."""

    instance: str
    cycle: str
    """What people call it."""
    school: str | None
    what: str
    """The title of the task; of a wait or a for-each its name."""
    task: str | None
    was: date | None
    due: date | None
    why: str
    back_on: date | None = None
    """When it comes back, if it is put off."""


@dataclass(frozen=True, slots=True)
class Moves:
    """What would move, as far as the reader of the records may see it."""

    seen: tuple[WouldMove, ...]
    unseen: int
    """How many more, of which the reader may not know."""


async def would_move(records: Records, calendar: Calendar, now: datetime) -> Moves:
    """Every deadline of every instance that runs, as far as the projector has come. Nothing is changed."""
    every = await _every(records, calendar, now)
    seen = [each for each in [await _as_seen(records, each) for each in every] if each]
    return Moves(tuple(seen), len(every) - len(seen))


async def _as_seen(records: Records, move: WouldMove) -> WouldMove | None:
    if records.reader.is_operator:
        return move
    try:
        if move.task is None:
            await records.queries.cycle(move.instance)
            return move
        row = await records.queries.task(move.task)
    except UnknownRecordError:
        return None
    return move.model_copy(update={"what": row.title, "cycle": row.cycle})


async def _every(records: Records, calendar: Calendar, now: datetime) -> list[WouldMove]:
    found: list[WouldMove] = []
    for instance in await records.register.running():
        state = replay(await records.store.read(instance))
        if state is None or state.status != "running":
            continue
        world = await pinned_world(records, state)
        facts = moved_deadlines(state, world, replace(world, calendar=calendar), now)
        found += [_told(state, fact) for fact in facts if fact.another_day]
    return found


def _told(state: State, fact: DeadlineMoved) -> WouldMove:
    task = state.tasks[fact.task] if fact.task else None
    wait = state.waits.get(fact.address)
    return WouldMove(
        instance=state.instance,
        cycle=state.started.name,
        school=task.school if task else wait.school if wait else None,
        what=task.title if task else f"the end of {fact.step.replace('_', ' ')}",
        task=fact.task,
        was=fact.was.on if fact.was else None,
        due=fact.due.on if fact.due else None,
        why=fact.due.why if fact.due else "",
        back_on=fact.back_on,
    )
