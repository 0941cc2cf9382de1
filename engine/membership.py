"""Members come and go while a for-each runs."""

from collections.abc import Sequence

from pydantic import JsonValue

from engine import addresses
from engine.commands import JoinMember, LeaveMember
from engine.definition.model import ForEachStep
from engine.definition.program import Node
from engine.errors import InvalidInputError, RefusedError, UnknownNameError
from engine.events import Item, MemberJoined, MemberLeft
from engine.kinds import for_each
from engine.members import MAX_MEMBERS, member
from engine.reasons import given_reason
from engine.run import Run, rules_of
from engine.scope import Scope
from engine.state import Composite
from engine.who import require
from engine.withdrawing import withdraw


def join(run: Run, command: JoinMember) -> None:
    """Somebody or something more takes part, from the first step on."""
    _may_change(run, command.by)
    reason = given_reason(command.reason, "add a member")
    add(run, command.address, command.values, command.by, reason)


def add(run: Run, where: str, given: dict[str, JsonValue], by: str, reason: str) -> None:
    """As `join`, of whoever may: the member begins. Raises RefusedError."""
    address, node, spec = running(run, where)
    if problems := list(_wrong(spec, given)):
        raise InvalidInputError(problems)
    with rules_of(node, address):
        values = {name: given[name] for name in spec.over}
        new = _newcomer(node, run.scope(address), values, run.state.composites[address])
    items = run.state.composites[address].items
    if len(items) >= MAX_MEMBERS:
        raise RefusedError(f"{node.id!r} has {MAX_MEMBERS} members, which is the most there may be")
    if new.school:
        run.world.directory.school(new.school)
    run.emit(MemberJoined(at=run.at, by=by, address=address, step=node.id, item=new, reason=reason))
    for_each.begin_member(run, node, spec, address, new)


def _newcomer(node: Node, scope: Scope, values: dict[str, JsonValue], before: Composite) -> Item:
    """The member; one that had left has another key than before, for an address is never used again."""
    number = len(before.items) + len(before.left) + 1
    new = member(node, scope, values, number)
    came_back = new.key in before.left
    if any(new.key in {key, came_back and key.rpartition("+")[0]} for key in before.items):
        raise RefusedError(f"{new.key!r} takes part in {node.id!r} already")
    return new.model_copy(update={"key": f"{new.key}+{number}"}) if came_back else new


def leave(run: Run, command: LeaveMember) -> None:
    """A member takes part no more: what is open in it is withdrawn."""
    _may_change(run, command.by)
    reason = given_reason(command.reason, "take a member out")
    remove(run, command.address, [command.key], command.by, reason)


def remove(run: Run, where: str, keys: Sequence[str], by: str, reason: str) -> None:
    """As `leave`, of whoever may: what is open in the members is withdrawn. Raises RefusedError.

    Whether the others are enough is asked once, when all of them are out.
    """
    address, node, spec = running(run, where)
    composite = run.state.composites[address]
    for key in keys:
        if key not in composite.items:
            raise UnknownNameError(f"member of {node.id}", key, composite.items)
        if addresses.item(address, key) in composite.closed:
            raise RefusedError(f"{key!r} has finished {node.id!r} already; its results stay")
    withdraw(run, [addresses.item(address, key) for key in keys], reason)
    for key in keys:
        run.emit(MemberLeft(at=run.at, by=by, address=address, step=node.id, key=key, reason=reason))
    for_each.go_on_if_enough(run, node, spec, address)


def _may_change(run: Run, person: str) -> None:
    definition = run.world.program.definition
    require(run.world, (definition.owner, *definition.start_by), person, run.at, "change who takes part")


def running(run: Run, wanted: str) -> tuple[str, Node, ForEachStep]:
    """The for-each at this address, or the only one of this name that runs."""
    open_now = {
        address: node
        for address, composite in run.state.composites.items()
        if composite.open
        and (node := run.world.program.steps.get(composite.step))
        and node.kind == "for_each"
    }
    found = [address for address, node in open_now.items() if wanted in {address, node.id}]
    if len(found) > 1:
        raise RefusedError(f"{wanted!r} runs in several places; say which: {', '.join(sorted(found))}")
    if not found:
        raise UnknownNameError("running for-each", wanted, sorted(open_now))
    node = open_now[found[0]]
    if not isinstance(node.spec, ForEachStep):
        raise TypeError(node.kind)
    return found[0], node, node.spec


def _wrong(spec: ForEachStep, values: dict[str, JsonValue]) -> list[str]:
    known = ", ".join(spec.over)
    problems = [
        f"{name}: is missing; {spec.for_each} runs over {known}" for name in spec.over if name not in values
    ]
    return problems + [
        f"{name}: {spec.for_each} does not run over it; it runs over {known}"
        for name in values
        if name not in spec.over
    ]
