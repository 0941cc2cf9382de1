"""The same questions as `storage/queries.py`, answered with what one person may see.

What they may not see is not there: no list has it, and asking for it by id says what asking for nothing says.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from engine.access.reader import Reader
from engine.access.sight import Matter, Sight, sight
from engine.model import Model
from storage.database import Pool
from storage.errors import UnknownRecordError
from storage.queries import Queries
from storage.views import BoardCell, CycleRow, TaskFilter, TaskRow

#: The list of cycles follows the log within a moment; of one that is not in it yet, its start says the same.
MATTERS = """
select id, confidentiality, about, person, owner_role from termwise.cycle where id = any($1::text[])
union all
select s.name, e.data ->> 'confidentiality', e.data ->> 'about', e.data ->> 'person', e.data ->> 'owner_role'
  from termwise.stream s join termwise.event e on e.stream = s.id and e.version = 1
 where s.name = any($1::text[]) and e.type = 'instance-started'
   and not exists (select from termwise.cycle c where c.id = s.name)
"""
ASKED_IN = """
select distinct instance from termwise.inbox
 where assignee = any($1::text[]) or (assignee is null and candidates && $1::text[])
union
select distinct root from termwise.inbox
 where assignee = any($1::text[]) or (assignee is null and candidates && $1::text[])
