"""How steps move the state: members, branches, rounds, and people who decide together."""

from immutables import Map
from pydantic import JsonValue

from engine import addresses
from engine.agenda import enter, leave
from engine.copying import replace
from engine.events import ForEachOpened, Item, Joined, MatterOpened, MemberJoined, MemberLeft, QuorumReached
from engine.state import Composite, State, Values, with_values


def for_each_opened(state: State, event: ForEachOpened) -> State:
    """The members are counted, each with values of its own."""
    scopes = state.scopes.mutate()
    for each in event.items:
        scopes[addresses.item(event.address, each.key)] = _own_values(each)
    here = addresses.scope_of(event.address)
    lists = state.lists.set(here, state.lists.get(here, Map()).set(event.step, event.address))
    state = replace(state, scopes=scopes.finish(), lists=lists)
    if event.until and event.items:
        state = replace(state, agenda=enter(state.agenda, event.until.at, (event.address, 0)))
    items = {each.key: each for each in event.items}
    opened = Composite(
        event.step, len(items), items, partial=event.partial, until=event.until, opened_at=event.at
    )
    return with_composite(state, event.address, opened)


def _own_values(member: Item) -> Values:
    own = {"school": member.school} if member.school else {}
    return Map({**own, **member.values})


def member_joined(state: State, event: MemberJoined) -> State:
    """One more takes part."""
    composite = state.composites[event.address]
    items = {**composite.items, event.item.key: event.item}
    block = addresses.item(event.address, event.item.key)
    state = replace(state, scopes=state.scopes.set(block, _own_values(event.item)))
    return with_composite(state, event.address, replace(composite, items=items, open=composite.open + 1))


def member_left(state: State, event: MemberLeft) -> State:
    """One takes part no more."""
    composite = state.composites[event.address]
    items = {key: each for key, each in composite.items.items() if key != event.key}
    return with_composite(
        state,
        event.address,
        replace(composite, items=items, open=composite.open - 1, left=composite.left | {event.key}),
    )


def joined(state: State, event: Joined) -> State:
    """The work goes on, without those that are not finished."""
    composite = state.composites[event.address]
    if composite.until:
        state = replace(state, agenda=leave(state.agenda, composite.until.at, (event.address, 0)))
    return with_composite(state, event.address, replace(composite, open=0))


def with_composite(state: State, address: str, composite: Composite) -> State:
    """A step made of steps stands so now."""
    return replace(state, composites=state.composites.set(address, composite))


def matter_opened(state: State, event: MatterOpened) -> State:
    """Steps begin beside all else."""
    block = addresses.item(event.address, event.item.key)
    before = state.composites.get(event.address, Composite(event.address, 0))
    items = {**before.items, event.item.key: event.item}
    beside, scopes = state.beside.set(block, None), state.scopes.set(block, _own_values(event.item))
    state = replace(state, beside=beside, scopes=scopes)
    return with_composite(state, event.address, replace(before, open=before.open + 1, items=items))


def step_finished(state: State, block: str) -> State:
    """A block of a step is finished."""
    if block in state.beside:
        state = replace(state, beside=state.beside.delete(block))
    owner = addresses.owner_of(block)
    composite = state.composites[owner]
    closed = composite.closed.set(block, None)
    return with_composite(state, owner, replace(composite, open=composite.open - 1, closed=closed))


def quorum_reached(state: State, event: QuorumReached) -> State:
    """Several people have decided: their name reads as what they decided."""
    composite, scope = state.composites[event.address], addresses.scope_of(event.address)
    last = composite.answers[-1] if composite.answers else None
    result: JsonValue = {
        **(last if isinstance(last, dict) else {}),
        "outcome": event.outcome,
        "tied": event.tied,
        "asked": len(composite.items),
        "answers": list(composite.answers),
        "earlier": list(decisions_before(state, event.step, event.address)),
    }
    state = with_composite(state, event.address, replace(composite, open=0))
    return with_values(state, scope, {event.step: result})


def decisions_before(state: State, step: str, address: str) -> list[dict[str, JsonValue]]:
    """What several people decided in the rounds before this one, in the same block, oldest first."""
    block = addresses.block_of(address)
    passes = (addresses.step(block, step, again) for again in range(1, addresses.again_of(address)))
    before = state.scopes.get(addresses.scope_of(address), Map()).get(step)
    if not isinstance(before, dict) or not any(each in state.composites for each in passes):
        return []
    earlier = before.get("earlier")
    last = {name: before.get(name) for name in ("round", "outcome", "by", "done", "reason")}
    return [
        *(each for each in (earlier if isinstance(earlier, list) else ()) if isinstance(each, dict)),
        last,
    ]
