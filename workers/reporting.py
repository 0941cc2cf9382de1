"""Reports from the log: read a cycle, gather its facts, make the report."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from engine.access.sight import Sight
from engine.errors import RefusedError, UnknownNameError
from engine.evolve import replay
from engine.people import Directory
from engine.records import Recorded
from engine.state import State
from reports.board import Board, BoardCell
from reports.catalogue import Report, report_kind
from reports.cycle import Cycle
from reports.ledger import PersonWeek
from reports.seeing import seen, sight_of
from storage.views import BoardCell as Cell
from workers.pinned import pinned_world
from workers.wiring import Records

WHOLE_TRUST = "Whole trust"
_COUNTS = ("open", "done", "overdue", "returned", "deferred", "skipped", "lapsed")


async def make_report(records: Records, instance: str, name: str | None = None) -> Report:
    """The report of a cycle, as the log is now. `name` left out is the one its definition names.

    Raises UnknownNameError for a cycle or report that does not exist.
    """
    cycle = await _read(records, instance)
    much = sight_of(cycle, records.reader) if not records.reader.is_operator else Sight.ALL
    if much is Sight.NOTHING or (much is Sight.COUNTED and cycle.root.started.person):
        raise await _unknown(records, instance)
    kind = report_kind(name or _own_report(cycle))
    return kind.make(kind.gather(cycle), much)


async def read_cycle(records: Records, instance: str) -> Cycle:
    """What its reader may see of a cycle and its child instances. Raises UnknownNameError where that is nothing."""
    cycle = seen(await _read(records, instance), records.reader)
    if cycle.sight < Sight.OUTLINE:
        raise await _unknown(records, instance)
    return cycle


async def _unknown(records: Records, instance: str) -> UnknownNameError:
    return UnknownNameError("cycle", instance, [row.id for row in await records.queries.cycles()])


async def _read(records: Records, instance: str) -> Cycle:
    """Everything the log knows of it."""
    log = await records.store.read(instance)
    root = replay(log)
    if root is None:
        raise await _unknown(records, instance)
    everything: list[Recorded] = list(log)
    parts: list[State] = []
    for event in (record.event for record in log if record.event.kind == "child-started"):
        part_log = await records.store.read(event.child)
        part = replay(part_log)
        if part is not None:
            parts.append(part)
            everything += part_log
    everything.sort(key=lambda record: record.position)
    return Cycle(root, tuple(parts), tuple(everything), await pinned_world(records, root))


def _own_report(cycle: Cycle) -> str:
    name = cycle.world.program.definition.report
    if name is None:
        started = cycle.root.started
        raise RefusedError(
            f"{started.title} names no report; say which: `termwise report {started.instance} NAME`"
        )
    return name


def _by_school(cells: Sequence[Cell]) -> Iterator[Cell]:
    """Every task in one cell: of the whole trust's, which count the schools' too, only what is no school's."""
    for cell in cells:
        own = [each for each in cells if each.school and each.stage == cell.stage]
        counts = {
            name: getattr(cell, name) - (0 if cell.school else sum(getattr(each, name) for each in own))
            for name in _COUNTS
        }
        if any(counts.values()):
            yield cell.model_copy(update=counts)


async def read_board(records: Records, directory: Directory, instance: str, now: datetime) -> Board:
    """The board of a cycle. It follows the log within a moment. Raises UnknownRecordError."""
    cycle = await records.queries.cycle(instance)
    cells = [*_by_school(await records.queries.board(cycle.root))]
    shown = await records.queries.schools(cycle)
    names = {key: directory.school(key).name.removesuffix(" Primary School") for key in shown}
    whole = {"": WHOLE_TRUST} if any(not cell.school for cell in cells) else {}
    names |= whole
    return Board(
        title=cycle.name,
        cycle=cycle.id,
        state=cycle.outcome or cycle.state,
        stages=cycle.stages,
        schools=tuple(names.values()),
        unseen=len(cycle.schools) - len(shown),
        cells=tuple(
            BoardCell(
                school=names[cell.school],
                stage=cell.stage,
                open=cell.open,
                done=cell.done,
                overdue=cell.overdue,
                returned=min(cell.returned, cell.open),
                deferred=cell.deferred,
                skipped=cell.skipped,
                unanswered=cell.lapsed,
                waiting_for=tuple(sorted(cell.waiting_for)),
                due=cell.next_due.date() if cell.next_due else None,
            )
            for cell in cells
        ),
        updated=now,
    )


async def person_weeks(
    records: Records, first: date, until: date, person: str | None = None
) -> list[PersonWeek]:
    """Everybody's weeks from the first day to before the other; who may see whose is for the caller to ask."""
    return [
        PersonWeek(
            person=week.person,
            monday=week.monday,
            to_do=week.to_do,
            took=week.took,
            expected=week.done,
            said=week.said,
            tasks=week.tasks,
        )
        for week in await records.workload.weeks(first, until, person)
    ]
