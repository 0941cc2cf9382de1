"""A person's deadlines as a calendar file, for Outlook, Google and telephones.

Imported again, an entry moves with its deadline, and is cancelled when the task is done.

Example: termwise feed "Claire Whitmore" > deadlines.ics
"""

import sys
from typing import Annotated

from cyclopts import App, Parameter

from cli.options import UNSAID, ActingOptions
from cli.output import write_json
from cli.setup import open_desk
from reports.feed import Due, feed
from storage.views import TaskFilter, TaskRow

app = App(name="feed")
_MOST = 2000


@app.default
async def write_feed(
    person: Annotated[str, Parameter(help="Whose deadlines: an id, a name or an e-mail address.")],
    /,
    *,
    options: ActingOptions = UNSAID,
) -> None:
    """Write the deadlines of somebody's tasks, as the inbox has them, to standard output.

    With --as it has what that person may see of them.

    Example: termwise feed p-0005 > deadlines.ics
    """
    async with open_desk(options.as_) as desk:
        whose = desk.trust.directory.by_name_or_id(person)
        which = TaskFilter(mine=whose.id, status=None, limit=_MOST)
        rows = await desk.records.queries.tasks(which)
    due = [found for row in rows if (found := _due(row))]
    if options.json:
        write_json({"deadlines": [each.model_dump(mode="json") for each in due]})
    else:
        sys.stdout.buffer.write(feed("termwise deadlines", due))
        sys.stdout.flush()


def _due(row: TaskRow) -> Due | None:
    if row.due_at is None or row.due_on is None:
        return None
    return Due(
        task=row.task,
        title=row.title,
        due_at=row.due_at,
        due_on=row.due_on,
        opened_at=row.opened_at,
        revision=row.revision,
        live=row.status == "open",
    )
