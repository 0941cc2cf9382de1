"""`for_each`: the same steps once for every member, all at the same time."""

from collections.abc import Iterable, Mapping

from engine import addresses
from engine.definition.compiling import Compiler, Known
from engine.definition.model import ForEachStep, SetStep
from engine.definition.names import Names, assigned_in
from engine.definition.problems import Path
from engine.definition.program import Node
from engine.events import TERMWISE, ChildStarted, ForEachOpened, Item, Joined, StepFinished
from engine.joins import needed
from engine.members import members
from engine.model import Model
from engine.opening import deadline_at
from engine.run import Run
from engine.value_types import TEXT, YES_NO, Type, list_of, maybe, record
from engine.withdrawing import withdraw


def compile_step(compiler: Compiler, node: Node, spec: ForEachStep, names: Known, path: Path) -> Known:
    """What its steps leave stays in its members; afterwards its name is the list of them."""
    texts, inner = compiler.texts, dict(names)
    for name, text in spec.over.items():
        where: Path = (*path, "over", name)
        compiler.assign(name, where)
        found = texts.expect(node.expressions, f"over.{name}", text, names, where)
        if texts.kind(found) not in {"list", "any"}:
            compiler.problems.add(where, f"expected a list, but {text!r} gives {found}")
        # Only a declared list is sure to have no null in it.
        inner[name] = found.member if text.strip() in compiler.definition.inputs else maybe(found.member)
    for part, given in (("key", spec.key), ("school", spec.school)):
        if given:
            texts.expect(node.expressions, part, given, inner, (*path, part))
    if is_partial(spec) and "finished" in {*spec.over, *assigned_in(spec.steps)}:
        compiler.problems.add_name(
            (*path, "for_each"), "'finished' is kept for whether a member is finished; choose another name"
        )
    if spec.until:
        node.due = texts.rule(spec.until, names, (*path, "until"))
    after = compiler.inside(node, spec.steps, inner, (*path, "steps"))
    return {**names, node.id: list_of(_member(spec, names, after))}


def _member(spec: ForEachStep, names: Names, after: Names) -> Type:
    """What a member reads as: its names, what its steps set, and their results."""
    own = {*spec.over, *assigned_in(spec.steps)}
    fields = {name: kind for name, kind in after.items() if name in own or name not in names}
    # Where it sets no value of its own, its steps read the one around it; but the member itself has none.
    sure = {*spec.over, *(name for step in spec.steps if isinstance(step, SetStep) for name in step.set)}
    fields = {
        name: maybe(kind) if name in names and name not in sure else kind for name, kind in fields.items()
    }
    if spec.run == "as child instances":
        # The lists of what ran inside a part stay in the part.
        fields = {name: kind for name, kind in fields.items() if name not in _inside(spec.steps)}
    if is_partial(spec):
        # Those that were withdrawn have come nowhere near all of it.
        fields = {name: kind if name in spec.over else maybe(kind) for name, kind in fields.items()}
        fields["finished"] = YES_NO
    ended = {"outcome": maybe(TEXT)} if spec.run == "as child instances" else {}
    return record(**{"school": maybe(TEXT), **ended, **fields})


def _inside(part: object) -> frozenset[str]:
    """The names of the for-eaches in these steps, however deep."""
    own = frozenset({part.for_each}) if isinstance(part, ForEachStep) else frozenset[str]()
    inside: Iterable[object] = ()
    if isinstance(part, Model):
        inside = (getattr(part, name) for name in type(part).model_fields)
    elif isinstance(part, Mapping):
        inside = part.values()
    elif isinstance(part, tuple):
        inside = part
    return own.union(*map(_inside, inside))


def is_partial(spec: ForEachStep) -> bool:
    """Whether it may go on before every member is finished."""
    return spec.join != "all" or spec.until is not None


def begin(run: Run, node: Node, spec: ForEachStep, address: str) -> None:
    """Count the members, and begin each: here, or as an instance of its own."""
    items = members(node, spec, run.scope(address))
    run.emit(
        ForEachOpened(
            at=run.at,
            by=TERMWISE,
            address=address,
            step=node.id,
            items=items,
            partial=is_partial(spec),
            until=deadline_at(run.world, run.scope(address), node, run.at) if spec.until else None,
        )
    )
    if not items:
        run.finish_step(address)
    for each in items:
        begin_member(run, node, spec, address, each)


def begin_member(run: Run, node: Node, spec: ForEachStep, address: str, member: Item) -> None:
    """Begin the steps of one member."""
    block = addresses.item(address, member.key)
    if spec.run == "as child instances":
        child = addresses.child(run.state.instance, block)
        run.emit(ChildStarted(at=run.at, by=TERMWISE, address=block, child=child, item=member))
    else:
        run.begin_block(node.blocks[0], block)


def inner_finished(run: Run, node: Node, spec: ForEachStep, address: str, block: str) -> None:
    """Go on when the last member is finished, or as many as must be."""
    run.emit(StepFinished(at=run.at, by=TERMWISE, address=block))
    go_on_if_enough(run, node, spec, address)


def go_on_if_enough(run: Run, node: Node, spec: ForEachStep, address: str) -> None:
    """Whether enough members are finished is asked whenever one is, and whenever one has left."""
    composite = run.state.composites[address]
    count = len(composite.items)
    done = count - composite.open
    if composite.open == 0 and not composite.until:
        run.finish_step(address)
    elif done >= needed(spec.join, count):
        _go_on(run, node, address, f"{done} of {count} are finished")


def time_came(run: Run, node: Node, spec: ForEachStep, address: str) -> None:
    """Its deadline has come: go on without those that are not finished."""
    del spec
    _go_on(run, node, address, "its deadline has come")


def _go_on(run: Run, node: Node, address: str, because: str) -> None:
    composite = run.state.composites[address]
    blocks = {key: addresses.item(address, key) for key in composite.items}
    missing = tuple(key for key, block in blocks.items() if block not in composite.closed)
    withdraw(run, [blocks[key] for key in missing], "the work went on without it")
    run.emit(Joined(at=run.at, by=TERMWISE, address=address, step=node.id, missing=missing, because=because))
    run.finish_step(address)
