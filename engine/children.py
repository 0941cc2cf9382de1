"""Between an instance and its children: the order that starts one, and the report of its end."""

from collections.abc import Iterator

from engine import addresses
from engine.commands import CancelProcess, EndChild, PassEvent, StartProcess, command_id
from engine.events import TERMWISE, EventRaised
from engine.kinds import on
from engine.scope import Scope
from engine.state import State
from engine.stops import key_of
from engine.world import World

#: What is done in the children too.
_PASSED = frozenset({on.STOP, on.START, on.DEFER, on.BRING_BACK, on.REASSIGN})


def order_of(state: State, world: World, child: str) -> StartProcess:
    """The command that starts an open child: our inputs, the member, and what its steps read of ours."""
    started, address = state.started, state.children[child]
    owner = addresses.owner_of(address)
    node = world.program.steps[addresses.name_of(owner)]
    member = state.composites[owner].items[addresses.key_of(address)]
    scope = Scope(state, addresses.step(address, node.id), world.calendar)
    read = {name: scope.value(name) for name in sorted(node.reads() - started.inputs.keys() - {"key"})}
    school = {"school": member.school} if member.school else {}
    return StartProcess(
        id=command_id(child, "start"),
        by=TERMWISE,
        instance=child,
        definition=started.definition,
        calendar=started.calendar,
        directory=started.directory,
        processes=started.processes,
        inputs=started.inputs,
        root=started.root,
        parent=started.instance,
        part=address,
        school=member.school,
        engine=started.engine,
        data={
            **{name: value for name, value in read.items() if value is not None},
            **school,
            **member.values,
        },
    )


def report_of(state: State) -> EndChild | None:
    """What an ended child tells its parent: the outcome, and the values its steps left."""
    started = state.started
    if started.parent is None or started.part is None or state.status == "running":
        return None
    given = {"key": started.instance, **started.inputs, **started.data}
    left = sorted(state.scopes[addresses.ROOT].items())
    values = {name: value for name, value in left if name not in given or value != given[name]}
    return EndChild(
        id=command_id(started.parent, "end-child", started.instance),
        by=TERMWISE,
        at=state.now,
        address=started.part,
        child=started.instance,
        outcome=state.outcome or state.status,
        values=values,
    )


def passed_on(state: State, event: EventRaised) -> Iterator[tuple[str, PassEvent]]:
    """What the open children are told of an event: those of the school, or all where it is about a person."""
    if event.do not in _PASSED:
        return
    stop = state.stops.get(key_of(event.event, event.subject))
    for child, address in sorted(state.children.items()):
        if event.of != "school" or _school_of(state, address) == event.subject:
            identity = command_id(child, "told", event.event, event.subject, event.do, event.at.isoformat())
            yield (
                child,
                PassEvent(
                    id=identity,
                    by=TERMWISE,
                    event=event.event,
                    reason=event.reason,
                    values={**event.values, event.of: event.subject},
                    raised_by=event.by,
                    until=stop.until if stop else None,
                ),
            )


def in_force(state: State, child: str) -> Iterator[PassEvent]:
    """What a child that begins is told: for which events its clock stands still already."""
    for stop in sorted(state.stops.values(), key=lambda each: (each.since, each.key)):
        if stop.person:
            continue  # A process of the same person stops its own.
        raised, _ = state.raised[stop.event, stop.school, on.STOP]
        yield from (command for name, command in passed_on(state, raised) if name == child)


def told_before(state: State) -> Iterator[tuple[str, PassEvent]]:
    """What a renewed run tells again, in order, to those who were there: each recognises what it heard before."""
    latest = sorted(state.raised.values(), key=lambda each: (each[0].at, each[0].event, each[0].subject))
    for event, there in latest:
        yield from ((child, command) for child, command in passed_on(state, event) if child in there)


def _school_of(state: State, address: str) -> str | None:
    items = state.composites[addresses.owner_of(address)].items
    member = items.get(addresses.key_of(address))
    return member.school if member else None


def unwanted(state: State) -> tuple[str, ...]:
    """The instances that are to be cancelled: what the work went on without, and all of a cancelled instance."""
    if state.status != "cancelled":
        return tuple(sorted(state.leaving))
    with_us = (child for child, run in state.runs.items() if run.cancel == "with parent")
    return tuple(sorted({*state.leaving, *state.children, *with_us}))


def cancellation_of(child: str) -> CancelProcess:
    """The command that cancels a child that is not wanted any more. Safe to repeat."""
    reason = "the cycle it is part of was cancelled, or went on without it"
    return CancelProcess(id=command_id(child, "cancelled with its parent"), by=TERMWISE, reason=reason)
