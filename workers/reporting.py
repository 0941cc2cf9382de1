"""Reports from the log: read a cycle, gather its facts, make the report."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from engine.access.sight import Sight
from engine.errors import RefusedError, UnknownNameError
from engine.evolve import replay
from engine.people import Directory
from engine.records import Recorded
from reports.board import Board, BoardCell
from reports.catalogue import Report, report_kind
from reports.cycle import Cycle
from reports.ledger import PersonWeek
from reports.seeing import seen, sight_of
from storage.errors import UnknownRecordError
from storage.seen import SeenQueries
from storage.views import BoardCell as Cell
from workers.pinned import pinned_world
from workers.wiring import Records

WHOLE_TRUST = "Whole trust"
_COUNTS = ("open", "done", "overdue", "returned", "deferred", "skipped", "lapsed")


async def make_report(records: Records, instance: str, name: str | None = None) -> Report:
    """The report of a cycle, as the log is now or was at the moment of the records.

    `name` left out is the one its definition names.

    Raises UnknownNameError for a cycle or report that does not exist, UnknownRecordError where it had not begun.
    """
    log = await _whole_log(records, instance)
    much = Sight.ALL
    if not records.reader.is_operator:
        now = await _cycle(records, log)
        much = sight_of(now, records.reader)
        if much is Sight.NOTHING or (much is Sight.COUNTED and now.root.started.person):
            raise await _unknown(records, instance)
    cycle = await _cycle(records, _known(records, instance, log))
    kind = report_kind(name or _own_report(cycle))
    return kind.make(kind.gather(cycle), much)


async def read_cycle(records: Records, instance: str) -> Cycle:
    """What its reader may see of a cycle and its child instances, as it is or was at the moment of the records.

    How much that is, is judged as things are now. Raises UnknownNameError where it is nothing, UnknownRecordError
    where it had not begun.
    """
    log = await _whole_log(records, instance)
    now = seen(await _cycle(records, log), records.reader)
    if now.sight < Sight.OUTLINE:
        raise await _unknown(records, instance)
    if records.moment is None:
        return now
    then = await _cycle(records, _known(records, instance, log))
    shown = tuple(filter(records.moment.has, now.log))
    return replace(then, log=shown, sight=now.sight, hidden=len(then.log) - len(shown))


async def read_whole(records: Records, instance: str) -> Cycle:
    """Everything that the log knows of it, whoever may see that. Raises UnknownNameError."""
    return await _cycle(records, await _whole_log(records, instance))


async def _unknown(records: Records, instance: str) -> UnknownNameError:
    today = SeenQueries(records.pool, records.reader)
    return UnknownNameError("cycle", instance, [row.id for row in await today.cycles()])


async def _whole_log(records: Records, instance: str) -> list[Recorded]:
    """Everything that the log knows of the instance and its parts, each with its own events in order."""
    log = await records.store.read(instance)
    if not log:
        raise await _unknown(records, instance)
    parts = [record.event.child for record in log if record.event.kind == "child-started"]
    for part in parts:
        log += await records.store.read(part)
    return log


def _known(records: Records, instance: str, log: Sequence[Recorded]) -> Sequence[Recorded]:
    """What of it was known at the moment of the records."""
    if records.moment is None:
        return log
    found = [record for record in log if records.moment.has(record)]
    if not found or found[0].stream != instance:
        raise UnknownRecordError(f"{instance!r} had not begun yet; leave out the day to see it")
    return found


async def _cycle(records: Records, log: Sequence[Recorded]) -> Cycle:
    """What these events come to; the first is the cycle's own start."""
    streams: dict[str, list[Recorded]] = {}
    for record in log:
        streams.setdefault(record.stream, []).append(record)
    root, *parts = [state for each in streams.values() if (state := replay(each))]
    return Cycle(
        root,
        tuple(parts),
        tuple(sorted(log, key=lambda record: record.position)),
        await pinned_world(records, root),
        known_on=records.known_on,
    )


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
    """The board of a cycle, as it is or was at the moment of the records. It follows the log within a moment.

    Raises UnknownRecordError.
    """
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
