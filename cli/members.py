"""Who takes part in a for-each that runs: list its members, add one, take one out.

A member that joins begins with the first step. What is open in one that leaves is withdrawn; what was done stays.

Example: termwise members list moderation:2026-27:summer-1:writing
"""

import json
from collections.abc import Iterator
from typing import Annotated

from cyclopts import App, Parameter
from pydantic import JsonValue
from rich.text import Text

from cli.finding import find_cycle
from cli.options import UNSAID, ActingOptions, Pairs, UsageError, pairs
from cli.output import show, table, write_json
from cli.sending import NOT_YET, Sender, sender
from cli.setup import open_desk
from engine import addresses
from engine.commands import JoinMember, LeaveMember
from engine.errors import UnknownNameError
from engine.state import Composite, State
from reports.cycle import Cycle
from workers.reporting import read_cycle

app = App(name="members")
CycleId = Annotated[str, Parameter(help="The id of the cycle or of its part, or the beginning of it.")]
Step = Annotated[
    str, Parameter(help="The for-each: its name, or its address where it runs in several places.")
]
Reason = Annotated[str, Parameter(help="Why; it is kept.")]


@app.command(name="list")
async def list_members(cycle: CycleId, /, *, options: ActingOptions = UNSAID) -> None:
    """List the members of every for-each that runs.

    Example: termwise members list moderation:2026-27:summer-1:writing
    """
    async with open_desk(options.as_) as desk:
        seen = await read_cycle(desk.records, await find_cycle(desk.records, cycle))
    rows = list(_rows(seen))
    if options.json:
        write_json({"members": rows})
    elif not rows:
        show("No for-each runs in it now.")
    else:
        shown = table("For each", "Member*", "State")
        for row in rows:
            shown.add_row(*(Text(str(row[name])) for name in ("address", "member", "state")))
        show(shown)


@app.command
async def add(
    cycle: CycleId,
    step: Step,
    /,
    *,
    set_: Pairs = (),
    reason: Reason,
    options: ActingOptions = UNSAID,
) -> None:
    """Add a member, with a value for each name that the for-each runs over.

    Example: termwise members add moderation cohorts --set school=hollins --set year_group=Y6 --reason "Joined in May"
    """
    async with sender(options) as here:
        values = {name: _value(text) for name, text in pairs(set_).items()}
        instance, address = await _running(here, cycle, step)
        command = JoinMember(id=NOT_YET, by=here.person.id, address=address, values=values, reason=reason)
        await here.send(instance, command, f"Added to {address} in {instance}.", address)


@app.command
async def remove(
    cycle: CycleId,
    step: Step,
    member: Annotated[str, Parameter(help="Its key; `termwise members list` has it.")],
    /,
    *,
    reason: Reason,
    options: ActingOptions = UNSAID,
) -> None:
    """Take a member out. What is open in it is withdrawn.

    Example: termwise members remove moderation cohorts hollins,Y6 --reason "No Year 6 this year"
    """
    async with sender(options) as here:
        instance, address = await _running(here, cycle, step)
        command = LeaveMember(id=NOT_YET, by=here.person.id, address=address, key=member, reason=reason)
        await here.send(instance, command, f"Taken out of {address} in {instance}: {member}.", address)


async def _running(here: Sender, cycle: str, step: str) -> tuple[str, str]:
    """The instance and the address at which this for-each runs. Raises UsageError where it does in several."""
    records = here.office.records
    seen = await read_cycle(records, await find_cycle(records, cycle))
    found = [
        (state.instance, address)
        for state, address, composite in _for_eaches(seen)
        if step in {address, composite.step}
    ]
    if len(found) > 1:
        places = ", ".join(f"{address} in {instance}" for instance, address in found)
        raise UsageError(f"{step} runs in several places; say which, by address and instance: {places}")
    if not found:
        known = {composite.step for _, _, composite in _for_eaches(seen)}
        raise UnknownNameError("running for-each", step, known)
    return found[0]


def _for_eaches(cycle: Cycle) -> Iterator[tuple[State, str, Composite]]:
    steps = cycle.world.program.steps
    for state in (cycle.root, *cycle.parts):
        for address, composite in sorted(state.composites.items()):
            node = steps.get(composite.step)  # None where it is what an event from outside began.
            if composite.open and node and node.kind == "for_each":
                yield state, address, composite


def _rows(cycle: Cycle) -> Iterator[dict[str, str]]:
    for state, address, composite in _for_eaches(cycle):
        for key in composite.items:
            finished = addresses.item(address, key) in composite.closed
            yield {
                "instance": state.instance,
                "address": address,
                "member": key,
                "state": "finished" if finished else "under way",
            }


def _value(text: str) -> JsonValue:
    """A text; a list or a map where it is written as JSON."""
    if text[:1] not in {"[", "{"}:
        return text
    try:
        found: JsonValue = json.loads(text)
    except ValueError as error:
        raise UsageError(f"cannot read {text!r} as JSON: {error}") from None
    return found
