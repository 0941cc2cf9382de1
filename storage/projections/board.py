"""Schools by stages: how many tasks are open, done, late, sent back or set aside in each, and who is waited for."""

from collections.abc import Sequence

from engine.records import Recorded
from storage.database import Connection
from storage.projections.projection import Projection
from storage.projections.task_changes import Opened, TaskChange
from storage.projections.task_effects import changed
from storage.streams import stream_id

OPEN = """
insert into board_task (task, root, school, stage, role, status, overdue, due_at)
select i.task, s.root, coalesce(i.school, ''), i.stage, i.role, 'open', false, i.due_at
  from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
       as i(stream, task, school, stage, role, due_at)
  join termwise.stream s on s.id = i.stream
"""
MOVE = """
update board_task t
   set status = coalesce(i.status, t.status),
       overdue = (t.overdue and not i.anew) or i.overdue,
       due_at = case when i.anew then i.due_at else t.due_at end
  from unnest($1::text[], $2::text[], $3::boolean[], $4::boolean[], $5::timestamptz[])
       as i(task, status, overdue, anew, due_at)
 where t.task = i.task
"""
COUNT = """
with touched as (select root, stage, school from board_task where task = any($1::text[])),
     cell as (select root, stage, school from touched union select root, stage, '' from touched),
     asked as (
       select c.root, c.stage, c.school, t.role,
              count(*) filter (where t.status = 'open') as open,
              count(*) filter (where t.status = 'completed') as done,
              count(*) filter (where t.status = 'open' and t.overdue) as overdue,
              count(*) filter (where t.status = 'returned') as returned,
              count(*) filter (where t.status = 'deferred') as deferred,
              count(*) filter (where t.status = 'skipped') as skipped,
              count(*) filter (where t.status = 'lapsed') as lapsed,
              min(t.due_at) filter (where t.status = 'open') as next_due
         from cell c
         join board_task t
           on t.root = c.root and t.stage = c.stage and (c.school = '' or t.school = c.school)
        group by c.root, c.stage, c.school, t.role)
insert into board (root, school, stage, open, done, overdue, returned, waiting_for, next_due, deferred, skipped, lapsed)
select root, school, stage, sum(open), sum(done), sum(overdue), sum(returned),
       coalesce(jsonb_object_agg(role, open) filter (where open > 0), '{}'), min(next_due),
       sum(deferred), sum(skipped), sum(lapsed)
  from asked group by root, school, stage
on conflict (root, school, stage) do update
   set open = excluded.open, done = excluded.done, overdue = excluded.overdue, returned = excluded.returned,
       waiting_for = excluded.waiting_for, next_due = excluded.next_due, deferred = excluded.deferred,
       skipped = excluded.skipped, lapsed = excluded.lapsed
"""


async def apply(connection: Connection, events: Sequence[Recorded]) -> None:
    """Note how each task stands now, then count anew the cells it is in."""
    tasks = list(changed(events))
    opened = [_opened(last.stream, task, change.opened) for last, task, change in tasks if change.opened]
    await connection.execute(OPEN, *([row[column] for row in opened] for column in range(6)))
    moved = [_moved(task, change) for _, task, change in tasks]
    await connection.execute(MOVE, *([row[column] for row in moved] for column in range(5)))
    await connection.execute(COUNT, [task for _, task, _ in tasks])


def _opened(stream: str, task: str, opened: Opened) -> tuple[object, ...]:
    return (stream_id(stream), task, opened.school, opened.stage, opened.role, opened.due_at)


def _moved(task: str, change: TaskChange) -> tuple[object, ...]:
    return (
        task,
        change.status,
        change.overdue,
        change.due is not None,
        change.due.at if change.due else None,
    )


BOARD = Projection(name="board", version=2, tables={"board": (), "board_task": ()}, apply=apply)
