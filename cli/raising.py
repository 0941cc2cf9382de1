"""Tell a cycle that something happened outside, such as an appeal.

The event is raised where it is awaited: in the cycle itself, or in the part of it that the person may raise it in.

Example: termwise raise moderation:2026-27:summer-1:writing appeal-raised --reason "Three pupils were judged twice"
"""

from collections.abc import Iterator
from typing import Annotated

from cyclopts import App, Parameter

from cli.finding import find_cycle
from cli.options import UNSAID, ActingOptions, Pairs, UsageError, pairs
from cli.sending import NOT_YET, sender
from engine.commands import RaiseEvent
from engine.event_values import read
from engine.events import EventRaised, WaitEnded
from engine.matters import events_of
from engine.raising import waits_for
from engine.records import Recorded
from reports.cycle import Cycle
from workers.reporting import read_cycle

app = App(name="raise")


@app.default
async def raise_event(
    cycle: Annotated[str, Parameter(help="The id of the cycle or of its part, or the beginning of it.")],
    event: Annotated[str, Parameter(help="What happened; `termwise show` says what is waited for.")],
    /,
    *,
    given: Pairs = (),
    reason: Annotated[str, Parameter(help="Why; it is kept.")],
    options: ActingOptions = UNSAID,
) -> None:
    async with sender(options) as here:
        records = here.office.records
        seen = await read_cycle(records, await find_cycle(records, cycle))
        values = read(seen.world, event, {**pairs(given)})
        command = RaiseEvent(id=NOT_YET, by=here.person.id, event=event, reason=reason, values=values)
        places = dict(_places(seen, command))
        if len(places) > 1:
            raise UsageError(f"{event} is awaited in several places; say which: {', '.join(places)}")
        if not places and (before := _before(seen, command)):
            here.told_before(before, f"{event} was raised already in {before.stream}; nothing was changed.")
            return
        instance, waits = next(iter(places.items()), (seen.root.instance, ()))
        # The waits it ends, and what happened before it, are part of its meaning: the same may happen again later.
        since = _since(seen, command)
        await here.send(instance, command, f"Raised {event} in {instance}.", *waits, *since)


def _places(cycle: Cycle, command: RaiseEvent) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The instances in which this person may raise it, with the waits that it would end."""
    handled = command.event in set(events_of(cycle.world))
    for state in (cycle.root, *cycle.parts):
        waits = tuple(
            wait.address
            for wait, awaited in waits_for(state, command.event, command.values)
            if not awaited.raised_by or command.by in awaited.raised_by
        )
        if waits or (handled and state is cycle.root):
            yield state.instance, waits


def _since(cycle: Cycle, command: RaiseEvent) -> tuple[int, ...]:
    """The place in the log of what happened to the cycle last, other than this."""
    others = (
        record.position
        for record in reversed(cycle.log)
        if record.stream == cycle.root.instance
        and isinstance(record.event, EventRaised)
        and not _same(record.event, command)
    )
    last = next(others, None)
    return () if last is None else (last,)


def _same(told: WaitEnded | EventRaised, command: RaiseEvent) -> bool:
    """Whether it was raised by the same person for the same reason, with the same values."""
    return (told.by, told.event, told.reason, told.values) == (
        command.by, command.event, command.reason, command.values,
    )  # fmt: skip


def _before(cycle: Cycle, command: RaiseEvent) -> Recorded | None:
    """Where the person raised the very same before, if they did: its answer may have been lost."""
    for record in reversed(cycle.log):
        if isinstance(record.event, WaitEnded | EventRaised) and _same(record.event, command):
            return record
    return None
