"""What people ask: their tasks, the cycles, the board; and how far the answers lag behind the log."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from engine.access.sight import Sight
from storage.database import CONNECT_TIMEOUT, Connection, Pool, translated
from storage.errors import AmbiguousIdError, UnknownRecordError
from storage.projections import FOLLOWING
from storage.projections.tellings import KINDS
from storage.views import BoardCell, CycleRow, Lag, TaskFilter, TaskRow

# The tables have no schema before them: where they are folded up to an earlier moment, temporary ones stand in front.

#: The most that one calendar has.
MOST_DEADLINES = 2000

TASKS = """
select * from inbox
 where ($1::text is null or assignee = $1)
   and ($2::text is null or (candidates @> array[$2] and assignee is null))
   and ($3::text is null or assignee = $3 or (candidates @> array[$3] and assignee is null)
        or (delegated_by is null and exists (
          select from unnest($13::text[], $14::text[], $15::text[]) as c(person, process, role)
           where (assignee = c.person or (candidates @> array[c.person] and assignee is null))
             and (c.process is null or c.process = inbox.process)
             and (c.role is null or c.role = any(string_to_array(inbox.role, ' or '))))))
   and (not $4 or overdue)
   and ($5::text is null or school = $5)
   and ($6::text is null or instance = $6)
   and ($7::text is null or root = $7)
   and ($8::text is null or status = $8)
   and ($10::text is null or step = $10)
   and (not $11 or request is not null)
   and ($12::text is null or request -> 'may_decide' ? $12)
 order by due_at nulls last, task limit $9
"""
#: What `TASKS` gives of open tasks of one person: two indexes find it, for the person and those they stand in for.
MINE = """
with whose as (
  select $3::text as person, null::text as process, null::text as role, true as own
   union all
  select *, false from unnest($13::text[], $14::text[], $15::text[])
)
select t.* from inbox t
 where t.task in (
    select a.task from whose c join inbox a on a.assignee = c.person
     where a.status = 'open' and (c.own or a.delegated_by is null)
       and (c.process is null or c.process = a.process)
       and (c.role is null or c.role = any(string_to_array(a.role, ' or ')))
     union
    select b.task from whose c join inbox b on b.candidates @> array[c.person]
     where b.status = 'open' and b.assignee is null
       and (c.process is null or c.process = b.process)
       and (c.role is null or c.role = any(string_to_array(b.role, ' or '))))
   and ($1::text is null or t.assignee = $1)
   and ($2::text is null or (t.candidates @> array[$2] and t.assignee is null))
   and (not $4 or t.overdue)
   and ($5::text is null or t.school = $5)
   and ($6::text is null or t.instance = $6)
   and ($7::text is null or t.root = $7)
   and ($8::text is null or t.status = $8)
   and ($10::text is null or t.step = $10)
   and (not $11 or t.request is not null)
   and ($12::text is null or t.request -> 'may_decide' ? $12)
 order by t.due_at nulls last, t.task limit $9
"""
TASK = "select * from inbox where task ^@ $1 order by task limit 5"
#: What somebody is asked by a day, and lately was: what is soonest first.
DEADLINES = """
select * from inbox
 where (assignee = $1 or (candidates @> array[$1] and assignee is null)) and due_at is not null
   and (status in ('open', 'deferred') or closed_at > $2)
 order by closed_at is not null, due_at, task limit $3
"""
#: Letters are planned to everybody who is asked, and stay: so they tell who was, after somebody else is.
HANDED_ON = """
select i.* from inbox i
 where i.task in (select parameters ->> 'task' from outbox
                   where channel = 'mail' and recipient = $1 and planned_at > $2 and kind = any($4::text[]))
   and i.due_at is not null
   and not coalesce(i.assignee = $1, i.candidates @> array[$1])
 order by i.due_at desc, i.task limit $3
"""
CYCLES = """
select * from cycle where $1::text is null or state = $1 order by started_at desc, id limit $2
"""
CYCLE = "select * from cycle where id = $1"
BOARD = "select * from board where root = $1 order by school, stage"
LAG = """
select p.name as projection, coalesce(c.position, 0) as position, h.position as head,
       h.position - coalesce(c.position, 0) as behind, c.moved_at
  from unnest($1::text[]) with ordinality as p(name, place)
  cross join termwise.head h
  left join termwise.checkpoint c on c.projection = p.name
 order by p.place
