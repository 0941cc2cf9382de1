"""Lists and boards as they were at an earlier moment, folded anew from the log up to there.

How much a reader sees is judged as things are today, so that nothing is shown of an earlier day that is not shown now.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from engine.access.reader import Reader
from engine.access.sight import Sight
from engine.model import Model
from engine.records import Recorded
from storage.database import Connection, Pool
from storage.errors import UnknownRecordError
from storage.folding import make_twins
from storage.projections.board import BOARD
from storage.projections.cycles import CYCLES
from storage.projections.inbox import INBOX
from storage.projections.projection import Projection
from storage.queries import Queries
from storage.reads import Selection, selected
from storage.sealing import PLAIN, Sealing
from storage.seen import MOST_LOOKED_AT, SeenQueries, redacted
from storage.unhurried import at_one_moment
from storage.views import BoardCell, CycleRow, TaskFilter, TaskRow

#: Events folded at a time: the more, the fewer rows are written twice.
_PAGE = 5_000
#: All but those that had no more to come by then, in which nothing was open.
GOING_ON = """
select s.name from termwise.stream s
 where not exists (select from termwise.cycle c
                    where c.id = s.name and c.state <> 'running' and c.position <= $1)
"""
#: What is not finished is in no stream that was.
_UNFINISHED = ("open", "deferred")


class Moment(Model):
    """How far the log is read, and what of it had happened."""

    position: int
    """The last that was recorded by then."""
    occurred_until: datetime | None = None
    """Only what had happened by then; none: whatever was recorded."""

    def has(self, record: Recorded) -> bool:
        """Whether it was known then."""
        happened = self.occurred_until is None or record.event.at <= self.occurred_until
        return record.position <= self.position and happened


@asynccontextmanager
async def folded(
    pool: Pool, which: Selection, projections: Sequence[Projection], sealing: Sealing = PLAIN
) -> AsyncIterator[Connection]:
    """A connection on which the tables of these projections say what the events that are selected come to.

    They are temporary, and gone when it ends. The transaction is read-only from before the first event on, so
    that whatever a projection does, the server refuses to change what others read.
    """
    async with at_one_moment(pool) as connection:
        await make_twins(connection, *projections)
        await connection.execute("set transaction read only")
        async for events in selected(connection, which, _PAGE, sealing):
            for projection in projections:
                await projection.apply(connection, events)
        yield connection


class KnownQueries(Queries):
    """The questions of `storage/queries.py`, answered as of a moment. Read-only."""

    def __init__(self, pool: Pool, reader: Reader, moment: Moment, sealing: Sealing = PLAIN) -> None:
        super().__init__(pool)
        self._today = SeenQueries(pool, reader)
        self._moment = moment
        self._sealing = sealing

    async def tasks(self, which: TaskFilter) -> list[TaskRow]:
        """As they were then, those that the reader may see today."""
        async with self._as_of(await self._streams(which), INBOX) as then:
            rows = await then.tasks(which.model_copy(update={"limit": MOST_LOOKED_AT}))
        sights = await self.sights_of_tasks([row.task for row in rows])
        return [*_visible(rows, sights)][: which.limit]

    async def task(self, start: str) -> TaskRow:
        """As it was then. Raises as always, and where the task was not there yet."""
        today = await self._today.task(start)
        async with self._as_of(Selection(streams=(today.instance,)), INBOX) as then:
            rows = await then.tasks(TaskFilter(instance=today.instance, status=None, limit=MOST_LOOKED_AT))
        sights = await self.sights_of_tasks([today.task])
        for row in _visible((row for row in rows if row.task == today.task), sights):
            return row
        raise UnknownRecordError(f"the task {today.task!r} was not there yet; leave out the day to see it")

    async def cycles(self, state: str | None = None, limit: int = 1000) -> list[CycleRow]:
        """Those that had begun by then, as they were then."""
        seen = {row.id for row in await self._today.cycles(None, MOST_LOOKED_AT)}
        which = await self._going_on() if state == "running" else Selection()
        async with self._as_of(which, CYCLES) as then:
            rows = await then.cycles(state, MOST_LOOKED_AT)
        return [row for row in rows if row.id in seen][:limit]

    async def cycle(self, instance: str) -> CycleRow:
        """As it was then. Raises UnknownRecordError, also where it had not begun."""
        await self._today.cycle(instance)
        async with self._as_of(Selection(streams=(instance,)), CYCLES) as then:
            rows = await then.cycles()
        if not rows:
            raise UnknownRecordError(f"{instance!r} had not begun yet; leave out the day to see it")
        return rows[0]

    async def board(self, root: str) -> list[BoardCell]:
        """As it was then, those cells that the reader may see today."""
        row = await self._today.cycle(root)
        async with self._as_of(Selection(root=root), BOARD) as then:
            return await self._today.cells_seen(row, await then.board(root))

    async def schools(self, cycle: CycleRow) -> tuple[str, ...]:
        """Those of which the reader may see something today."""
        return await self._today.schools(await self._today.cycle(cycle.id))

    async def sights_of_tasks(self, tasks: Sequence[str]) -> dict[str, Sight]:
        """As today."""
        return await self._today.sights_of_tasks(tasks)

    async def sights_of_cycles(self, instances: Sequence[str]) -> dict[str, Sight]:
        """As today."""
        return await self._today.sights_of_cycles(instances)

    async def sees_schools(
        self, cells: Sequence[tuple[str, str]], *, answers: bool = False
    ) -> set[tuple[str, str]]:
        """As today."""
        return await self._today.sees_schools(cells, answers=answers)

    @asynccontextmanager
    async def _as_of(self, which: Selection, projection: Projection) -> AsyncIterator[Queries]:
        until = {"until": self._moment.position, "occurred_until": self._moment.occurred_until}
        wanted = which.model_copy(update=until)
        async with folded(self._pool, wanted, (projection,), self._sealing) as connection:
            yield Queries(self._pool, connection)

    async def _streams(self, which: TaskFilter) -> Selection:
        """As few as can have such a task."""
        if which.instance:
            return Selection(streams=(which.instance,))
        if which.root:
            return Selection(root=which.root)
        return await self._going_on() if which.status in _UNFINISHED else Selection()

    async def _going_on(self) -> Selection:
        if self._moment.occurred_until is not None:
            return Selection()
        return Selection(
            streams=tuple(row["name"] for row in await self._fetch(GOING_ON, self._moment.position))
        )


def _visible(rows: Iterable[TaskRow], sights: Mapping[str, Sight]) -> Iterable[TaskRow]:
    for row in rows:
        how = sights.get(row.task, Sight.NOTHING)
        if how >= Sight.OUTLINE:
            yield redacted(row, how)
