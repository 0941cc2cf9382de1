"""How each school stands in each instance: what is open and late, what was done in time and after it."""

from collections.abc import Sequence

from engine.events import TaskCompleted
from engine.records import Recorded
from storage.database import Connection
from storage.projections.columns import columns
from storage.projections.projection import Projection
from storage.projections.task_effects import changed

OPEN = """
insert into dashboard_task (task, instance, school, status, overdue, late, due_at)
select task, instance, school, 'open', false, false, due_at
  from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) as i(task, instance, school, due_at)
"""
MOVE = """
update dashboard_task t
   set status = coalesce(i.status, t.status),
       overdue = (t.overdue and not i.anew) or i.overdue,
       late = t.late or i.late,
       due_at = case when i.anew then i.due_at else t.due_at end
  from unnest($1::text[], $2::text[], $3::boolean[], $4::boolean[], $5::timestamptz[], $6::boolean[])
       as i(task, status, overdue, anew, due_at, late)
 where t.task = i.task
"""
COUNT = """
insert into dashboard as d
       (instance, school, open, overdue, on_time, late, returned, deferred, skipped, lapsed, next_due)
select t.instance, t.school,
       count(*) filter (where t.status = 'open'),
       count(*) filter (where t.status = 'open' and t.overdue),
       count(*) filter (where t.status = 'completed' and not t.late),
       count(*) filter (where t.status = 'completed' and t.late),
       count(*) filter (where t.status = 'returned'),
       count(*) filter (where t.status = 'deferred'),
       count(*) filter (where t.status = 'skipped'),
       count(*) filter (where t.status = 'lapsed'),
       min(t.due_at) filter (where t.status = 'open')
  from dashboard_task t
  join (select distinct instance, school from dashboard_task where task = any($1::text[])) c using (instance, school)
 group by t.instance, t.school
on conflict (instance, school) do update
   set open = excluded.open, overdue = excluded.overdue, on_time = excluded.on_time, late = excluded.late,
       returned = excluded.returned, deferred = excluded.deferred, skipped = excluded.skipped,
       lapsed = excluded.lapsed, next_due = excluded.next_due
"""


async def apply(connection: Connection, events: Sequence[Recorded]) -> None:
    """Note how each task stands now, then count anew the schools it is of."""
    tasks = list(changed(events))
    if not tasks:
        return
    late = {each.event.task for each in events if isinstance(each.event, TaskCompleted) and each.event.late}
    opened = [
        (task, last.stream, change.opened.school or "", change.opened.due_at)
        for last, task, change in tasks
        if change.opened
    ]
    moved = [
        (
            task,
            change.status,
            change.overdue,
            change.due is not None,
            change.due.at if change.due else None,
            task in late,
        )
        for _, task, change in tasks
    ]
    if opened:
        await connection.execute(OPEN, *columns(opened, 4))
    await connection.execute(MOVE, *columns(moved, 6))
    await connection.execute(COUNT, [task for _, task, _ in tasks])


DASHBOARD = Projection(
    name="dashboard", version=1, tables={"dashboard": (), "dashboard_task": ()}, apply=apply
)
