"""Tell a cycle that something happened outside, such as an appeal.

The event is raised where it is awaited: in the cycle itself, or in the part of it that the person may raise it in.

Example: termwise raise moderation:2026-27:summer-1:writing appeal-raised --reason "Three pupils were judged twice"
"""

from collections.abc import Iterator
from typing import Annotated

from cyclopts import App, Parameter

from cli.finding import find_cycle
from cli.options import UNSAID, ActingOptions, UsageError
from cli.sending import NOT_YET, sender
from engine.commands import RaiseEvent
from reports.cycle import Cycle
from workers.reporting import read_cycle

app = App(name="raise")


@app.default
async def raise_event(
    cycle: Annotated[str, Parameter(help="The id of the cycle or of its part, or the beginning of it.")],
    event: Annotated[str, Parameter(help="What happened; `termwise show` says what is waited for.")],
    /,
    *,
    reason: Annotated[str, Parameter(help="Why; it is kept.")],
    options: ActingOptions = UNSAID,
) -> None:
    async with sender(options) as here:
        records = here.office.records
        seen = await read_cycle(records, await find_cycle(records, cycle))
        places = dict(_places(seen, event, here.person.id))
        if len(places) > 1:
            raise UsageError(f"{event} is awaited in several places; say which: {', '.join(places)}")
        instance, waits = next(iter(places.items()), (seen.root.instance, ()))
        command = RaiseEvent(id=NOT_YET, by=here.person.id, event=event, reason=reason)
        # The waits it ends are part of its meaning: the same event may be awaited, and raised, again later.
        await here.send(instance, command, f"Raised {event} in {instance}.", *waits)


def _places(cycle: Cycle, event: str, person: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The instances in which this person may raise it, with the waits that it would end."""
    for state in (cycle.root, *cycle.parts):
        waits = sorted(
            address
            for address, wait in state.waits.items()
            if wait.event == event and person in wait.raised_by
        )
        if waits:
            yield state.instance, tuple(waits)
