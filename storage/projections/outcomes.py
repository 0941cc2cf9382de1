"""How things ended: each instance with its outcome, each task with its answer or the reason why there is none."""

from collections.abc import Sequence

from engine.events import (
    InstanceCancelled,
    InstanceEnded,
    InstanceMigrated,
    InstanceStarted,
    TaskCompleted,
    TaskReturned,
    TaskSkipped,
)
from engine.records import Recorded
from storage.database import Connection
from storage.projections.columns import columns
from storage.projections.projection import Projection
from storage.projections.task_effects import changed

START = """
insert into outcome (instance, process, title, term, started_at, state)
select instance, process, title, term, started_at, 'running'
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
       as i(instance, process, title, term, started_at)
"""
MOVED = """
update outcome o set title = i.title from unnest($1::text[], $2::text[]) as i(instance, title)
 where o.instance = i.instance
"""
END = """
update outcome o set state = i.state, outcome = i.outcome, said = i.said, ended_at = i.ended_at
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
       as i(instance, state, outcome, said, ended_at)
 where o.instance = i.instance
"""
OPEN = """
insert into outcome_task (task, instance, school, step)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[])
"""
MOVE = """
update outcome_task t
   set outcome = coalesce(i.outcome, t.outcome), closed_at = coalesce(i.closed_at, t.closed_at),
       code = coalesce(i.code, t.code)
  from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) as i(task, outcome, code, closed_at)
 where t.task = i.task
"""


async def apply(connection: Connection, events: Sequence[Recorded]) -> None:
    """Start and end the rows of instances, open and close those of tasks."""
    await _instances(connection, events)
    tasks = list(changed(events))
    codes = {
        each.event.task: each.event.code
        for each in events
        if isinstance(each.event, TaskCompleted | TaskReturned | TaskSkipped)
    }
    opened = [
        (task, last.stream, change.opened.school or "", change.opened.step)
        for last, task, change in tasks
        if change.opened
    ]
    closed = [
        (task, change.outcome, codes.get(task), change.closed_at)
        for _, task, change in tasks
        if change.closed_at
    ]
    if opened:
        await connection.execute(OPEN, *columns(opened, 4))
    if closed:
        await connection.execute(MOVE, *columns(closed, 4))


async def _instances(connection: Connection, events: Sequence[Recorded]) -> None:
    started, moved, ended = list[tuple[object, ...]](), dict[str, str](), list[tuple[object, ...]]()
    for each in events:
        match each.event:
            case InstanceStarted() as event:
                started.append((each.stream, event.process, event.title, event.term, event.at))
            case InstanceMigrated(title=title):
                moved[each.stream] = title
            case InstanceEnded() as event:
                ended.append((each.stream, "ended", event.outcome, event.title, event.at))
            case InstanceCancelled() as event:
                ended.append((each.stream, "cancelled", None, None, event.at))
            case _:
                pass
    if started:
        await connection.execute(START, *columns(started, 5))
    if moved:
        await connection.execute(MOVED, list(moved), list(moved.values()))
    if ended:
        await connection.execute(END, *columns(ended, 5))


OUTCOMES = Projection(name="outcomes", version=1, tables={"outcome": (), "outcome_task": ()}, apply=apply)
