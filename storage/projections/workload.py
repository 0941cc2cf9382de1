"""The workload ledger: every task as a piece of work, with whose it is, how long it takes, and when."""

from collections.abc import Sequence
from datetime import date

from engine.events import TaskCompleted, TaskReturned
from engine.records import Recorded
from engine.timezone import local_date
from storage.database import Connection
from storage.projections.projection import Projection
from storage.projections.task_changes import TaskChange
from storage.projections.task_effects import changed

OPEN = """
insert into workload (task, instance, school, people, candidates, expected, day, standing)
select task, instance, school, string_to_array(people, ' '), string_to_array(people, ' '), expected, day, 'to do'
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::date[])
       as i(task, instance, school, people, expected, day)
"""
MOVE = """
update workload w
   set people = case when i.person is not null then array[i.person]
                     when i.given_back then coalesce(string_to_array(i.candidates, ' '), w.candidates)
                     else w.people end,
       candidates = coalesce(string_to_array(i.candidates, ' '), w.candidates),
       day = coalesce(i.day, w.day),
       took = coalesce(i.took, w.took),
       standing = coalesce(i.standing, w.standing)
  from unnest($1::text[], $2::text[], $3::boolean[], $4::text[], $5::date[], $6::integer[], $7::text[])
       as i(task, person, given_back, candidates, day, took, standing)
 where w.task = i.task
"""
_STANDING = {
    "open": "to do",
    "deferred": "to do",
    "completed": "done",
    "returned": "done",
    "skipped": "no work",
    "lapsed": "no work",
    "withdrawn": "no work",
}


async def apply(connection: Connection, events: Sequence[Recorded]) -> None:
    """Note each task that was opened, and what has changed about the others."""
    doers = {
        each.event.task: each.event.by
        for each in events
        if isinstance(each.event, TaskCompleted | TaskReturned)
    }
    tasks = list(changed(events))
    opened = [
        (
            task,
            last.stream,
            change.opened.school,
            " ".join(change.opened.candidates),
            change.opened.minutes,
            change.opened.due_on or local_date(change.opened.opened_at),
        )
        for last, task, change in tasks
        if change.opened
    ]
    moved = [
        (
            task,
            doers.get(task) or change.assignee,
            change.assigned and change.assignee is None,
            None if change.candidates is None else " ".join(change.candidates),
            _day(change),
            change.took,
            _STANDING[change.status] if change.status else None,
        )
        for _, task, change in tasks
    ]
    await connection.execute(OPEN, *([row[column] for row in opened] for column in range(6)))
    await connection.execute(MOVE, *([row[column] for row in moved] for column in range(7)))


def _day(change: TaskChange) -> date | None:
    if change.closed_at is not None:
        return local_date(change.closed_at)
    if change.deferred_until is not None:
        return change.deferred_until
    return change.due.on if change.due else None


WORKLOAD = Projection(name="workload", version=1, tables={"workload": ()}, apply=apply)
