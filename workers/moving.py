"""Which running instances there are, and whether each could move to another version."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.definition.program import Program
from engine.evolve import replay
from engine.state import State
from engine.versions.differences import Change, differences
from engine.versions.moving import Move, plan
from engine.world import World
from storage.views import CycleRow
from workers.pinned import pinned_world
from workers.wiring import Records


@dataclass(frozen=True, slots=True)
class Standing:
    """One running instance that has another version, or other people and dates, than it should."""

    state: State
    world: World
    """What it has now."""
    row: CycleRow
    migrations: int
    """How often it has moved so far."""
    move: Move
    """What moving it would come to."""


async def running_instances(
    records: Records,
    program: Program,
    *,
    school: str | None = None,
    cycle: str | None = None,
) -> list[Standing]:
    """Those of the program's process that do not have it yet, oldest cycle first, each before its own parts.

    `school`: only what is this school's alone. `cycle`: only this cycle with its parts, or only this part.
    """
    rows = [
        row
        for row in reversed(await records.queries.cycles("running", limit=1_000_000))
        if row.process == program.definition.process
        and (cycle is None or cycle in {row.id, row.root})
        and (school is None or row.schools == (school,))
    ]
    known: dict[str, Sequence[Change]] = {}
    found = [await _standing(records, row, program, known) for row in rows]
    return [each for each in found if each is not None]


async def _standing(
    records: Records,
    row: CycleRow,
    program: Program,
    known: dict[str, Sequence[Change]],
) -> Standing | None:
    log = await records.store.read(row.id)
    state = replay(log)
    if state is None or state.status != "running":
        return None  # It has ended since the list was made.
    world = await pinned_world(records, state)
    new = World(program, world.calendar, world.directory)
    if new.program.digest == world.program.digest:
        return None
    old = world.program.digest
    if old not in known:
        known[old] = differences(world.program.definition, program.definition)
    moved = sum(record.event.kind == "instance-migrated" for record in log)
    return Standing(state, world, row, moved, plan(state, world, new, known[old]))
