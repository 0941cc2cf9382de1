"""Cycles and tasks as people type them: an id, or its beginning."""

from engine import library
from engine.definition.model import TaskStep
from engine.definition.program import Program
from engine.errors import UnknownNameError
from engine.register.fact import REGISTER
from storage.errors import AmbiguousIdError
from storage.views import CycleRow, TaskRow
from workers.wiring import Records


async def find_cycle(records: Records, typed: str) -> str:
    """The id of the instance that is meant: this one, or the only one whose id begins or ends so.

    Raises UnknownNameError, which suggests the nearest, or AmbiguousIdError.
    """
    if typed != REGISTER and await records.store.version(typed):
        return typed
    rows = await records.queries.cycles()
    found = [row.id for row in rows if _fits(row, typed)]
    if len(found) > 1:
        raise AmbiguousIdError(f"{typed!r} may be {', '.join(found[:5])}; type more of it")
    if not found:
        raise UnknownNameError("cycle", typed, [row.id for row in rows])
    return found[0]


def _fits(row: CycleRow, typed: str) -> bool:
    # A part is meant only when its own name is typed: its cycle's id begins as it does.
    return bool(typed) and (row.id.endswith(typed) or (row.root == row.id and row.id.startswith(typed)))


async def pinned_program(records: Records, digest: str) -> Program:
    """The definition that instances keep for life, whatever happened to its file."""
    program = library.put("definition", digest, await records.documents.get(digest))
    if not isinstance(program, Program):
        raise TypeError(digest)
    return program


def task_step(program: Program, row: TaskRow) -> TaskStep:
    """What the definition says of a task."""
    spec = program.steps[row.step].spec
    if not isinstance(spec, TaskStep):
        raise TypeError(row.step)
    return spec
