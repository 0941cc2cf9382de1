"""What each person is asked to do, kept in the transaction of the append itself."""

from collections.abc import Sequence
from uuid import UUID

from engine.events import InstanceMigrated
from engine.records import Recorded
from storage.database import Connection
from storage.projections.forgetting import forget_tasks, forgotten
from storage.projections.projection import Projection
from storage.projections.task_effects import changed
from storage.projections.task_rows import changed_row, opened_row
from storage.streams import stream_id

APPLY = "select termwise.fold_tasks($1, $2, $3, $4, $5)"
MOVE = "select termwise.move_inbox($1, $2)"
#: An append finds the definition of its time in the row of its stream; whoever reads the log again does not.
AS_IT_WAS = """
update inbox t set definition = termwise.definition_at(i.stream, i.position)
  from unnest($1::uuid[], $2::bigint[], $3::text[]) as i(stream, position, task)
 where t.task = i.task and t.definition <> termwise.definition_at(i.stream, i.position)
"""


async def apply(connection: Connection, events: Sequence[Recorded]) -> None:
    """What an append does to the inbox, done again from the log."""
    before: list[Recorded] = []
    for each in events:
        if isinstance(each.event, InstanceMigrated):
            await _fold(connection, before)
            await connection.execute(MOVE, stream_id(each.stream), each.event.definition)
            before = []
        else:
            before.append(each)
    await _fold(connection, before)
    # Of a closed cycle nothing comes later: so it is the same however the log is cut into runs.
    cycles, words = forgotten(events)
    if cycles:
        await forget_tasks(connection, cycles, words)


async def _fold(connection: Connection, events: Sequence[Recorded]) -> None:
    """Apply a run of events in which no instance moves to another version."""
    opened: list[tuple[UUID, int, str]] = []
    rows: list[str] = []
    altered: list[tuple[int, str]] = []
    for last, task, change in changed(events):
        if change.opened:
            opened.append((stream_id(last.stream), last.position, task))
            rows.append(opened_row(task, change, change.opened))
        else:
            altered.append((last.position, changed_row(task, change)))
    streams, positions, tasks = ([row[column] for row in opened] for column in range(3))
    await connection.execute(
        APPLY, streams, positions, rows, *([row[column] for row in altered] for column in range(2))
    )
    await connection.execute(AS_IT_WAS, streams, positions, tasks)


INBOX = Projection(name="inbox", version=1, tables={"inbox": ()}, apply=apply, inline=True)