"""
THESE_TASKS = "select * from inbox where task = any($1::text[])"
THESE_CYCLES = "select * from cycle where id = any($1::text[])"
#: Numbers below it are not told to those who may only count.
FEWEST = 10
#: The most tasks or cycles that are looked through for those that somebody may see.
MOST_LOOKED_AT = 20_000


Row = TypeVar("Row")


async def _enough(
    limit: int,
    ask: Callable[[int], Awaitable[list[Row]]],
    seen: Callable[[Sequence[Row]], Awaitable[list[Row]]],
) -> list[Row]:
    """As many as are wanted of those that are seen, though others stand between: more are asked for until then."""
    asked = limit
    while True:
        rows = await ask(asked)
        found = await seen(rows)
        if len(found) >= limit or len(rows) < asked or asked >= MOST_LOOKED_AT:
            return found[:limit]
        asked = min(4 * asked, MOST_LOOKED_AT)


class _Class(Model):
    """What decides who may see an instance."""

    id: str
    confidentiality: str
    about: str | None
    person: str | None
    owner_role: str


class SeenQueries(Queries):
    """Read-only, and only what the reader sees."""

    def __init__(self, pool: Pool, reader: Reader) -> None:
        super().__init__(pool)
        self._reader = reader

    async def tasks(self, which: TaskFilter) -> list[TaskRow]:
        """As always, without those the person may not see, and with no more of the others than they may."""
        rows = super().tasks
        return await _enough(
            which.limit, lambda limit: rows(which.model_copy(update={"limit": limit})), self._seen
        )

    async def task(self, start: str) -> TaskRow:
        """As always. A task that the person may not see is unknown."""
        row = await super().task(start)
        if seen := await self._seen([row]):
            return seen[0]
        raise UnknownRecordError(f"there is no task {start!r}; `termwise tasks` lists them")

    async def deadlines(self, person: str, since: datetime) -> list[TaskRow]:
        """As always, as far as the reader may see them. Whose deadlines they may not read has none that are known."""
        self._check_reads(person)
        return await self._seen(await super().deadlines(person, since))

    async def handed_on(self, person: str, since: datetime) -> list[TaskRow]:
        """As always, in outline: the person is not asked any more."""
        self._check_reads(person)
        return [redacted(row, Sight.OUTLINE) for row in await super().handed_on(person, since)]

    async def cycles(self, state: str | None = None, limit: int = 1000) -> list[CycleRow]:
        """As always, without those the person may not see."""
        rows, asked = super().cycles, await self._asked_in()

        async def seen(found: Sequence[CycleRow]) -> list[CycleRow]:
            return [row for row in found if self._sight_of(row, asked) >= _least(row)]

        return await _enough(limit, lambda most: rows(state, most), seen)

    async def cycle(self, instance: str) -> CycleRow:
        """As always. A cycle that the person may not see is unknown."""
        row = await super().cycle(instance)
        if self._sight_of(row, await self._asked_in()) >= _least(row):
            return row
        raise UnknownRecordError(f"there is no cycle {instance!r}; `termwise cycles` lists them")

    async def board(self, root: str) -> list[BoardCell]:
        """As always; of a cycle that the person may only count, the whole trust in one, and no small numbers."""
        return await self.cells_seen(await self.cycle(root), await super().board(root))

    async def cells_seen(self, row: CycleRow, cells: Sequence[BoardCell]) -> list[BoardCell]:
        """Those of the cycle's cells that the person may see."""
        if self._sight_of(row, await self._asked_in()) is Sight.COUNTED:
            return [cell for cell in cells if not cell.school and _total(cell) >= FEWEST]
        return [cell for cell in cells if self._sees_cell(row, cell.school)]

    async def sights_of_tasks(self, tasks: Sequence[str]) -> dict[str, Sight]:
        """As always, as the tasks stand now; of one that is not there, nothing."""
        rows = [TaskRow(**row) for row in await self._fetch(THESE_TASKS, tasks)]
        classes = await self._classes({row.instance for row in rows})
        return {row.task: self._sight_of_task(row, classes) for row in rows}

    async def sights_of_cycles(self, instances: Sequence[str]) -> dict[str, Sight]:
        """As always. Who is only told numbers is told of no instance by name."""
        asked = await self._asked_in()
        rows = [CycleRow(**row) for row in await self._fetch(THESE_CYCLES, instances)]
        return {row.id: self._sight_of(row, asked) for row in rows}

    async def sees_schools(
        self, cells: Sequence[tuple[str, str]], *, answers: bool = False
    ) -> set[tuple[str, str]]:
        """As always, of cycles that they see. Answers are counted for those who may read them."""
        asked = await self._asked_in()
        found = await self._fetch(THESE_CYCLES, [instance for instance, _ in cells])
        rows = {row["id"]: CycleRow(**row) for row in found}
        return {
            (instance, school)
            for instance, school in cells
            if instance in rows
            and self._sight_of(rows[instance], asked) >= Sight.OUTLINE
            and self._sees_cell(rows[instance], school)
            and not (answers and self._at(rows[instance], school or None) < Sight.ANSWERS)
        }

    def _check_reads(self, person: str) -> None:
        if not self._reader.reads_work_of(person):
            raise UnknownRecordError(
                "there are no deadlines of theirs that you may read; "
                "`termwise feed PERSON` has your own, and those of your staff"
            )

    async def schools(self, cycle: CycleRow) -> tuple[str, ...]:
        """Those of which the person may see something."""
        return tuple(school for school in cycle.schools if self._sees_cell(cycle, school))

    async def _seen(self, rows: Sequence[TaskRow]) -> list[TaskRow]:
        if self._reader.is_operator:
            return [*rows]
        classes = await self._classes({row.instance for row in rows})
        found = ((row, self._sight_of_task(row, classes)) for row in rows)
        return [redacted(row, how) for row, how in found if how >= Sight.OUTLINE]

    async def _classes(self, instances: Iterable[str]) -> Mapping[str, _Class]:
        return {row["id"]: _Class(**row) for row in await self._fetch(MATTERS, sorted(instances))}

    def _sight_of_task(self, row: TaskRow, classes: Mapping[str, _Class]) -> Sight:
        known = classes[row.instance]
        return sight(
            self._reader,
            Matter(
                confidentiality=known.confidentiality,
                about=known.about,
                person=known.person,
                owner_role=known.owner_role,
                school=row.school,
                year_group=row.year_group,
                parties=frozenset([row.assignee] if row.assignee else row.candidates),
                process=row.process,
                roles=frozenset(row.role.split(" or ")),
            ),
        )

    async def _asked_in(self) -> frozenset[str]:
        """The instances, and the cycles they are part of, in which the reader was asked for something."""
        people = self._reader.people
        found = await self._fetch(ASKED_IN, sorted(people)) if people else ()
        return frozenset(row["instance"] for row in found)

    def _sight_of(self, row: CycleRow, asked: frozenset[str]) -> Sight:
        whole = self._at(row, row.schools[0] if len(row.schools) == 1 else None)
        somewhere = max((self._at(row, school) for school in row.schools), default=Sight.NOTHING)
        party = Sight.OUTLINE if row.id in asked or row.started_by in self._reader.people else Sight.NOTHING
        return max(whole, min(somewhere, Sight.OUTLINE), party)

    def _sees_cell(self, row: CycleRow, school: str) -> bool:
        whole = self._at(row, None)
        return max(whole, self._at(row, school or None)) >= Sight.OUTLINE or school in self._reader.works_at

    def _at(self, row: CycleRow, school: str | None) -> Sight:
        return sight(
            self._reader,
            Matter(
                confidentiality=row.confidentiality,
                about=row.about,
                person=row.person,
                owner_role=row.owner_role,
                school=school,
            ),
        )


def _least(row: CycleRow) -> Sight:
    """One person's records are never a number."""
    return Sight.OUTLINE if row.person else Sight.COUNTED


def _total(cell: BoardCell) -> int:
    return cell.open + cell.done + cell.deferred + cell.skipped + cell.lapsed


def redacted(row: TaskRow, how: Sight) -> TaskRow:
    """The row with no more in it than may be seen."""
    if how is Sight.ALL:
        return row
    hidden: dict[str, object] = {"shown": {}}
    if how is Sight.OUTLINE:
        hidden |= {"title": f"A task of {row.stage}", "assignee": None, "candidates": ()}
    return row.model_copy(update=hidden)
