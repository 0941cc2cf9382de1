"""Stop a cycle for good. Its open tasks are withdrawn; what was done stays in the log.

Example: termwise cancel moderation:2026-27:summer-1:writing --reason "Started for the wrong half term"
"""

from typing import Annotated

from cyclopts import App, Parameter

from cli.finding import find_cycle
from cli.options import UNSAID, ActingOptions
from cli.sending import NOT_YET, sender
from engine.commands import CancelProcess

app = App(name="cancel")


@app.default
async def cancel(
    cycle: Annotated[str, Parameter(help="Its id, or the beginning of it.")],
    /,
    *,
    reason: Annotated[str, Parameter(help="Why; it is kept.")],
    options: ActingOptions = UNSAID,
) -> None:
    async with sender(options) as here:
        instance = await find_cycle(here.office.records, cycle)
        command = CancelProcess(id=NOT_YET, by=here.person.id, reason=reason)
        await here.send(instance, command, f"Cancelled: {instance}.")