"""


class Queries:
    """Read-only. The inbox is as new as the log; cycles and board may be a moment behind, as `lag` says."""

    def __init__(self, pool: Pool, on: "Connection | None" = None) -> None:
        """`on` is a connection to ask on, where it has tables of its own in front of those that all read."""
        self._pool = pool
        self._on = on

    async def tasks(self, which: TaskFilter) -> list[TaskRow]:
        """The soonest due first; those without a deadline last."""
        rows = await self._fetch(
            MINE if which.mine and which.status == "open" else TASKS,
            which.assignee,
            which.candidate,
            which.mine,
            which.late,
            which.school,
            which.instance,
            which.root,
            which.status,
            which.limit,
            which.step,
            which.requests,
            which.decider,
            [each.person for each in which.standing_for],
            [each.process for each in which.standing_for],
            [each.role for each in which.standing_for],
        )
        return [TaskRow(**row) for row in rows]

    async def task(self, start: str) -> TaskRow:
        """The task of that id, or the only one whose id begins so.

        Raises UnknownRecordError when there is none, AmbiguousIdError when there are several.
        """
        rows = [TaskRow(**row) for row in await self._fetch(TASK, start)]
        if not rows or not start:
            raise UnknownRecordError(f"there is no task {start!r}; `termwise tasks` lists them")
        if len(rows) > 1 and rows[0].task != start:
            fitting = ", ".join(row.task for row in rows)
            raise AmbiguousIdError(f"{start!r} is the beginning of several tasks: {fitting}; type more of it")
        return rows[0]

    async def deadlines(self, person: str, since: datetime) -> list[TaskRow]:
        """What the person is asked by some day, and what of it was done or withdrawn since then."""
        return [TaskRow(**row) for row in await self._fetch(DEADLINES, person, since, MOST_DEADLINES)]

    async def handed_on(self, person: str, since: datetime) -> list[TaskRow]:
        """What the person was asked since then by some day, and now somebody else is. As new as the outbox."""
        asked = [kind for kind, each in KINDS.items() if each.concern == "asked"]
        return [TaskRow(**row) for row in await self._fetch(HANDED_ON, person, since, MOST_DEADLINES, asked)]

    async def cycles(self, state: str | None = None, limit: int = 1000) -> list[CycleRow]:
        """The latest started first."""
        return [CycleRow(**row) for row in await self._fetch(CYCLES, state, limit)]

    async def cycle(self, instance: str) -> CycleRow:
        """Raises UnknownRecordError when there is no instance of that id."""
        rows = await self._fetch(CYCLE, instance)
        if not rows:
            raise UnknownRecordError(f"there is no cycle {instance!r}; `termwise cycles` lists them")
        return CycleRow(**rows[0])

    async def board(self, root: str) -> list[BoardCell]:
        """The cells of a cycle and its parts, by school and stage; empty before its first task."""
        return [BoardCell(**row) for row in await self._fetch(BOARD, root)]

    async def schools(self, cycle: CycleRow) -> tuple[str, ...]:
        """The schools of a cycle that the board shows."""
        return cycle.schools

    async def sights_of_tasks(self, tasks: Sequence[str]) -> dict[str, Sight]:
        """How much the reader sees of each of these tasks."""
        return dict.fromkeys(tasks, Sight.ALL)

    async def sights_of_cycles(self, instances: Sequence[str]) -> dict[str, Sight]:
        """How much the reader sees of each of these instances as a whole."""
        return dict.fromkeys(instances, Sight.ALL)

    async def sees_schools(
        self,
        cells: Sequence[tuple[str, str]],
        *,
        answers: bool = False,  # noqa: ARG002 - the operator sees both
    ) -> set[tuple[str, str]]:
        """Of these instances and schools (empty: the work of no school), those whose numbers the reader sees.

        `answers`: how often people gave each answer.
        """
        return set(cells)

    async def lag(self) -> list[Lag]:
        """Every projection that follows the log, and how far it is behind."""
        return [Lag(**row) for row in await self._fetch(LAG, [each.name for each in FOLLOWING])]

    async def _fetch(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        with translated():
            if self._on is not None:
                return list(await self._on.fetch(query, *arguments))
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                return list(await connection.fetch(query, *arguments))
