"""A person's deadlines as a calendar file, for Outlook, Google and telephones.

Imported again, an entry moves with its deadline, and is cancelled when the task is done or somebody else's.

Example: termwise feed "Claire Whitmore" > deadlines.ics
"""

import sys
from datetime import timedelta
from typing import Annotated

from cyclopts import App, Parameter

from cli.options import UNSAID, ActingOptions
from cli.output import write_json
from cli.setup import open_desk
from reports.feed import Due, feed
from storage.views import TaskRow

app = App(name="feed")
#: How long what was done, or is somebody else's, is in the file as cancelled.
KEPT = timedelta(days=60)


@app.default
async def write_feed(
    person: Annotated[str, Parameter(help="Whose deadlines: an id, a name or an e-mail address.")],
    /,
    *,
    options: ActingOptions = UNSAID,
) -> None:
    """Write the deadlines of somebody's tasks, as the inbox has them, to standard output.

    With --as it is for that person to read: their own, or of those they lead. Others are told of none.

    Example: termwise feed p-0005 > deadlines.ics
    """
    async with open_desk(options.as_) as desk:
        whose = desk.trust.directory.by_name_or_id(person)
        since = desk.now - KEPT
        rows = await desk.records.queries.deadlines(whose.id, since)
        gone = await desk.records.queries.handed_on(whose.id, since)
    due = [found for row in rows if (found := _due(row, theirs=True))]
    due += [found for row in gone if (found := _due(row, theirs=False))]
    if options.json:
        write_json({"deadlines": [each.model_dump(mode="json") for each in due]})
    else:
        sys.stdout.buffer.write(feed("termwise deadlines", due))
        sys.stdout.flush()


def _due(row: TaskRow, *, theirs: bool) -> Due | None:
    if row.due_at is None or row.due_on is None:
        return None
    return Due(
        task=row.task,
        # Of a task that is somebody else's now, nothing that was not known before.
        title=row.title if theirs else "A task that somebody else does",
        due_at=row.due_at,
        due_on=row.due_on,
        opened_at=row.opened_at,
        revision=row.revision,
        live=theirs and row.status == "open",
    )
