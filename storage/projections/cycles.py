"""One row per instance: what it is, how it stands, how many tasks are open, done, late and set aside."""

from collections.abc import Sequence

from engine.events import InstanceCancelled, InstanceEnded, InstanceMigrated, InstanceStarted
from engine.records import Recorded
from storage.database import Connection
from storage.projections.projection import Projection
from storage.projections.task_effects import changed

START = """
insert into cycle (id, root, parent, process, name, title, state, owner_role, term, schools, stages,
                   definition, started_at, started_by, position, confidentiality, about, person)
values ($1, $2, $3, $4, $5, $6, 'running', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
"""
END = "update cycle set state = $2, outcome = $3, ended_at = $4 where id = $1"
MOVED = "update cycle set definition = $2, title = $3, owner_role = $4, stages = $5, confidentiality = $6 where id = $1"
OPEN = """
insert into cycle_task (task, instance, status, overdue)
select task, instance, 'open', false from unnest($1::text[], $2::text[]) as i(task, instance)
"""
MOVE = """
update cycle_task t
   set status = coalesce(i.status, t.status), overdue = (t.overdue and not i.anew) or i.overdue
  from unnest($1::text[], $2::text[], $3::boolean[], $4::boolean[]) as i(task, status, overdue, anew)
 where t.task = i.task
"""
COUNT = """
update cycle c
   set open = n.open, done = n.done, overdue = n.overdue, deferred = n.deferred, skipped = n.skipped,
       lapsed = n.lapsed, position = i.position
  from unnest($1::text[], $2::bigint[]) as i(id, position)
 cross join lateral (
       select count(*) filter (where status = 'open') as open,
              count(*) filter (where status = 'completed') as done,
              count(*) filter (where status = 'open' and overdue) as overdue,
              count(*) filter (where status = 'deferred') as deferred,
              count(*) filter (where status = 'skipped') as skipped,
              count(*) filter (where status = 'lapsed') as lapsed
         from cycle_task where instance = i.id) n
 where c.id = i.id
"""


async def apply(connection: Connection, events: Sequence[Recorded]) -> None:
    """Start and end the rows, then count anew the tasks of every instance something happened in."""
    await connection.executemany(
        START, [_start(each, each.event) for each in events if isinstance(each.event, InstanceStarted)]
    )
    await connection.executemany(
        MOVED, [_moved(each, each.event) for each in events if isinstance(each.event, InstanceMigrated)]
    )
    await connection.executemany(
        END,
        [
            _end(each.stream, each.event)
            for each in events
            if isinstance(each.event, InstanceEnded | InstanceCancelled)
        ],
    )
    tasks = list(changed(events))
    opened = [(task, last.stream) for last, task, change in tasks if change.opened]
    await connection.execute(OPEN, *([row[column] for row in opened] for column in range(2)))
    moved = [(task, change.status, change.overdue, change.due is not None) for _, task, change in tasks]
    await connection.execute(MOVE, *([row[column] for row in moved] for column in range(4)))
    latest = {each.stream: each.position for each in events}
    await connection.execute(COUNT, list(latest), list(latest.values()))


def _start(each: Recorded, event: InstanceStarted) -> tuple[object, ...]:
    return (
        each.stream,
        event.root,
        event.parent,
        event.process,
        event.name,
        event.title,
        event.owner_role,
        event.term,
        event.schools,
        event.stages,
        event.definition,
        event.at,
        event.by,
        each.position,
        event.confidentiality,
        event.about,
        event.person,
    )


def _moved(each: Recorded, event: InstanceMigrated) -> tuple[object, ...]:
    return (each.stream, event.definition, event.title, event.owner_role, event.stages, event.confidentiality)


def _end(stream: str, event: InstanceEnded | InstanceCancelled) -> tuple[object, ...]:
    if isinstance(event, InstanceEnded):
        return (stream, "ended", event.outcome, event.at)
    return (stream, "cancelled", None, event.at)


CYCLES = Projection(name="cycles", version=3, tables={"cycle": (), "cycle_task": ()}, apply=apply)
